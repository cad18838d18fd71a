"""Whether there are enough resources for processes, threads and payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.grading import Bounds
from raceway.doctor.checks.states import finding_of, not_told, state_by
from raceway.doctor.facts import UNLIMITED
from raceway.doctor.findings import Check, Finding, State
from raceway.text import numbers

if TYPE_CHECKING:
    from raceway.doctor.facts import Resources

MIB = 2**20
PER_WORKER_BOUNDS = Bounds(512 * MIB, 128 * MIB)
"""Memory per worker: a process with torch needs about 300 MiB, one without about 30."""
SWAPPED_BYTES = 64 * MIB
"""Beyond this, a round may need memory that is on disk."""
SHARED_BYTES = 256 * MIB
"""Container runtimes give 64 MiB by default."""
ENOUGH_FILES = 4_096
TASKS_BOUNDS = Bounds(2_048, 64)
"""Thread pools of a thousand are raced."""


def start_methods(resources: Resources) -> Finding:
    """Tell how processes can be started, if at all."""
    if resources.semaphores:
        return Finding(Check.PROCESSES, State.OK, ", ".join(resources.start_methods))
    return Finding(
        Check.PROCESSES,
        State.BAD,
        "locks between processes cannot be created",
        "ProcessPoolExecutor and multiprocessing.Pool fail: only threads and asyncio can race.",
        "Give the container a writable /dev/shm, and Python semaphores (sem_open).",
    )


def memory(resources: Resources, usable_cores: int) -> Finding:
    """Tell whether there is memory for a process on each core."""
    if resources.available_bytes is None:
        return not_told(Check.MEMORY)
    limit = resources.memory_limit_bytes
    within = f", within a limit of {numbers.short_memory(limit)}" if limit is not None else ""
    seen = f"{numbers.short_memory(resources.available_bytes)} available{within}"
    workers = numbers.count(usable_cores, "worker")
    return finding_of(
        Check.MEMORY,
        state_by(PER_WORKER_BOUNDS, resources.available_bytes / usable_cores),
        seen,
        f"{workers} that import torch or take large payloads do not fit: they are swapped out or "
        "killed, and their case fails.",
        "Free memory, raise the limit (docker --memory), or race with fewer workers.",
    )


def swap(resources: Resources) -> Finding:
    """Tell whether something is swapped out."""
    if resources.swap_used_bytes is None:
        return not_told(Check.SWAP)
    in_use = numbers.short_memory(resources.swap_used_bytes)
    if resources.swap_used_bytes <= SWAPPED_BYTES:
        used = (
            numbers.short_memory(resources.swap_used_bytes) if resources.swap_used_bytes else "none"
        )
        return Finding(Check.SWAP, State.OK, f"{used} in use")
    return Finding(
        Check.SWAP,
        State.WARN,
        f"{in_use} in use",
        "Memory is or was short: a round that needs what was swapped out waits for the disk.",
        "Stop what uses the memory; then sudo swapoff -a && sudo swapon -a brings it all back.",
    )


def shared_memory(resources: Resources) -> Finding:
    """Tell whether payloads fit in shared memory."""
    if resources.shared_memory_bytes is None:
        return not_told(Check.SHARED_MEMORY)
    seen = f"{numbers.short_memory(resources.shared_memory_bytes)} free"
    if resources.shared_memory_bytes >= SHARED_BYTES:
        return Finding(Check.SHARED_MEMORY, State.OK, seen)
    return Finding(
        Check.SHARED_MEMORY,
        State.WARN,
        f"{seen} in /dev/shm",
        "A process that shares more than this is killed (bus error).",
        "Give the container more (docker --shm-size=1g), or delete old files in /dev/shm.",
    )


def open_files(resources: Resources) -> Finding:
    """Tell whether thousands of connections can be open."""
    if resources.open_files is None:
        return not_told(Check.OPEN_FILES)
    if resources.open_files >= ENOUGH_FILES:
        return Finding(Check.OPEN_FILES, State.OK, _limit(resources.open_files))
    raised = min(ENOUGH_FILES, resources.open_files_ceiling or ENOUGH_FILES)
    return Finding(
        Check.OPEN_FILES,
        State.WARN,
        f"at most {resources.open_files:,} per process",
        "A connection within one process takes two: a thousand at once fail with 'Too many open "
        "files'.",
        f"ulimit -n {raised}, in the shell that starts the race."
        if raised > resources.open_files
        else "Ask the administrator to raise the hard limit (limits.conf, docker --ulimit).",
    )


def process_limit(resources: Resources) -> Finding:
    """Tell whether a thousand threads can be started."""
    if resources.tasks is None:
        return not_told(Check.TASKS)
    state = state_by(TASKS_BOUNDS, resources.tasks)
    if state is State.OK:
        return Finding(Check.TASKS, state, _limit(resources.tasks))
    return Finding(
        Check.TASKS,
        state,
        f"{numbers.count(resources.tasks, 'process')} and threads may be started",
        "Larger pools fail with 'can't start new thread' or 'Resource temporarily unavailable'.",
        "ulimit -u 4096; in a container, raise the limit of processes (docker --pids-limit).",
    )


def _limit(number: int) -> str:
    return "no limit" if number == UNLIMITED else f"up to {number:,}"
