"""The whole race: launches outermost, each with fresh lanes and a new order of groups."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

from raceway.measure.control.lanes import Lanes, attended
from raceway.measure.group.budget import Budget, Countdown, workload_of
from raceway.measure.group.capacity import Spinners
from raceway.measure.group.contender import Contender, Pace
from raceway.measure.group.core_loops import CoreLoops
from raceway.measure.group.group import Group
from raceway.measure.group.peaks import measured_peaks
from raceway.measure.group.plan import Progress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.measure.group.plan import Plan, Spectator
    from raceway.measure.scratch.reaper import Reaper
    from raceway.plan.selection import Entrant
    from raceway.record import GroupResult


@dataclass(slots=True)
class Race:
    """Runs a plan before spectators."""

    plan: Plan
    spectators: Sequence[Spectator]
    draw: random.Random = field(default_factory=random.Random)

    async def run(self) -> None:
        """Race every group of every launch; no process is left behind, whatever happens."""
        async with attended() as reaper:
            began_s = time.monotonic()
            await self.measure_peaks(reaper)
            took_s = time.monotonic() - began_s
            await self.launches(GroupRunner(self.plan, self.draw, reaper), kept_back_s=took_s)
            if time.monotonic() + took_s <= self.plan.end_s:
                await self.measure_peaks(reaper)

    async def measure_peaks(self, reaper: Reaper) -> None:
        """Measure the devices' peaks; done before and after the race, since the best counts."""
        peaks = await measured_peaks(self.plan, reaper)
        for spectator in self.spectators:
            spectator.peaked(peaks)

    async def launches(self, runner: GroupRunner, kept_back_s: float = 0.0) -> None:
        """Go through the launches, until no group is wanted or the time is up.

        `kept_back_s` is reserved for what follows.
        """
        plan = self.plan
        budget = Budget(plan.groups(), plan.profile, plan.end_s - kept_back_s)
        state = RaceState(budget, time.monotonic())
        try:
            for launch in range(plan.profile.launches):
                wanted = plan.groups_of(launch)
                if not wanted:
                    break
                await self.launch(launch, wanted, runner, state)
        finally:
            await runner.end_launch()

    async def launch(
        self, launch: int, wanted: Sequence[str], runner: GroupRunner, state: RaceState
    ) -> None:
        """Race the wanted groups, as far as they fit."""
        rest = self.order(launch, wanted)
        while rest:
            self.leave_out(launch, rest, wanted, state)
            racing = [name for name in wanted if name not in state.budget.left_out]
            rest = [name for name in rest if name in racing]
            if rest and state.budget.holds(rest[0], launch):
                await self.group(launch, rest, racing, runner, state)
            rest = rest[1:]

    def leave_out(
        self, launch: int, rest: Sequence[str], wanted: Sequence[str], state: RaceState
    ) -> None:
        """Leave out the largest sizes if not all fit up to the first look."""
        if launch < self.plan.profile.looks[0]:
            for name in state.budget.leave_out(launch, rest, wanted):
                self.plan.left_out(name)

    async def group(
        self,
        launch: int,
        rest: Sequence[str],
        racing: Sequence[str],
        runner: GroupRunner,
        state: RaceState,
    ) -> None:
        """Run the first of `rest` within its share of the time, and tell the spectators."""
        name, budget = rest[0], state.budget
        for spectator in self.spectators:
            spectator.started(self.progress(launch, rest, racing, state))
        share_s = budget.share_s(launch, rest, racing)
        result = await runner.run(name, launch, share_s, rest[1:])
        budget.spent(result)
        state.done += 1
        for spectator in self.spectators:
            spectator.finished(result)

    def progress(
        self, launch: int, rest: Sequence[str], racing: Sequence[str], state: RaceState
    ) -> Progress:
        """Return the progress before the first group of `rest`."""
        budget, elapsed_s = state.budget, time.monotonic() - state.start_s
        most_s = min(budget.left_s, self.plan.most_s - elapsed_s)
        estimate_s = max(0.0, min(budget.usual_s(launch, rest, racing), most_s))
        ahead = len(rest) + len(racing) * budget.launches_ahead(launch)
        return Progress(
            launch + 1, self.plan.profile.launches, rest[0], state.done, state.done + ahead,
            len(budget.groups[rest[0]]),
            state.countdown.left_s(elapsed_s, estimate_s) if budget.costs else None,
        )  # fmt: skip

    def order(self, launch: int, wanted: Sequence[str]) -> list[str]:
        """Return the groups still to be raced in a launch, in a new random order.

        If not all may fit, the first launch goes from small to large sizes, so that a size too
        large is left out before it costs anything.
        """
        names = [name for name in wanted if (name, launch) not in self.plan.finished]
        drawn = self.draw.sample(names, len(names))
        if launch > 0 or self.plan.end_s == inf:
            return drawn
        ranks = size_ranks(self.plan.groups())
        return sorted(drawn, key=ranks.__getitem__)


def size_ranks(groups: Mapping[str, Sequence[Entrant]]) -> dict[str, int]:
    """Return how many smaller sizes of the same workload each group has."""
    seen: Counter[str] = Counter()
    ranks = {}
    for name, entrants in groups.items():
        ranks[name] = seen[workload_of(entrants)]
        seen[workload_of(entrants)] += 1
    return ranks


@dataclass(slots=True)
class RaceState:
    """The state of a race."""

    budget: Budget
    start_s: float
    done: int = 0
    countdown: Countdown = field(default_factory=Countdown)


@dataclass(slots=True)
class GroupRunner:
    """Runs groups, with the current launch's lanes and spinners."""

    plan: Plan
    draw: random.Random
    reaper: Reaper
    spinners: Spinners | None = None
    lanes: Lanes = field(init=False)
    groups: dict[str, list[Entrant]] = field(init=False)
    launch: int = -1
    passes_s: dict[str, float] = field(default_factory=dict)
    """Seconds of the fastest usual pass so far, by case id."""

    def __post_init__(self) -> None:
        """Prepare the lanes; none is started."""
        known = self.plan.interpreters
        self.lanes = Lanes(
            {each.label: each.command for each in known},
            self.plan.catalogue,
            self.reaper,
            {each.label: each.files for each in known if each.files is not None},
            {each.label: each.engines for each in known if each.engines is not None},
        )
        self.groups = self.plan.groups()

    async def run(
        self, name: str, launch: int, budget_s: float, ahead: Sequence[str]
    ) -> GroupResult:
        """Run a group, with fresh lanes if it is the first of its launch.

        Lanes that no group `ahead` in this launch needs end while the next one prepares.
        """
        if launch != self.launch or self.spinners is None:
            await self.end_launch()
            self.spinners = await Spinners.start(self.plan.usable_cores, self.reaper)
            self.launch = launch
        profile = self.plan.profile
        group = Group(
            contenders=[self.contender(entrant) for entrant in self.groups[name]],
            pace=Pace(
                budget_s, self.plan.group_timeout_s, profile.precision, profile.fewest_turns,
                profile.most_rounds,
            ),
            draw=self.draw,
            fetch=self.lanes.fetch,
            discard=self.lanes.discard,
            capacity=self.spinners.capacity,
            core_loops=CoreLoops.here(),
            parallel_anchor=self.spinners.anchor_ns,
            usable_cores=self.plan.usable_cores,
            audit=launch == 0,
            compares_answers=self.plan.sides and launch == 0,
            reference=launch == 0,
            cold=launch < self.plan.cold_launches,
            times_tasks=launch == 0 and not self.plan.sides,
            meanwhile=self.lanes.quit_retired,
        )  # fmt: skip
        result = await group.run(launch)
        self.note_passes(group.contenders)
        self.lanes.retire({each.case.lane for other in ahead for each in self.groups[other]})
        return result

    def contender(self, entrant: Entrant) -> Contender:
        """Return a contender that knows what earlier launches found."""
        return Contender(entrant, usual_pass_s=self.passes_s.get(entrant.case.id))

    def note_passes(self, contenders: Sequence[Contender]) -> None:
        """Keep the fastest usual pass of each case, from which later launches know its loops."""
        for each in contenders:
            if each.pass_s:
                known_s = self.passes_s.get(each.case.id, inf)
                self.passes_s[each.case.id] = min(each.pass_s, known_s)

    async def end_launch(self) -> None:
        """End all processes of the launch, since the next needs new memory layouts."""
        spinners, self.spinners = self.spinners, None
        if spinners:
            await spinners.stop()
        await self.lanes.end_launch()
