from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.measure.control.lanes import attended
from raceway.measure.scratch.reaper import Reaper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.lanes import StillRunning


pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs process groups")

SLEEP = "import time; time.sleep(600)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); {SLEEP}"

BUSY_CONTROLLER = """
import asyncio, sys
from raceway.plan.catalogue import discover
from raceway.measure.control.client import start_lane
from raceway.measure.control.lanes import attended
from raceway.measure.control.bootstrap import bundle
from pathlib import Path

async def main():
    known = discover([Path(sys.argv[1])])
    async with attended() as reaper:
        lane = await start_lane("lane", [sys.executable], bundle(known.files), [], reaper)
        await lane.ask("prepare", 60, workload="mine", size="few", device="cpu")
        opening = asyncio.create_task(
            lane.ask("open", 600, model=sys.argv[2], workers=2, reference=False, audit=False)
        )
        while not Path(sys.argv[3]).exists():
            await asyncio.sleep(0.01)
        print("busy", flush=True)
        await opening

asyncio.run(main())
"""
DEAF_TASK = """
import signal, time
from pathlib import Path
def task(mark):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(mark).touch()
    time.sleep(600)
WORKLOAD = Workload(summary="", kind=Kind.CPU, task=task, expected=str, sizes={"few": [MARK] * 2})
"""


def content(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def group() -> Iterator[subprocess.Popen[bytes]]:
    """Return a process in a group of its own that ends only when it is killed."""
    with subprocess.Popen(
        [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout
        process.stdout.readline()
        yield process
        process.kill()


async def test_a_group_still_watched_is_ended_with_the_controller(
    group: subprocess.Popen[bytes],
) -> None:
    async with attended() as reaper:
        reaper.watch(group.pid)

    assert group.wait(60) == -signal.SIGKILL


async def test_a_group_that_was_forgotten_is_left_alone(group: subprocess.Popen[bytes]) -> None:
    async with attended() as reaper:
        reaper.watch(group.pid)
        reaper.forget(group.pid)

    assert group.poll() is None


async def test_a_group_that_is_gone_already_does_no_harm(group: subprocess.Popen[bytes]) -> None:
    async with attended() as reaper:
        reaper.watch(2**22 + 1)
        reaper.watch(group.pid)

    assert group.wait(60) == -signal.SIGKILL


async def test_a_reaper_that_was_killed_is_not_missed(group: subprocess.Popen[bytes]) -> None:
    async with attended() as reaper:
        assert reaper.process
        reaper.process.kill()
        reaper.process.wait()

        reaper.watch(group.pid)

    assert group.poll() is None


async def test_a_system_without_groups_has_no_reaper(
    group: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    reaper = Reaper.start()

    reaper.watch(group.pid)
    reaper.dismiss()

    assert (reaper.process, group.poll()) == (None, None)


@pytest.mark.parametrize("model", ["serial", "processes-fork"])
def test_a_controller_that_is_killed_leaves_nothing_behind(
    tmp_path: Path, temporary: Path, still_running: StillRunning, model: str
) -> None:
    mark, workload = tmp_path / "busy", tmp_path / "mine.py"
    source = DEAF_TASK.replace("MARK", repr(str(mark)))
    workload.write_text(f"from raceway.case import Kind, Workload\n{source}")
    command = [sys.executable, "-c", BUSY_CONTROLLER, workload, model, mark]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as controller:
        assert controller.stdout
        assert controller.stdout.readline() == b"busy\n"
        family = psutil.Process(controller.pid).children(recursive=True)
        assert any(temporary.glob("raceway-*/*/raceway"))

        controller.kill()
        controller.communicate()

    assert still_running(family) == []
    assert content(temporary) == []
