"""What disturbed a group, as far as known, and its grade."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.analysis.run.grading import CAPACITY, CPU_SHARE, SPREAD, STEAL
from raceway.record import Grade, Noise

if TYPE_CHECKING:
    from collections.abc import Sequence

PRESSURE = Path("/proc/pressure/cpu")
STAT = Path("/proc/stat")
STEAL_FIELD = 8
"""In the `cpu` line of /proc/stat, in clock ticks (proc(5))."""


@dataclass(frozen=True, slots=True)
class Counters:
    """The system's counters at one moment."""

    wall_s: float
    pressure_s: float | None
    steal_s: float | None

    @classmethod
    def read(cls) -> Counters:
        """Read the counters; None if unknown."""
        return cls(time.monotonic(), pressure_s(PRESSURE), steal_s(STAT))


def pressure_s(path: Path) -> float | None:
    """Return the seconds in which any process waited for a CPU since boot (PSI)."""
    try:
        first_line = path.read_text(encoding="ascii").splitlines()[0]
        return int(first_line.rpartition("total=")[2]) / 1e6
    except (OSError, ValueError, IndexError, OverflowError):
        return None


def steal_s(path: Path) -> float | None:
    """Return the seconds stolen by the hypervisor since boot, over all cores."""
    try:
        fields = path.read_text(encoding="ascii").split(maxsplit=STEAL_FIELD + 1)
        return int(fields[STEAL_FIELD]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, OverflowError, AttributeError):
        return None


def spread(values: Sequence[float]) -> float | None:
    """Return the interquartile range over the median; None for fewer than four values."""
    if len(values) < 4:  # noqa: PLR2004 (quartiles need four)
        return None
    lower, middle, upper = statistics.quantiles(values, n=4)
    return (upper - lower) / middle if middle else None


def share(before: float | None, after: float | None, wall_s: float) -> float | None:
    """Return the growth of a counter as a share of `wall_s`."""
    if before is None or after is None or wall_s <= 0:
        return None
    return max(0.0, after - before) / wall_s


@dataclass(frozen=True, slots=True)
class NoiseEvidence:
    """The evidence of noise in a group; None means unknown."""

    before: Counters
    after: Counters
    usable_cores: int
    capacity: float | None = None
    """Cores that really ran side by side."""
    anchor_spread: float | None = None
    cpu_share: float | None = None

    def noise(self) -> Noise:
        """Grade the group by its worst piece of evidence; `?` without any."""
        findings = self.findings()
        return Noise(
            grade=max((grade for grade, _ in findings), default=Grade.UNKNOWN),
            reasons=[text for grade, text in findings if grade is not Grade.QUIET],
            parallel_capacity=self.capacity,
            anchor_spread=self.anchor_spread,
            serial_cpu_share=self.cpu_share,
            pressure_share=share(self.before.pressure_s, self.after.pressure_s, self.wall_s),
            steal_share=self.steal_share,
            load=load(),
        )

    @property
    def wall_s(self) -> float:
        """How long the group raced."""
        return self.after.wall_s - self.before.wall_s

    @property
    def steal_share(self) -> float | None:
        """The share of the usable cores' time that went to other guests."""
        return share(self.before.steal_s, self.after.steal_s, self.wall_s * self.usable_cores)

    def findings(self) -> list[tuple[Grade, str]]:
        """Return the grade and the words of each known piece of evidence."""
        core_share = None if self.capacity is None else self.capacity / self.usable_cores
        judged = (
            (CAPACITY, core_share, "{:.0%} of the cores ran side by side"),
            (CPU_SHARE, self.cpu_share, "computing had a CPU {:.0%} of the time"),
            (SPREAD, self.anchor_spread, "the reference loop varied by {:.0%}"),
            (STEAL, self.steal_share, "{:.0%} of the time was stolen"),
        )
        return [
            (bounds.grade(value), text.format(value))
            for bounds, value, text in judged
            if value is not None
        ]


def load() -> float | None:
    """Return the load average over a minute; None if unknown."""
    try:
        return os.getloadavg()[0]
    except (OSError, AttributeError):
        return None
