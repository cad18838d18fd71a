"""CPU time and memory of a process and all its descendants, from Linux's /proc.

Standard library only; None means unknown.
"""

from __future__ import annotations

import os
import time

PROC = "/proc"
CPUCLOCK_SCHED = 2
"""Linux encodes the CPU-time clock of another process as (~pid << 3) | CPUCLOCK_SCHED."""
RESET_PEAK = "5"
"""Written to /proc/PID/clear_refs, it resets the peak resident size (proc(5))."""


def descendants(pid: int) -> list[int]:
    """Return `pid` and all its descendants; only `pid` if they are unknown."""
    family = [pid]
    for member in family:
        try:
            for thread in os.scandir(f"{PROC}/{member}/task"):
                family.extend(map(int, text_of(f"{thread.path}/children").split()))
        except OSError:
            continue
    return family


def cpu_s() -> float | None:
    """Return the CPU seconds of this process and its living descendants so far."""
    if not os.path.isdir(PROC):  # noqa: PTH112 (pathlib takes 10 ms to import)
        return time.process_time() if os.name != "nt" else None
    total = 0.0
    for pid in descendants(os.getpid()):
        try:
            total += time.clock_gettime((~pid << 3) | CPUCLOCK_SCHED)
        except OSError:
            continue
    return total


def queue_s() -> float | None:
    """Return the seconds in which threads of the family were ready to run but had no CPU.

    From /proc/PID/task/TID/schedstat; None if unknown.
    """
    total_ns, told = 0, False
    for pid in descendants(os.getpid()):
        try:
            for thread in os.scandir(f"{PROC}/{pid}/task"):
                total_ns += int(text_of(f"{thread.path}/schedstat").split()[1])
                told = True
        except (OSError, IndexError, ValueError):
            continue
    return total_ns / 1e9 if told else None


def reset_peak_memory() -> None:
    """Reset this process's peak, so that no case inherits another's."""
    try:
        with open(f"{PROC}/self/clear_refs", "w", encoding="ascii") as file:  # noqa: PTH123 (as above)
            file.write(RESET_PEAK)
    except OSError:
        return


def peak_memory_bytes() -> int | None:
    """Return the sum of peak resident sizes; shared pages count in each process."""
    total = 0
    for pid in descendants(os.getpid()):
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
