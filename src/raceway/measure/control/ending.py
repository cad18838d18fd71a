"""Ending a lane with all it started, and telling when it is gone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence

END_GRACE_S = 1.0
"""Between asking a process group to end and ending it."""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
"""Windows has only one way to end a process."""


async def ended(process: asyncio.subprocess.Process) -> None:
    """Wait until the process itself has ended, whoever still holds its pipes."""
    while process.returncode is None:  # noqa: ASYNC110 (wait() also waits for the pipes)
        await asyncio.sleep(0.005)


def family_of(pid: int) -> list[psutil.Process]:
    """Return a lane's process and all below it, those that left its group too."""
    try:
        lane = psutil.Process(pid)
        return [lane, *lane.children(recursive=True)]
    except psutil.Error:
        return []


def signal_all(pid: int, family: Sequence[psutil.Process], number: int) -> None:
    """Signal the lane's group, and every known process of the lane that is outside it."""
    with contextlib.suppress(OSError, AttributeError):
        os.killpg(pid, number)
    for process in family:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)


async def gone(process: asyncio.subprocess.Process, family: Sequence[psutil.Process]) -> bool:
    """Wait a little for the lane and its family to end; tell whether they have."""
    deadline_s = asyncio.get_running_loop().time() + END_GRACE_S
    while asyncio.get_running_loop().time() < deadline_s:
        if process.returncode is not None and not any(map(running, family)):
            return True
        await asyncio.sleep(0.005)
    return False


def running(process: psutil.Process) -> bool:
    """Whether a process still runs; one that only waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def signal_name(number: int) -> str:
    """Return SIGSEGV for 11; the number itself where the system has no name for it."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
