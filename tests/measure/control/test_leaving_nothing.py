"""Whatever a lane does, nothing of it is left behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError
from raceway.measure.control import ending
from raceway.measure.scratch.reaping import MARK
from support.lanes import PATIENCE_S, TASK

if TYPE_CHECKING:
    from support.brought import Bring
    from support.lanes import OpenCase, StartLane, StartWith, Strays


needs_shell = pytest.mark.skipif(os.name == "nt", reason="needs a shell")
needs_signals = pytest.mark.skipif(os.name == "nt", reason="needs signals")


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


DAEMON = """if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.closerange(0, 256)
            time.sleep(600)
        os._exit(0)
    time.sleep(0.1)"""
"""Two forks and a session of its own."""


@needs_signals
@pytest.mark.parametrize("model", ["serial", "threads", "asyncio", "processes-fork"])
async def test_a_task_that_leaves_a_daemon_is_found_out(
    start_with: StartWith, open_case: OpenCase, strays: Strays, model: str
) -> None:
    lane = await start_with(DAEMON)
    await open_case(lane, model)

    left = (await lane.ask("close", PATIENCE_S))["left_behind"]
    await lane.end()

    assert left
    assert all("(process " in each for each in left)
    assert strays() == []


@needs_signals
async def test_a_daemon_of_a_lane_that_died_ends_too(
    start_with: StartWith, open_case: OpenCase, strays: Strays
) -> None:
    lane = await start_with(f"{DAEMON}; os._exit(7)")
    with pytest.raises(LaneError, match="exited with code 7"):
        await open_case(lane)

    await lane.end()

    assert strays() == []


@needs_signals
@pytest.mark.parametrize("model", ["serial", "processes-fork", "processes-spawn", "pool"])
async def test_a_model_that_stopped_its_workers_has_left_nothing(
    start_with: StartWith, open_case: OpenCase, model: str
) -> None:
    lane = await start_with()
    await open_case(lane, model)

    assert (await lane.ask("close", PATIENCE_S))["left_behind"] == []


@needs_signals
async def test_what_a_workload_sets_up_lives_until_its_lane_ends(
    bring: Bring, start: StartLane, open_case: OpenCase, strays: Strays
) -> None:
    source = TASK.format(body="assert SERVER.poll() is None")
    lane = await start(
        bring(
            "import os, subprocess, sys\n"
            f"if {MARK!r} in os.environ:\n"
            f"    deaf = [sys.executable, '-c', {DEAF!r}]\n"
            f"    SERVER = subprocess.Popen(deaf, start_new_session=True)\n"
            f"{source}"
        )
    )
    await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
    await open_case(lane)
    left = (await lane.ask("close", PATIENCE_S))["left_behind"]
    await lane.quit()

    assert (left, strays()) == ([], [])


SEMAPHORES = Path("/dev/shm")  # noqa: S108 (where Linux keeps them)


def semaphores_called(name: str) -> list[Path]:
    """Return the files of multiprocessing's semaphores with this prefix."""
    return [*SEMAPHORES.glob(f"sem.{name}-*")]


@pytest.mark.skipif(not SEMAPHORES.is_dir(), reason="needs Linux")
@pytest.mark.parametrize("model", ["processes-spawn", "processes-forkserver"])
@pytest.mark.parametrize("how", ["hangs", "dies"])
async def test_the_semaphores_of_workers_that_were_killed_are_removed(
    bring: Bring, start: StartLane, open_case: OpenCase, model: str, how: str
) -> None:
    name = f"mine{os.getpid()}{model[10:]}{how}"
    named = f"multiprocessing.current_process()._config['semprefix'] = '/{name}'"
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    lane = await start(bring(f"import multiprocessing\n{named}\n{TASK.format(body=deaf)}"))
    await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
    with pytest.raises(LaneError):
        await open_case(lane, model, timeout_s=5.0)
    before = semaphores_called(name)
    if how == "dies":
        lane.process.kill()

    await lane.end()

    assert before
    assert semaphores_called(name) == []


@needs_signals
async def test_a_lane_leaves_once_all_that_tasks_registered_is_done(
    start_with: StartWith, open_case: OpenCase, tmp_path: Path
) -> None:
    done, late = tmp_path / "done", tmp_path / "late"
    lane = await start_with(
        "import atexit, pathlib\n"
        f"    atexit.register(pathlib.Path({str(done)!r}).touch)\n"
        f"    held = {{'__del__': lambda _: pathlib.Path({str(late)!r}).touch()}}\n"
        "    kept = sys.modules.get('kept') or type('Kept', (), held)()\n"
        "    sys.modules['kept'] = kept"
    )
    await open_case(lane)

    await lane.quit()

    assert (done.exists(), late.exists()) == (True, False)
    assert lane.process.returncode == 0
