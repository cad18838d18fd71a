"""Under which conditions each heat was measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_high
from typing import TYPE_CHECKING

from raceway.analysis.run.disturbance import graded_heats
from raceway.analysis.run.usage import median_known
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.record import HeatResult, Noise, Run

BEST_FIRST = (Grade.QUIET, Grade.DISTURBED, Grade.NOISY)


@dataclass(frozen=True, slots=True)
class Conditions:
    """One heat over all its launches."""

    grade: Grade = Grade.UNKNOWN
    """The median of its launches' known grades, the worse of the two middle ones."""
    by_launch: tuple[tuple[int, Noise], ...] = ()
    parallel_capacity: float | None = None
    """Median of the cores that really ran side by side."""
    longest_task_share: float | None = None
    """Median of the longest task's share of the serial time."""


def conditions_of(run: Run) -> dict[str, Conditions]:
    """Return the conditions of each heat of the run, by the heat's id."""
    heats: dict[str, list[HeatResult]] = {}
    for heat in graded_heats(run):
        heats.setdefault(heat.heat, []).append(heat)
    return {heat_id: _of_launches(launches) for heat_id, launches in heats.items()}


def run_capacity(run: Run) -> float | None:
    """Return the median parallel capacity of all heats, for heats that did not measure theirs."""
    return median_known(heat.noise.parallel_capacity for heat in run.heats)


def median_grade(grades: Iterable[Grade]) -> Grade:
    """Return the median of the known grades, rather the worse one; unknown if none is known."""
    ranks = [BEST_FIRST.index(grade) for grade in grades if grade in BEST_FIRST]
    return BEST_FIRST[median_high(ranks)] if ranks else Grade.UNKNOWN


def _of_launches(heats: Sequence[HeatResult]) -> Conditions:
    return Conditions(
        grade=median_grade(heat.noise.grade for heat in heats),
        by_launch=tuple((heat.launch, heat.noise) for heat in heats),
        parallel_capacity=median_known(heat.noise.parallel_capacity for heat in heats),
        longest_task_share=median_known(heat.longest_task_share for heat in heats),
    )
