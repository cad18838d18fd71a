"""What a few runs of a function tell about the work: its kind, its waits, the sizes that fit."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from raceway.case import Kind
from raceway.measure.group.contender import MOST_WAITING
from raceway.plan.target.workload_text import Shape
from raceway.text.numbers import count, short_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.plan.profile import Profile
    from raceway.plan.target.target import Target

PASSES = {Kind.CPU: 200, Kind.IO: 60}
"""Serial passes that a budget must hold: those of all models, in three launches.

Waiting passes are shorter in the other models.
"""
MEASURED = 0.8
"""A serial pass that waits for this share of the longest round is measured, not computed."""
FEWEST_TASKS = 4
"""Below this many, models can hardly differ."""
BOTH_SIZES_S = 90.0
"""From this budget on a smaller size races, too, and tells from how many tasks on a model pays."""
SMALLER = 8
"""The smaller size has this many times fewer tasks."""


@dataclass(frozen=True, slots=True)
class Gauge:
    """The times of some tasks, each alone in a plain loop."""

    target: Target
    profile: Profile
    numbers: Sequence[int]
    """The positions of the items timed."""
    walls_s: Sequence[float]
    waits_s: Sequence[float]

    @property
    def waiting_share(self) -> float:
        """The share of the time in which the tasks waited."""
        return sum(self.waits_s) / max(sum(self.walls_s), 1e-9)

    @property
    def kind(self) -> Kind:
        """What the tasks spend their time on."""
        return Kind.IO if self.waiting_share > MOST_WAITING else Kind.CPU

    @property
    def task_s(self) -> float:
        """The mean time of a task."""
        return fmean(self.walls_s)

    @property
    def shape(self) -> Shape:
        """What the workload file says."""
        return Shape(self.kind, self.sizes, self.item_waits_s() if self.kind is Kind.IO else ())

    @property
    def sizes(self) -> tuple[int, ...]:
        """The numbers of tasks that race: as many as fit into the budget, perhaps fewer, too.

        With a short budget they race alone: of two sizes, the larger one might be left out.
        """
        pass_s = self.profile.budget_s / PASSES[self.kind]
        if self.kind is Kind.IO:
            pass_s = min(pass_s, MEASURED * self.profile.longest_round_s)
        fitting = int(pass_s / max(self.task_s, 1e-9))
        most = min(self.target.tasks, max(fitting, FEWEST_TASKS))
        smaller = most // SMALLER
        both = smaller > 1 and self.profile.budget_s >= BOTH_SIZES_S
        return (smaller, most) if both else (most,)

    def item_waits_s(self) -> tuple[float, ...]:
        """Return how long each item waits at least; those not timed, as long as the shortest."""
        known = dict(zip(self.numbers, self.waits_s, strict=True))
        least_s, items = min(self.waits_s), range(len(self.target.items))
        return tuple(round(known.get(number, least_s), 9) for number in items)

    def notes(self) -> Iterator[str]:
        """Yield what was found, for people."""
        kind = "waits" if self.kind is Kind.IO else "computes"
        yield (
            f"{self.target.called}: {count(self.target.tasks, 'item')} of about"
            f" {short_seconds(self.task_s)}; it {kind} ({self.waiting_share:.0%} of its time is"
            " waiting)"
        )
        if self.sizes[-1] < self.target.tasks:
            yield (
                f"raced with {self.sizes[-1]} of the {self.target.tasks} items: more do not fit"
                f" into --budget {self.profile.budget_s:g}"
            )
        if self.target.coroutine is None:
            yield "event loops do not race: name a coroutine function with --async"
        elif self.target.function is None:
            yield "a coroutine function: it races on event loops, against one call after another"
