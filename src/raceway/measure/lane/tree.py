"""A process and all its descendants: their CPU time, their memory, and those left behind.

From Linux's /proc.

Standard library only; None means unknown.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

PROC = "/proc"
CORE_FIELD = 36
"""Where /proc/PID/stat tells the core, counted from the state on."""
CPUCLOCK_SCHED = 2
"""Linux encodes the CPU-time clock of another process as (~pid << 3) | CPUCLOCK_SCHED."""
PR_SET_CHILD_SUBREAPER = 36
"""For prctl(2)."""
HELPERS = ("multiprocessing.forkserver", "resource_tracker")
"""In the command lines of what multiprocessing and joblib keep until their parent ends."""
ENDING_S = 0.5
"""For processes that were told to end."""
LONGEST_COMMAND = 80
RESET_PEAK = "5"
"""Written to /proc/PID/clear_refs, it resets the peak resident size (proc(5))."""


def descendants(pid: int, without: Collection[int] = ()) -> list[int]:
    """Return `pid` and all its descendants; only `pid` if they are unknown.

    Leave out those of `without`, and what descends from them.
    """
    family = [pid]
    for member in family:
        for thread in threads_of(member):
            with suppress(OSError):
                children = map(int, text_of(f"{thread}/children").split())
                family.extend(child for child in children if child not in without)
    return family


def threads_of(pid: int) -> list[str]:
    """Return the folders of a process's threads in /proc; none if it is gone."""
    tasks = f"{PROC}/{pid}/task"
    try:
        return [f"{tasks}/{thread}" for thread in os.listdir(tasks)]  # noqa: PTH208 (pathlib takes 10 ms to import)
    except OSError:
        return []


def adopt_orphans() -> None:
    """Become the parent of all orphans below, whatever session they moved to, where possible."""
    if sys.platform != "linux":
        return
    with suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415 (not everywhere)

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def left_running(known: Collection[int], without: Collection[int] = ()) -> list[str]:
    """Return what still runs of this process's descendants, after a while in which it may end.

    Known ones do not count, nor do the helpers of multiprocessing, which outlive its pools, nor
    those of `without` and what descends from them.
    """
    deadline_s = time.monotonic() + ENDING_S
    mine = os.getpid()
    while left := [pid for pid in descendants(mine, without)[1:] if pid not in known and runs(pid)]:
        if time.monotonic() > deadline_s:
            break
        time.sleep(0.01)
    return [f"{command_of(pid)[:LONGEST_COMMAND]} (process {pid})" for pid in left]


def runs(pid: int) -> bool:
    """Whether a process is neither a zombie nor a helper."""
    try:
        state = text_of(f"{PROC}/{pid}/stat").rpartition(") ")[2][:1]
    except OSError:
        return False
    return state not in "ZX" and not any(helper in command_of(pid) for helper in HELPERS)


def command_of(pid: int) -> str:
    """Return a process's command line; empty if unknown."""
    try:
        return " ".join(text_of(f"{PROC}/{pid}/cmdline").split("\0")).strip()
    except OSError:
        return ""


def used_s(without: Collection[int] = ()) -> tuple[float | None, float | None]:
    """Return the CPU seconds, and those in the queue for a CPU, of this process's family so far."""
    family = descendants(os.getpid(), without)
    return cpu_s(family), queue_s(family)


def cpu_s(family: Sequence[int] | None = None) -> float | None:
    """Return the CPU seconds of some living processes so far: this one and its descendants."""
    if not os.path.isdir(PROC):  # noqa: PTH112 (pathlib takes 10 ms to import)
        return time.process_time() if os.name != "nt" else None
    total = 0.0
    for pid in family or descendants(os.getpid()):
        try:
            total += time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED)
        except OSError:
            continue
    return total


def queue_s(family: Sequence[int] | None = None) -> float | None:
    """Return the seconds in which threads of these processes were ready to run but had no CPU.

    From /proc/PID/task/TID/schedstat; None if unknown.
    """
    total_ns, told = 0, False
    for pid in family or descendants(os.getpid()):
        for thread in threads_of(pid):
            with suppress(OSError, IndexError, ValueError):
                total_ns += int(text_of(f"{thread}/schedstat").split()[1])
                told = True
    return total_ns / 1e9 if told else None


def core() -> int | None:
    """Return the core that this process's main thread ran on last; None if unknown (proc(5))."""
    try:
        return int(text_of(f"{PROC}/self/stat").rpartition(") ")[2].split()[CORE_FIELD])
    except (OSError, IndexError, ValueError):
        return None


def reset_peak_memory() -> None:
    """Reset this process's peak, so that no case inherits another's."""
    try:
        with open(f"{PROC}/self/clear_refs", "w", encoding="ascii") as file:  # noqa: PTH123 (as above)
            file.write(RESET_PEAK)
    except OSError:
        return


def peak_memory_bytes(without: Collection[int] = ()) -> int | None:
    """Return the sum of peak resident sizes; shared pages count in each process."""
    total = 0
    for pid in descendants(os.getpid(), without):
        try:
            status = text_of(f"{PROC}/{pid}/status")
        except OSError:
            continue
        total += sum(
            int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")
        )
    return total or None


def text_of(path: str) -> str:
    """Return the content of a file of /proc."""
    with open(path, encoding="ascii", errors="replace") as file:  # noqa: PTH123 (as above)
        return file.read()
