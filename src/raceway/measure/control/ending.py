"""Ending a lane with all its processes, and noticing when they are gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from raceway.measure.lane.tree import descendants
from raceway.measure.scratch.reaping import is_tracker, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

END_GRACE_S = 1.0
"""From SIGTERM to SIGKILL."""
LISTED = Path("/proc/thread-self/children")
"""Where Linux lists children; without it psutil has to read every process of the system."""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows lacks SIGKILL


async def ended(process: asyncio.subprocess.Process) -> None:
    """Wait until the process itself has ended, even if others still hold its pipes."""
    while process.returncode is None:  # noqa: ASYNC110 (wait() also waits for the pipes)
        await asyncio.sleep(0.005)


def family_of(pid: int) -> list[psutil.Process]:
    """Return a lane's process and its descendants, even those that left its group."""
    try:
        lane = psutil.Process(pid)
        if not LISTED.exists():
            return [lane, *lane.children(recursive=True)]
    except psutil.Error:
        return []
    return [lane, *processes_of(descendants(pid)[1:])]


def orphans_in(folder: Path) -> list[psutil.Process]:
    """Return the processes that a lane with this folder started, even if it died before them."""
    return processes_of(marked(str(folder)))


def processes_of(pids: Iterable[int]) -> list[psutil.Process]:
    """Return those that still exist."""
    found = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            found.append(psutil.Process(pid))
    return found


def workers_in(family: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Return all but the trackers, which remove the semaphores of workers that have ended."""
    return [process for process in family if not is_tracker(process.pid)]


def signal_all(pid: int, family: Sequence[psutil.Process], number: int) -> None:
    """Signal the lane's group and all its known processes, even outside the group."""
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(pid, number)
    signal_each(family, number)


def signal_each(family: Sequence[psutil.Process], number: int) -> None:
    """Signal these processes alone."""
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)


async def gone(process: asyncio.subprocess.Process, family: Sequence[psutil.Process]) -> bool:
    """Wait up to END_GRACE_S for the lane and its family to end; return whether they have."""
    deadline_s = asyncio.get_running_loop().time() + END_GRACE_S
    while asyncio.get_running_loop().time() < deadline_s:
        if process.returncode is not None and not any(map(running, family)):
            return True
        await asyncio.sleep(0.005)
    return False


def running(process: psutil.Process) -> bool:
    """Whether a process still runs; zombies do not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def signal_name(number: int) -> str:
    """Return SIGSEGV for 11; the number if it has no name here."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
