"""What disturbed a heat, as far as the system tells, and the grade that follows."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.record import Grade, Noise

if TYPE_CHECKING:
    from collections.abc import Sequence

PRESSURE = Path("/proc/pressure/cpu")
STAT = Path("/proc/stat")
STEAL_FIELD = 8
"""Of the `cpu` line of /proc/stat, in clock ticks (proc(5))."""

CAPACITY_BOUNDS = (0.9, 0.75)
"""Share of the usable cores that must really run: for an A, for a B."""
CPU_SHARE_BOUNDS = (0.97, 0.9)
"""CPU time over wall time that single-threaded computing must reach."""
SPREAD_BOUNDS = (0.05, 0.15)
"""Spread of the anchors that is allowed."""
STEAL_BOUNDS = (0.01, 0.05)
"""Share of stolen time that is allowed."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The system's running totals at one moment."""

    wall_s: float
    pressure_s: float | None
    steal_s: float | None

    @classmethod
    def read(cls) -> Counters:
        """Read them; what the system does not tell is None."""
        return cls(time.monotonic(), pressure_s(PRESSURE), steal_s(STAT))


def pressure_s(path: Path) -> float | None:
    """Return the seconds some process has waited for a CPU since boot (PSI, microseconds)."""
    try:
        first_line = path.read_text(encoding="ascii").splitlines()[0]
        return int(first_line.rpartition("total=")[2]) / 1e6
    except (OSError, ValueError, IndexError):
        return None


def steal_s(path: Path) -> float | None:
    """Return the seconds the hypervisor has taken since boot, over all cores."""
    try:
        fields = path.read_text(encoding="ascii").split(maxsplit=STEAL_FIELD + 1)
        return int(fields[STEAL_FIELD]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def spread(values: Sequence[float]) -> float | None:
    """Return the interquartile range over the median; None for fewer than four values."""
    if len(values) < 4:  # noqa: PLR2004 (quartiles need four)
        return None
    lower, middle, upper = statistics.quantiles(values, n=4)
    return (upper - lower) / middle if middle else None


def share(before: float | None, after: float | None, wall_s: float) -> float | None:
    """Return the part of `wall_s` by which a running total grew."""
    if before is None or after is None or wall_s <= 0:
        return None
    return max(0.0, after - before) / wall_s


def noise_of(
    before: Counters,
    after: Counters,
    *,
    capacity: float | None,
    usable_cores: int,
    anchor_spread: float | None,
    cpu_share: float | None,
) -> Noise:
    """Gather the evidence of one heat and grade it; no evidence at all is `?`."""
    wall_s = after.wall_s - before.wall_s
    steal = share(before.steal_s, after.steal_s, wall_s * usable_cores)
    findings = [
        finding
        for finding in (
            _judged(capacity and capacity / usable_cores, CAPACITY_BOUNDS, "{:.0%} of the cores ran side by side"),
            _judged(cpu_share, CPU_SHARE_BOUNDS, "computing got the CPU {:.0%} of the time"),
            _judged(anchor_spread and -anchor_spread, _negative(SPREAD_BOUNDS), "the anchor varied by {:.0%}"),
            _judged(steal and -steal, _negative(STEAL_BOUNDS), "{:.0%} of the time was stolen"),
        )
        if finding
    ]  # fmt: skip
    grades = [grade for grade, _ in findings]
    return Noise(
        grade=max(grades) if grades else Grade.UNKNOWN,
        reasons=[text for grade, text in findings if grade is not Grade.QUIET],
        parallel_capacity=capacity,
        anchor_spread=anchor_spread,
        serial_cpu_share=cpu_share,
        pressure_share=share(before.pressure_s, after.pressure_s, wall_s),
        steal_share=steal,
        load=load(),
    )


def _negative(bounds: tuple[float, float]) -> tuple[float, float]:
    return (-bounds[0], -bounds[1])


def _judged(
    value: float | None, bounds: tuple[float, float], text: str
) -> tuple[Grade, str] | None:
    """Return the grade of one piece of evidence, higher values being better, and its words."""
    if value is None:
        return None
    grade = Grade.QUIET if value >= bounds[0] else Grade.DISTURBED
    if value < bounds[1]:
        grade = Grade.NOISY
    return grade, text.format(abs(value))


def load() -> float | None:
    """Return the load average over a minute, where the system has one."""
    try:
        return os.getloadavg()[0]
    except (OSError, AttributeError):
        return None
