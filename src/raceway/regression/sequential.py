"""Races that go on only while verdicts are open, as duels and gates do."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.verdicts import Terms, Verdict
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.measure.group.plan import Spectator
    from raceway.plan.profile import Profile
    from raceway.record import Run
    from raceway.session.lineup import Lineup
    from raceway.session.session import Session

LOOKS = (5, 7, 10, 14, 20, 28, 40)
"""Launches after which the verdicts are checked; more looks need more confidence each."""
ONE_LOOK = (20,)
"""A single look, which needs no extra confidence."""
CHANCE = 0.05
"""The probability of a false interval in any look at a case, shared among them (Bonferroni)."""
GROUP_OVERHEAD_S = 1.2
"""A group's usual time besides its rounds: processes, imports, warm-up."""
ROUNDS_S = (0.3, 1.0)
"""Timed seconds of a group in a launch, at least and at most."""


def looked_at(looks: Sequence[int], threshold: float) -> Terms:
    """Return the terms for checking the verdicts after each of `looks`."""
    return Terms(threshold=threshold, confidence=1 - CHANCE / len(looks))


def paced(
    profile: Profile, name: str, groups: int, budget_s: float, looks: Sequence[int] = LOOKS
) -> Profile:
    """Return a profile with these looks, whose second usually fits the budget (wall-clock time)."""
    fitting = looks[min(1, len(looks) - 1)]
    share_s = budget_s / (max(groups, 1) * fitting) - GROUP_OVERHEAD_S
    each_s = min(max(share_s, ROUNDS_S[0]), ROUNDS_S[1])
    return replace(
        profile, name=name, looks=tuple(looks), budget_s=budget_s, most_rounds=200,
        precision=0.005, most_group_s=each_s,
    )  # fmt: skip


@dataclass(slots=True)
class SequentialRace:
    """A race that goes on, group by group, until each case is decided or the time is up."""

    session: Session
    terms: Terms
    sides: Callable[[Run], tuple[Side, Side]]
    """Returns the two sides of a run."""
    budget_s: float
    """Wall-clock seconds; a launch that has begun is finished."""
    looks: Sequence[int] = LOOKS
    only: Collection[str] | None = None
    """The cases to decide; others race as neighbours. None for all."""
    start_s: float = field(default_factory=time.monotonic)
    group_s: float = 0.0
    """Wall-clock seconds of a group in the last launch."""
    launch_began_s: float = 0.0
    open_groups: list[str] = field(default_factory=list)

    def race(self, *spectators: Spectator) -> None:
        """Race until nothing more is wanted."""
        self.start_s = self.launch_began_s = time.monotonic()
        self.session.race(*spectators, wanted=self.wanted, most_s=self.budget_s)

    def wanted(self, launch: int) -> list[str]:
        """Return the groups with an undecided case, while there is time for a launch."""
        now_s = time.monotonic()
        if launch == 0:
            self.open_groups = groups_of(self.session.lineup, self.session.names)
        else:
            self.group_s = (now_s - self.launch_began_s) / max(len(self.open_groups), 1)
        if launch in self.looks:
            self.open_groups = self.undecided()
        self.launch_began_s = now_s
        end_s = now_s - self.start_s + self.group_s * len(self.open_groups)
        return [] if launch > 0 and end_s > self.budget_s else self.open_groups

    def undecided(self) -> list[str]:
        """Return the groups that still have a case without a verdict, in the order raced."""
        rows = self.comparison().rows
        wanting = {row.matchup.b.record.group for row in rows if row.verdict is Verdict.UNCLEAR}
        return [group for group in self.open_groups if group in wanting]

    def comparison(self) -> Comparison:
        """Return the verdicts so far."""
        run = self.session.run(Status.INTERRUPTED)
        return compare_sides(*self.sides(run), self.terms, self.only)


def groups_of(lineup: Lineup, names: Iterable[str]) -> list[str]:
    """Return the groups of the cases that race, in the order planned."""
    racing = (lineup.entrants[name] for name in names)
    return list(dict.fromkeys(each.case.group for each in racing if each.races))
