"""Questions to real lanes, and what becomes of lanes that misbehave."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

    from support.lanes import OpenCase, StartLane, StartWith


needs_shell = pytest.mark.skipif(os.name == "nt", reason="needs a shell")
needs_signals = pytest.mark.skipif(os.name == "nt", reason="needs signals")


async def test_a_lane_tells_the_facts_of_its_interpreter(start: StartLane) -> None:
    assert (await start()).facts["version_info"] == list(sys.version_info[:2])


async def test_a_lane_unpacks_into_a_folder_of_its_own(start: StartLane, temporary: Path) -> None:
    lane = await start()

    assert lane.folder.parent.parent == temporary
    assert (lane.folder / "raceway").is_dir()


async def test_a_case_is_raced_from_opening_to_closing(
    start_with: StartWith, open_case: OpenCase
) -> None:
    lane = await start_with()
    await open_case(lane)
    warm = await lane.ask("warm", PATIENCE_S, round_s=0.0001, warm_s=0.0001)
    reply = await lane.ask("go", PATIENCE_S, rounds=3, anchored=True)
    await lane.ask("close", PATIENCE_S)

    assert len(reply["rounds_ns"]) == len(reply["anchors_ns"]) == 3
    assert warm["loops"] > 1


async def test_an_error_inside_is_the_reason(start_with: StartWith, open_case: OpenCase) -> None:
    lane = await start_with("raise ValueError('bad luck')")

    with pytest.raises(LaneError, match=r"^ValueError: bad luck \(mine\.py:\d+ in task\)$"):
        await open_case(lane)


async def test_a_lane_survives_an_error_inside(start_with: StartWith, open_case: OpenCase) -> None:
    lane = await start_with()
    with pytest.raises(LaneError):
        await lane.ask("dance", PATIENCE_S)

    await open_case(lane)


async def test_an_endless_excuse_is_cut(start_with: StartWith, open_case: OpenCase) -> None:
    lane = await start_with("raise ValueError('x' * 10**8)")

    with pytest.raises(LaneError, match=r"^ValueError: x{400,500}… \(mine\.py:\d+ in task\)$"):
        await open_case(lane)


@needs_signals
@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("os._exit(7)", "^the lane exited with code 7$"),
        ("print('last words', file=sys.stderr, flush=True); os._exit(7)", "code 7: last words$"),
        ("ctypes.string_at(0)", "^the lane was killed by SIGSEGV"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "^the lane was killed by SIGKILL$"),
        ("os.closerange(3, 256)", "^the lane exited with code"),
    ],
)
async def test_a_lane_that_dies_says_how(
    start_with: StartWith, open_case: OpenCase, body: str, complaint: str
) -> None:
    lane = await start_with(body)

    with pytest.raises(LaneError, match=complaint):
        await open_case(lane)


async def test_a_lane_that_hangs_says_so(start_with: StartWith, open_case: OpenCase) -> None:
    lane = await start_with("time.sleep(600)")

    with pytest.raises(LaneError, match=r"^hung: no answer to 'open' within 0.2 s; ended"):
        await open_case(lane, timeout_s=0.2)


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("serial", "print('x' * 3_000_000)"),
        ("serial", "print('x' * 3_000_000, file=sys.stderr)"),
        ("serial", "print(sys.stdin.read())"),
        ("processes-spawn", "os.write(1, b'{}\\n' * 100_000)"),
        ("processes-spawn", "os.read(0, 99)"),
    ],
    ids=["prints", "complains", "asks", "writes-in-a-worker", "reads-in-a-worker"],
)
async def test_what_tasks_print_or_read_does_not_disturb(
    start_with: StartWith, open_case: OpenCase, model: str, body: str
) -> None:
    lane = await start_with(body)
    await open_case(lane, model)

    assert len((await lane.ask("go", PATIENCE_S, rounds=2, anchored=False))["rounds_ns"]) == 2


@pytest.mark.parametrize("model", ["serial", "processes-spawn"])
async def test_libraries_get_one_thread_each(
    start_with: StartWith, open_case: OpenCase, model: str
) -> None:
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    lane = await start_with(f"assert [os.environ[name] for name in {names}] == ['1'] * 3")

    await open_case(lane, model)


async def test_files_of_users_may_import_their_neighbours_in_a_lane(
    start_with: StartWith, open_case: OpenCase, tmp_path: Path
) -> None:
    (tmp_path / "its_neighbour.py").write_text("FACTOR = 1")
    lane = await start_with("import its_neighbour; number *= its_neighbour.FACTOR")

    await open_case(lane, "processes-spawn")
