"""Real lanes, what they leave behind, and how tests ask for both."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import psutil

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.measure.control.client import LaneClient
    from raceway.measure.scratch.reaper import Reaper
    from raceway.plan.catalogue import Catalogue

PATIENCE_S = 60.0
"""How long a lane may take for what takes no time."""
TASK = """
import ctypes, multiprocessing, os, signal, subprocess, sys, time
def task(number):
    {body}
    return number
WORKLOAD = Workload(summary='', kind=Kind.CPU, task=task, expected=int, sizes={{'few': (1, 2)}})
"""

BringTask: TypeAlias = "Callable[[str], Catalogue]"
StartWith: TypeAlias = "Callable[..., Awaitable[LaneClient]]"
OpenCase: TypeAlias = Callable[..., Awaitable[Any]]
StillRunning: TypeAlias = Callable[[Sequence[psutil.Process]], list[psutil.Process]]
Strays: TypeAlias = Callable[[], list[str]]


class StartLane(Protocol):
    """How tests start a lane."""

    async def __call__(
        self, catalogue: Catalogue | None = ..., command: Sequence[str] = ...
    ) -> LaneClient:
        """Return a lane that knows the catalogue, by default what is built in."""


def left_behind(reaper: Reaper, temporary: Path) -> list[str]:
    """Return what lanes have left behind: processes, unpacked code.

    Processes are told by their environment, so that orphans are found too, and get a while to
    end.
    """

    def of_a_lane(process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            is_reaper = reaper.process is not None and process.pid == reaper.process.pid
            return not is_reaper and str(temporary) in process.environ().get("TMPDIR", "")
        return False

    deadline_s = time.monotonic() + PATIENCE_S
    while running := list(filter(of_a_lane, psutil.process_iter())):
        if time.monotonic() > deadline_s:
            break
        psutil.wait_procs(running, timeout=0.05)
    return [*map(str, running), *(folder.name for folder in temporary.glob("raceway-*/*"))]


def runs(process: psutil.Process) -> bool:
    """Tell whether a process has not ended; one that nobody has waited for has."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def still_running(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Give processes a while to end, and return those that do not."""
    deadline_s = time.monotonic() + PATIENCE_S
    while any(map(runs, processes)) and time.monotonic() < deadline_s:
        psutil.wait_procs(processes, timeout=0.05)
    return [process for process in processes if runs(process)]
