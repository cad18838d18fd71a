"""The whole race: launches outermost, groups in a new order in each, lanes fresh in each."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from raceway.measure.control.lanes import Lanes, attended
from raceway.measure.group.capacity import Spinners
from raceway.measure.group.contender import Contender, Pace
from raceway.measure.group.group import Group
from raceway.measure.group.peaks import measured_peaks
from raceway.measure.group.plan import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.measure.control.reaper import Reaper
    from raceway.measure.group.plan import Plan, Spectator
    from raceway.plan.selection import Entrant
    from raceway.record import GroupResult

COLD_LAUNCHES = 3
"""Launches whose cold starts are measured, each alone on the machine; the others open at once."""


@dataclass(slots=True)
class Race:
    """Runs a plan before spectators."""

    plan: Plan
    spectators: Sequence[Spectator]
    draw: random.Random = field(default_factory=random.Random)

    async def run(self) -> None:
        """Race every group of every launch; whatever happens, no process is left behind."""
        async with attended() as reaper:
            await self.measure_peaks(reaper)
            await self.launches(GroupRunner(self.plan, self.draw, reaper))
            await self.measure_peaks(reaper)

    async def measure_peaks(self, reaper: Reaper) -> None:
        """Measure what the devices can do; done before and after, since the best one counts."""
        peaks = await measured_peaks(self.plan, reaper)
        for spectator in self.spectators:
            spectator.peaked(peaks)

    async def launches(self, runner: GroupRunner) -> None:
        """Go through all launches, until nothing more is wanted."""
        state = RaceState(self.plan.profile.budget_s, time.monotonic())
        try:
            for launch in range(self.plan.profile.launches):
                order = self.order(launch)
                if not order and self.plan.wanted:
                    break
                state.ahead = len(order) + self.plan.groups_after(launch, len(order))
                for name in order:
                    await self.group(name, launch, runner, state)
        finally:
            await runner.end_launch()

    async def group(self, name: str, launch: int, runner: GroupRunner, state: RaceState) -> None:
        """Run one group on its share of the budget that is left, and tell the spectators."""
        progress = Progress(
            launch + 1, self.plan.profile.launches, name, state.done,
            state.done + state.ahead, len(runner.groups[name]),
            time.monotonic() - state.start_s, self.plan.most_s,
        )  # fmt: skip
        for spectator in self.spectators:
            spectator.started(progress)
        share_s = max(0.0, state.left_s) / state.ahead
        result = await runner.run(name, launch, min(share_s, self.plan.profile.most_group_s))
        state.left_s -= raced_s(result)
        state.done, state.ahead = state.done + 1, state.ahead - 1
        for spectator in self.spectators:
            spectator.finished(result)

    def order(self, launch: int) -> list[str]:
        """Return the groups still to be raced in a launch, drawn anew for each."""
        names = self.plan.groups_of(launch)
        return self.draw.sample(names, len(names))


@dataclass(slots=True)
class RaceState:
    """Where the race is."""

    left_s: float
    """Of the budget for timed rounds."""
    start_s: float
    done: int = 0
    ahead: int = 0
    """Groups still to be raced, as far as is known."""


@dataclass(slots=True)
class GroupRunner:
    """Where groups are run: the lanes of the launch under way, and the spinners beside them."""

    plan: Plan
    draw: random.Random
    reaper: Reaper
    spinners: Spinners | None = None
    lanes: Lanes = field(init=False)
    groups: dict[str, list[Entrant]] = field(init=False)
    launch: int = -1

    def __post_init__(self) -> None:
        """Begin with no lane running."""
        known = self.plan.interpreters
        self.lanes = Lanes(
            {each.label: each.command for each in known},
            self.plan.catalogue,
            self.reaper,
            {each.label: each.files for each in known if each.files is not None},
        )
        self.groups = self.plan.groups()

    async def run(self, name: str, launch: int, budget_s: float) -> GroupResult:
        """Run one group, in fresh lanes if it is the first of its launch."""
        if launch != self.launch or self.spinners is None:
            await self.end_launch()
            self.spinners = await Spinners.start(self.plan.usable_cores, self.reaper)
            self.launch = launch
        profile = self.plan.profile
        group = Group(
            contenders=[Contender(entrant) for entrant in self.groups[name]],
            pace=Pace(
                budget_s, self.plan.group_timeout_s, profile.precision, profile.fewest_turns,
                profile.most_rounds,
            ),
            draw=self.draw,
            fetch=self.lanes.fetch,
            discard=self.lanes.discard,
            capacity=self.spinners.capacity,
            parallel_anchor=self.spinners.anchor_ns,
            usable_cores=self.plan.usable_cores,
            audit=launch == 0,
            reference=launch == 0,
            cold=launch < COLD_LAUNCHES,
            meanwhile=self.lanes.quit_retired,
        )  # fmt: skip
        result = await group.run(launch)
        self.lanes.retire()
        return result

    async def end_launch(self) -> None:
        """End every process of the launch; those of the next have new memory layouts."""
        spinners, self.spinners = self.spinners, None
        if spinners:
            await spinners.stop()
        await self.lanes.end_launch()


def raced_s(result: GroupResult) -> float:
    """Return the time the timed rounds of a group took."""
    return sum(sum(launch.rounds_ns) for launch in result.launches.values()) / 1e9
