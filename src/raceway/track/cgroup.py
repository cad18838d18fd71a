"""How many cores the control groups above this process allow it, versions 1 and 2."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from raceway.track.linux import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HIERARCHIES = "sys/fs/cgroup"


def quota_cores(root: Path) -> float | None:
    """Return the tightest CPU quota in cores, of our own group or any above it; None if none."""
    quotas = (_quota_of(group) for group in _groups(root))
    return min((quota for quota in quotas if quota), default=None)


def _groups(root: Path) -> Iterator[Path]:
    """Yield our group and all above it, as far as they can be seen from in here."""
    for line in text_of(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "cpu" not in controllers.split(","):
            continue
        inside = PurePosixPath(*(part for part in PurePosixPath(path).parts if part not in "/.."))
        for mount in (controllers, "cpu") if controllers else ("", "unified"):
            hierarchy = root / _HIERARCHIES / mount
            yield from (hierarchy / group for group in (inside, *inside.parents))


def _quota_of(group: Path) -> float | None:
    quota, _, period = text_of(group / "cpu.max").partition(" ")
    if not quota:
        quota = text_of(group / "cpu.cfs_quota_us")
        period = text_of(group / "cpu.cfs_period_us")
    try:
        cores = int(quota) / int(period)
    except (ValueError, ZeroDivisionError):  # "max", or no such file
        return None
    return cores if cores > 0 else None
