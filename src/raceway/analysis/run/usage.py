"""What a case used besides time: start-up, memory, cores."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import geometric_mean, median
from typing import TYPE_CHECKING

from raceway.analysis.run.timing import launch_time_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.record import Launch, Record


@dataclass(frozen=True, slots=True)
class Usage:
    """Medians over the valid launches; None means unknown."""

    launches: int
    rounds: int
    """Of all these launches together, as far as files tell."""
    cold_s: float | None
    """Seconds from starting the model to its first answer."""
    peak_memory_bytes: float | None
    cpu_cores_used: float | None
    ready_share: float | None = None
    """CPU time over the time in which a CPU was wanted: 1 if it never waited for one."""

    @property
    def cores_wanted(self) -> float | None:
        """Cores it would have kept busy if it had never waited for a CPU."""
        if self.cpu_cores_used is None or not self.ready_share:
            return self.cpu_cores_used
        return self.cpu_cores_used / self.ready_share


def usage_of(record: Record) -> Usage:
    """Return what the case used."""
    launches = [launch for launch in record.launches if launch_time_of(launch)]
    return Usage(
        launches=len(launches),
        rounds=sum(launch.round_count or 0 for launch in launches),
        cold_s=median_known(launch.cold_s for launch in launches),
        peak_memory_bytes=median_known(launch.peak_memory_bytes for launch in launches),
        cpu_cores_used=median_known(map(cores_used, launches)),
        ready_share=_mean_known(map(ready_share, launches)),
    )


def cores_used(launch: Launch) -> float | None:
    """Return CPU time over wall time of a launch's rounds; None if unknown."""
    wall_s = sum(launch.rounds_ns) / 1e9
    return launch.cpu_s / wall_s if launch.cpu_s is not None and wall_s > 0 else None


def ready_share(launch: Launch) -> float | None:
    """Return CPU time over CPU time plus time in the run queue; None if unknown."""
    cpu_s, queue_s = launch.cpu_s, launch.queue_s
    if not cpu_s or queue_s is None or not 0 < cpu_s <= cpu_s + queue_s:
        return None
    return cpu_s / (cpu_s + queue_s)


def _mean_known(shares: Iterable[float | None]) -> float | None:
    """Return the geometric mean of the known values; None if there are none."""
    known = [share for share in shares if share is not None]
    return geometric_mean(known) if known else None


def median_known(values: Iterable[float | None]) -> float | None:
    """Return the median of the known values; None if there are none."""
    known = [value for value in values if value is not None]
    return median(known) if known else None
