"""Whatever a lane does, nothing of it is left behind."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError
from raceway.measure.control import ending
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

    from support.lanes import OpenCase, StartLane, StartWith, Strays


needs_shell = pytest.mark.skipif(os.name == "nt", reason="needs a shell")
needs_signals = pytest.mark.skipif(os.name == "nt", reason="needs signals")


def content(folder: Path) -> list[Path]:
    return [*folder.iterdir()]


@needs_signals
@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("serial", "time.sleep(600)"),
        ("serial", "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"),
        ("threads", "time.sleep(600)"),
        ("processes-fork", "time.sleep(600)"),
        ("processes-spawn", "time.sleep(600)"),
        ("pool", "multiprocessing.parent_process() and os._exit(1)"),
    ],
)
async def test_a_lane_that_hangs_leaves_nothing_behind(
    start_with: StartWith, open_case: OpenCase, strays: Strays, model: str, body: str
) -> None:
    lane = await start_with(body)
    with pytest.raises(LaneError, match=r"^hung: no answer to 'open'"):
        await open_case(lane, model, timeout_s=0.3)

    await lane.end()

    assert strays() == []


@needs_signals
@pytest.mark.parametrize("model", ["serial", "processes-fork", "pool"])
async def test_a_lane_that_dies_leaves_nothing_behind(
    start_with: StartWith, open_case: OpenCase, strays: Strays, model: str
) -> None:
    lane = await start_with()
    await open_case(lane, model)
    lane.process.kill()
    with pytest.raises(LaneError, match="was killed by SIGKILL"):
        await lane.ask("go", PATIENCE_S, rounds=1, anchored=False)

    await lane.end()

    assert strays() == []


@pytest.mark.parametrize("model", ["serial", "threads", "processes-spawn"])
async def test_a_lane_that_quits_leaves_nothing_behind(
    start_with: StartWith, open_case: OpenCase, strays: Strays, model: str
) -> None:
    lane = await start_with()
    await open_case(lane, model)

    await lane.quit()

    assert strays() == []


DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"


@needs_signals
@pytest.mark.parametrize("alone", [False, True], ids=["in-its-group", "in-its-own-session"])
async def test_children_that_tasks_started_end_with_their_lane(
    start_with: StartWith, open_case: OpenCase, strays: Strays, *, alone: bool
) -> None:
    lane = await start_with(
        f"subprocess.Popen([sys.executable, '-c', {DEAF!r}], start_new_session={alone})"
    )
    await open_case(lane)

    await lane.quit()

    assert strays() == []


@needs_signals
async def test_a_child_started_while_a_lane_ends_ends_too(
    start_with: StartWith, open_case: OpenCase, strays: Strays
) -> None:
    lane = await start_with(
        f"import atexit; atexit.register(subprocess.Popen, [sys.executable, '-c', {DEAF!r}])"
    )
    await open_case(lane)

    await lane.quit()

    assert strays() == []


async def test_without_process_groups_all_processes_are_ended_one_by_one(
    start_with: StartWith, open_case: OpenCase, strays: Strays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(ending.os, "killpg", raising=False)
    lane = await start_with("time.sleep(600)")
    with pytest.raises(LaneError, match=r"^hung"):
        await open_case(lane, "processes-spawn", timeout_s=0.3)

    await lane.end()

    assert strays() == []


async def test_a_lane_that_quit_twice_stays_quit(start: StartLane, strays: Strays) -> None:
    lane = await start()
    await lane.quit()

    await lane.quit()

    assert strays() == []


async def test_a_folder_that_is_not_a_lanes_is_not_removed(
    start: StartLane, tmp_path: Path
) -> None:
    lane = await start()
    (tmp_path / "precious").mkdir()
    lane.folder = str(tmp_path / "precious")

    await lane.quit()

    assert content(tmp_path) == [tmp_path / "precious"]
