"""The conditions in which each group was measured."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median_high
from typing import TYPE_CHECKING

from raceway.analysis.run.disturbance import graded_groups
from raceway.analysis.run.free_turns import TAKEN
from raceway.analysis.run.usage import median_known
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.record import GroupResult, Noise, Run

KNOWN_TO = 1.05
BEST_FIRST = (Grade.QUIET, Grade.DISTURBED, Grade.NOISY)


@dataclass(frozen=True, slots=True)
class Conditions:
    """One group over all its launches."""

    grade: Grade = Grade.UNKNOWN
    """The median of its launches' known grades; of two, the worse."""
    by_launch: tuple[tuple[int, Noise], ...] = ()
    parallel_capacity: float | None = None
    """Median number of cores that really ran side by side."""
    longest_task_share: float | None = None
    """Median of the longest task's share of the serial time."""
    wall_s: float | None = None
    """Median seconds of a launch, from start to end."""
    usable_cores: int | None = None
    turns: int = 0
    """Turns of which is known whether other programs took cores."""
    taken_turns: int = 0
    """Those in which they did."""

    @property
    def is_capacity_credible(self) -> bool:
        """Whether no more cores ran than there are, within the error of measurement."""
        capacity, cores = self.parallel_capacity, self.usable_cores
        return capacity is None or cores is None or capacity <= KNOWN_TO * cores


def conditions_of(run: Run) -> dict[str, Conditions]:
    """Return the conditions of the run's groups by group id."""
    groups: dict[str, list[GroupResult]] = {}
    for group in graded_groups(run):
        groups.setdefault(group.id, []).append(group)
    cores = run.header.machine.usable_cores
    return {group_id: _of_launches(launches, cores) for group_id, launches in groups.items()}


def run_capacity(run: Run) -> float | None:
    """Return the median parallel capacity of all groups, for groups without their own."""
    return median_known(group.noise.parallel_capacity for group in run.groups)


def median_grade(grades: Iterable[Grade]) -> Grade:
    """Return the median of the known grades, the worse of two; unknown if there are none."""
    ranks = [BEST_FIRST.index(grade) for grade in grades if grade in BEST_FIRST]
    return BEST_FIRST[median_high(ranks)] if ranks else Grade.UNKNOWN


def _of_launches(groups: Sequence[GroupResult], usable_cores: int) -> Conditions:
    taken = [each for group in groups for each in group.cores_taken]
    return Conditions(
        usable_cores=usable_cores,
        turns=len(taken),
        taken_turns=sum(each >= TAKEN for each in taken),
        grade=median_grade(group.noise.grade for group in groups),
        by_launch=tuple((group.launch, group.noise) for group in groups),
        parallel_capacity=median_known(group.noise.parallel_capacity for group in groups),
        longest_task_share=median_known(group.longest_task_share for group in groups),
        wall_s=median_known(group.wall_s for group in groups),
    )
