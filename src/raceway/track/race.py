"""The whole race: launches outermost, heats in a new order in each, lanes fresh in each."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from raceway.track.capacity import Spinners
from raceway.track.heat import Heat
from raceway.track.lanes import Lanes, attended
from raceway.track.peaks import measured_peaks
from raceway.track.plan import Progress
from raceway.track.seat import Pace, Seat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import HeatResult
    from raceway.selection import Entrant
    from raceway.track.plan import Plan, Spectator
    from raceway.track.warden import Warden


@dataclass(slots=True)
class Race:
    """Runs a plan before spectators."""

    plan: Plan
    spectators: Sequence[Spectator]
    draw: random.Random = field(default_factory=random.Random)

    async def run(self) -> None:
        """Race every heat of every launch; whatever happens, no process is left behind."""
        async with attended() as warden:
            spinners = await Spinners.start(self.plan.usable_cores, warden)
            try:
                await self.measure_peaks(warden)
                await self.launches(Course(self.plan, self.draw, spinners, warden))
                await self.measure_peaks(warden)
            finally:
                await spinners.stop()

    async def measure_peaks(self, warden: Warden) -> None:
        """Measure what the devices can do; done before and after, since the best one counts."""
        peaks = await measured_peaks(self.plan, warden)
        for spectator in self.spectators:
            spectator.peaked(peaks)

    async def launches(self, course: Course) -> None:
        """Go through all launches; each heat gets its share of the budget that is left."""
        order = self.order()
        start_s, spent_s = time.monotonic(), 0.0
        try:
            for done, (name, launch) in enumerate(order):
                standing = Progress(
                    launch + 1, self.plan.profile.launches, name, done, len(order),
                    len(course.heats[name]), time.monotonic() - start_s,
                )  # fmt: skip
                for spectator in self.spectators:
                    spectator.started(standing)
                left_s = max(0.0, self.plan.profile.budget_s - spent_s)
                result = await course.run(name, launch, left_s / (len(order) - done))
                spent_s += raced_s(result)
                for spectator in self.spectators:
                    spectator.finished(result)
        finally:
            await course.lanes.end_launch()

    def order(self) -> list[tuple[str, int]]:
        """Return every (heat, launch) still to be raced, the heats drawn anew for each launch."""
        names = list(self.plan.heats())
        return [
            (name, launch)
            for launch in range(self.plan.profile.launches)
            for name in self.draw.sample(names, len(names))
            if (name, launch) not in self.plan.finished
        ]


@dataclass(slots=True)
class Course:
    """Where heats are run: the lanes of the launch under way, and the spinners beside them."""

    plan: Plan
    draw: random.Random
    spinners: Spinners
    warden: Warden
    lanes: Lanes = field(init=False)
    heats: dict[str, list[Entrant]] = field(init=False)
    launch: int = -1

    def __post_init__(self) -> None:
        """Begin with no lane running."""
        commands = {known.label: known.command for known in self.plan.interpreters}
        self.lanes = Lanes(commands, self.plan.catalogue, self.warden)
        self.heats = self.plan.heats()

    async def run(self, name: str, launch: int, budget_s: float) -> HeatResult:
        """Run one heat, in fresh lanes if it is the first of its launch."""
        if launch != self.launch:
            await self.lanes.end_launch()
            self.launch = launch
        profile = self.plan.profile
        heat = Heat(
            seats=[Seat(entrant) for entrant in self.heats[name]],
            pace=Pace(
                budget_s, self.plan.heat_timeout_s, profile.precision, profile.fewest_turns,
                profile.most_rounds,
            ),
            draw=self.draw,
            fetch=self.lanes.fetch,
            discard=self.lanes.discard,
            capacity=self.spinners.capacity,
            parallel_anchor=self.spinners.anchor_ns,
            usable_cores=self.plan.usable_cores,
            audit=launch == 0,
        )  # fmt: skip
        result = await heat.run(launch)
        await self.lanes.end_heat()
        return result


def raced_s(result: HeatResult) -> float:
    """Return the time the timed rounds of a heat took."""
    return sum(sum(launch.rounds_ns) for launch in result.launches.values()) / 1e9
