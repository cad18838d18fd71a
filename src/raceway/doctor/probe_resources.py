"""What processes, threads and payloads may use here; None if unknown."""

from __future__ import annotations

import multiprocessing
import shutil
from typing import TYPE_CHECKING, TypeVar

import psutil

from raceway.doctor.facts import UNLIMITED, Resources
from raceway.measure.machine import cgroup

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Answer = TypeVar("Answer")

NOT_TOLD = (OSError, ValueError, RuntimeError, psutil.Error)
"""Raised when a system is asked for something it does not have."""


def probe_room(root: Path) -> Resources:
    """Return the limits of this process, its control groups under `root`, and the system."""
    limit = cgroup.memory_limit(root)
    open_files, open_files_ceiling = limits_of("RLIMIT_NOFILE")
    tasks = (limits_of("RLIMIT_NPROC")[0], cgroup.tasks_left(root))
    return Resources(
        start_methods=tuple(multiprocessing.get_all_start_methods()),
        semaphores=semaphores_work(),
        available_bytes=least(
            or_none(lambda: psutil.virtual_memory().available), limit[0] if limit else None
        ),
        memory_limit_bytes=limit[1] if limit else None,
        swap_used_bytes=or_none(lambda: psutil.swap_memory().used),
        shared_memory_bytes=or_none(lambda: shutil.disk_usage(root / "dev/shm").free),
        open_files=open_files,
        open_files_ceiling=open_files_ceiling,
        tasks=least(*tasks),
    )


def or_none(ask: Callable[[], Answer]) -> Answer | None:
    """Return the answer; None if the system has none."""
    try:
        return ask()
    except NOT_TOLD:
        return None


def least(*limits: int | None) -> int | None:
    """Return the smallest of the known limits."""
    return min((limit for limit in limits if limit is not None), default=None)


def limits_of(name: str) -> tuple[int | None, int | None]:
    """Return the soft and hard limit of a resource; None if the system has no such limit."""
    number = getattr(resource, name, None)
    if resource is None or number is None:
        return None, None
    soft, hard = (
        UNLIMITED if limit == resource.RLIM_INFINITY else limit
        for limit in resource.getrlimit(number)
    )
    return soft, hard


def semaphores_work() -> bool:
    """Whether a lock between processes can be created, which fails in some containers.

    With fork, no tracker process is started for it.
    """
    methods = multiprocessing.get_all_start_methods()
    try:
        multiprocessing.get_context("fork" if "fork" in methods else "spawn").Lock()
    except (ImportError, OSError):
        return False
    return True
