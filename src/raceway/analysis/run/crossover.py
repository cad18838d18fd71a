"""Crossovers: where along the sizes a model starts to pay."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.analysis.stats.intervals import Centre


class CrossoverPlace(StrEnum):
    """Where the crossover lies among the sizes measured."""

    BELOW = "below the smallest"
    """It pays at every size measured."""
    WITHIN = "within"
    BEYOND = "beyond the largest"
    """It does not pay yet, but larger sizes may."""
    NEVER = "never"
    """It does not pay, and larger sizes will not either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverPoint:
    """One size, with its serial time and speedup."""

    magnitude: float
    """The size along its axis, above 0: seconds per task, or the number of tasks."""
    serial_s: float
    """Seconds per pass of serial."""
    log_speedup: Centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossover:
    """Where a model starts to pay."""

    reach: CrossoverPlace
    magnitude: float | None = None
    """The size from which it pays; None unless that is within the sizes measured."""
    low: float | None = None
    """Lower end of the 95 % interval; None means below the smallest size."""
    high: float | None = None
    """Upper end; None means beyond the largest size."""
