"""The time a race may take, what its groups cost, and which sizes do not fit.

Costs are wall-clock seconds measured in the launches so far, so that less fits on a slow machine.
Pure except for the clock it is given.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from math import inf
from statistics import fmean, median
from typing import TYPE_CHECKING

from raceway.measure.group.settled import Settled, serial_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from raceway.plan.profile import Profile
    from raceway.plan.selection import Entrant
    from raceway.record import GroupResult

UNKNOWN_CASE_S = 0.3
"""A case's time besides its rounds, until something has been measured."""
PRIOR_CASES = 20
"""Cases that this counts for, once some have been measured."""
CAUTION = 0.9
"""Share of its time that a group gets at once: the rest is for what takes longer than expected, so
that no size has to go in the last launch. What is not needed goes to the groups that follow."""
GRACE = 0.05
"""Share of a race's time by which the last launch before the first look may be late, rather than
leave out a size that was raced in all the others."""
LATER_OVER_FIRST = 0.9
"""A later launch's time besides its rounds over that of the first, which does more."""


@dataclass(frozen=True, slots=True)
class Cost:
    """The time of a group's last launch."""

    wall_s: float
    rounds_s: float
    """The part spent in timed rounds."""
    least_s: float
    """The time with as few rounds as allowed."""


@dataclass(slots=True)
class Budget:
    """Decides which groups fit in the time left, and how long each is timed."""

    groups: Mapping[str, Sequence[Entrant]]
    """In the order planned, sizes in the order declared."""
    profile: Profile
    end_s: float = inf
    """The deadline of the race on the clock `now`."""
    now: Callable[[], float] = time.monotonic
    costs: dict[str, Cost] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    settled: Settled = field(default_factory=Settled)
    """The groups that need no more turns than they must have."""
    grace_s: float = field(init=False)

    def __post_init__(self) -> None:
        """Find how late the race may end; never, if it has all the time."""
        self.grace_s = GRACE * self.left_s if self.end_s < inf else 0.0

    @property
    def left_s(self) -> float:
        """The time left."""
        return self.end_s - self.now()

    def spent(self, result: GroupResult) -> None:
        """Note the time of a group's launch."""
        launches = result.launches.values()
        rounds_s = sum(sum(launch.rounds_ns) for launch in launches) / 1e9
        usual_s = sum(median(each.rounds_ns) for each in launches if each.rounds_ns) / 1e9
        least_s = min(self.profile.fewest_turns * usual_s, rounds_s)
        beside_s = max(0.0, result.wall_s - rounds_s)
        if result.launch == 0:
            once_s = result.phases_s.get("latency", 0.0)
            beside_s = max(0.0, beside_s - once_s) * LATER_OVER_FIRST
        self.costs[result.id] = Cost(beside_s + rounds_s, rounds_s, beside_s + least_s)
        cases = (entrant.case for entrant in self.groups[result.id])
        serial = serial_of({each.id: (each.model, each.interpreter) for each in cases})
        self.settled.learn(result, serial)

    def leave_out(self, launch: int, rest: Sequence[str], racing: Sequence[str]) -> list[str]:
        """Return the sizes that must go, largest first, so that the others reach a look.

        Each workload keeps its smallest size, which is raced as long as time is left.
        `rest` are the groups still to be raced in this launch, `racing` those of every launch.
        """
        gone: list[str] = []
        while largest := self.largest(
            kept := [name for name in racing if name not in self.left_out]
        ):
            here = [name for name in rest if name not in self.left_out]
            later = max(0, self.profile.looks[0] - launch - 1)
            least_s = sum(map(self.least_s, here)) + later * sum(map(self.least_s, kept))
            if least_s <= self.most_s(launch):
                break
            gone.append(largest)
            self.left_out.add(largest)
        return gone

    def holds(self, name: str, launch: int) -> bool:
        """Whether a launch of a group fits; the very first always does."""
        return not self.costs or self.least_s(name) <= self.most_s(launch)

    def most_s(self, launch: int) -> float:
        """Return the time that a launch may take, with its grace."""
        completes = launch > 0 and launch == self.profile.looks[0] - 1
        return self.left_s + (self.grace_s if completes else 0.0)

    def share_s(self, launch: int, rest: Sequence[str], racing: Sequence[str]) -> float:
        """Return how long the next group of a launch may be timed.

        A settled one is timed for as few turns as allowed, and the others share its time.
        """
        if self.end_s == inf:
            return self.profile.most_group_s
        if rest[0] in self.settled:
            return 0.0
        ahead = [*rest, *list(racing) * self.launches_ahead(launch)]
        settled = [name for name in ahead if name in self.settled]
        beside_s = sum(self.likely_beside_s(name) for name in ahead)
        least_s = sum(self.least_s(name) - self.beside_s(name) for name in settled)
        share_s = CAUTION * (self.left_s - beside_s - least_s) / (len(ahead) - len(settled))
        return min(max(share_s, 0.0), self.profile.most_group_s)

    def usual_s(self, launch: int, rest: Sequence[str], racing: Sequence[str]) -> float:
        """Return the expected duration of the rest of the race, by costs so far."""
        ahead = [*rest, *list(racing) * self.launches_ahead(launch)]
        known = [each.rounds_s for each in self.costs.values()]
        rounds_s = fmean(known) if known else 0.0
        return sum(
            self.costs[name].wall_s if name in self.costs else self.beside_s(name) + rounds_s
            for name in ahead
        )

    def launches_ahead(self, launch: int) -> int:
        """Return how many launches follow until the next look: the time is meant to last so long.

        Few long launches tell more than many short ones, since most of the scatter is that of the
        turns, and lanes take longer to start than to race.
        """
        looks = self.profile.looks
        target = next((look for look in looks if look > launch), looks[-1])
        return max(0, target - launch - 1)

    def least_s(self, name: str) -> float:
        """Return the shortest time of a group's launch."""
        return self.costs[name].least_s if name in self.costs else self.beside_s(name)

    def beside_s(self, name: str) -> float:
        """Return the time of a group's launch besides its rounds.

        A group not raced yet is assumed to take as long as the smaller sizes of its workload, else
        as little as any other: nothing is left out on a guess.
        """
        if name in self.costs:
            return self.costs[name].wall_s - self.costs[name].rounds_s
        smaller = [self.costs[each].least_s for each in self.sizes_before(name)]
        others = [each.wall_s - each.rounds_s for each in self.costs.values()]
        unknown_s = UNKNOWN_CASE_S * len(self.groups[name])
        return max(smaller) if smaller else min([*others, unknown_s])

    def likely_beside_s(self, name: str) -> float:
        """Return the usual time of a group's launch besides its rounds, also if not raced yet."""
        if name in self.costs:
            return self.beside_s(name)
        known = {each: len(self.groups[each]) for each in self.costs}
        cases = PRIOR_CASES + sum(known.values())
        usual_s = (PRIOR_CASES * UNKNOWN_CASE_S + sum(map(self.beside_s, known))) / cases
        return usual_s * len(self.groups[name])

    def sizes_before(self, name: str) -> list[str]:
        """Return the smaller sizes of a group's workload that were raced."""
        names = list(self.groups)
        workload = workload_of(self.groups[name])
        return [
            each
            for each in names[: names.index(name)]
            if workload_of(self.groups[each]) == workload and each in self.costs
        ]

    def largest(self, names: Collection[str]) -> str | None:
        """Return the most expensive of the workloads' largest sizes; None if all have only one."""
        sizes: dict[str, list[str]] = {}
        for name in self.groups:
            if name in names:
                sizes.setdefault(workload_of(self.groups[name]), []).append(name)
        lasts = [known[-1] for known in sizes.values() if len(known) > 1]
        return max(lasts, key=self.least_s, default=None)


def workload_of(entrants: Sequence[Entrant]) -> str:
    """Return the workload of a group."""
    return entrants[0].case.workload


@dataclass(slots=True)
class Countdown:
    """The time left as shown: it runs down like a clock and is corrected gradually."""

    GAIN = 0.2
    """The share of a correction that is applied at once."""

    shown_s: float | None = None
    at_s: float = 0.0

    def left_s(self, now_s: float, estimate_s: float) -> float:
        """Return the time left to show, given the current estimate."""
        if self.shown_s is None:
            self.shown_s = estimate_s
        else:
            due_s = max(0.0, self.shown_s - (now_s - self.at_s))
            self.shown_s = due_s + self.GAIN * (estimate_s - due_s)
        self.at_s = now_s
        return self.shown_s
