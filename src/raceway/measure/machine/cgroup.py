"""The limits that control groups (versions 1 and 2) set for this process."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from raceway.measure.machine.linux import MOST_DIGITS, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HIERARCHIES = "sys/fs/cgroup"
NO_LIMIT_BYTES = 2**60
"""Version 1 writes a number near 2⁶³ for no limit."""


def quota_cores(root: Path) -> float | None:
    """Return the tightest CPU quota in cores, of our group or any above it; None if none."""
    quotas = (_quota_of(group) for group in _groups(root))
    return min((quota for quota in quotas if quota), default=None)


def throttling(root: Path) -> tuple[int, int] | None:
    """Return the number of periods in which a quota stopped us, and of all; None if unknown.

    Both count since the start of the group that was stopped most.
    """
    counters = (_counters(group / "cpu.stat") for group in _groups(root))
    keys = ("nr_throttled", "nr_periods")
    told = [(each[keys[0]], each[keys[1]]) for each in counters if set(keys) <= each.keys()]
    return max(told, default=None)


def memory_limit(root: Path) -> tuple[int, int] | None:
    """Return what is left of the tightest memory limit, and the limit, in bytes; None if none.

    Inactive cached files count as left, since the kernel drops them when it needs memory.
    """
    told = (_memory_left(group) for group in _groups(root, "memory"))
    return min(filter(None, told), default=None)


def tasks_left(root: Path) -> int | None:
    """Return how many more processes and threads may be started; None if unlimited."""
    left = []
    for group in _groups(root, "pids"):
        most, now = _number(group / "pids.max"), _number(group / "pids.current")
        if most is not None and now is not None:
            left.append(max(most - now, 0))
    return min(left, default=None)


def _groups(root: Path, controller: str = "cpu") -> Iterator[Path]:
    """Yield our group and all above it, as far as they are visible."""
    for line in text_of(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        inside = PurePosixPath(*(part for part in PurePosixPath(path).parts if part not in "/.."))
        for mount in (controllers, controller) if controllers else ("", "unified"):
            hierarchy = root / _HIERARCHIES / mount
            yield from (hierarchy / group for group in (inside, *inside.parents))


def _quota_of(group: Path) -> float | None:
    quota, _, period = text_of(group / "cpu.max").partition(" ")
    if not quota:
        quota = text_of(group / "cpu.cfs_quota_us")
        period = text_of(group / "cpu.cfs_period_us")
    try:
        cores = int(quota) / int(period)
    except (ValueError, ArithmeticError):  # "max", or no such file
        return None
    return cores if cores > 0 else None


def _memory_left(group: Path) -> tuple[int, int] | None:
    limit, used = (
        _either(group, "memory.max", "memory.limit_in_bytes"),
        _either(group, "memory.current", "memory.usage_in_bytes"),
    )
    if limit is None or used is None or limit >= NO_LIMIT_BYTES:
        return None
    counters = _counters(group / "memory.stat")
    droppable = counters.get("total_inactive_file", counters.get("inactive_file", 0))
    return min(max(limit - used + droppable, 0), limit), limit


def _either(group: Path, *names: str) -> int | None:
    return next((number for name in names if (number := _number(group / name)) is not None), None)


def _number(path: Path) -> int | None:
    """Return the whole number in a file; None for `max`, or no such file."""
    return _whole(text_of(path))


def _counters(path: Path) -> dict[str, int]:
    """Return the lines `name number` of a file."""
    pairs = (line.partition(" ") for line in text_of(path).splitlines())
    return {name: number for name, _, text in pairs if (number := _whole(text)) is not None}


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None
