"""What a case took besides time: start, memory, cores."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.run.timing import launch_time_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.record import Launch, Record


@dataclass(frozen=True, slots=True)
class Usage:
    """Medians over the launches that went well; None is not known."""

    launches: int
    rounds: int
    """Of all those launches together."""
    cold_s: float | None
    """From opening the model to its first answer."""
    peak_memory_bytes: float | None
    cpu_cores_used: float | None


def usage_of(record: Record) -> Usage:
    """Return what the case took."""
    launches = [launch for launch in record.launches if launch_time_of(launch)]
    return Usage(
        launches=len(launches),
        rounds=sum(len(launch.rounds_ns) for launch in launches),
        cold_s=median_known(launch.cold_s for launch in launches),
        peak_memory_bytes=median_known(launch.peak_memory_bytes for launch in launches),
        cpu_cores_used=median_known(map(cores_used, launches)),
    )


def cores_used(launch: Launch) -> float | None:
    """Return CPU time over wall time of the rounds of a launch; None if not known."""
    wall_s = sum(launch.rounds_ns) / 1e9
    return launch.cpu_s / wall_s if launch.cpu_s is not None and wall_s > 0 else None


def median_known(values: Iterable[float | None]) -> float | None:
    """Return the median of the values that are known; None if none is."""
    known = [value for value in values if value is not None]
    return median(known) if known else None
