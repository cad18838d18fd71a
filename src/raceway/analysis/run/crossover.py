"""Where along the sizes a model begins to pay: the words for it."""

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
    """Not at the sizes measured, and what they gain from one to the next leads to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossoverPoint:
    """One size: how large, how long serial takes, and the speedup."""

    magnitude: float
    """What makes the size large, above 0: seconds of a task, or the number of tasks."""
    serial_s: float
    """Seconds of a pass of serial."""
    log_speedup: Centre


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossover:
    """Where a model begins to pay."""

    reach: CrossoverPlace
    magnitude: float | None = None
    """Where the curve passes; None unless it does so within the sizes measured."""
    low: float | None = None
    """Lower end of the 95 % interval; None is below the smallest size."""
    high: float | None = None
    """Upper end; None is beyond the largest size."""
