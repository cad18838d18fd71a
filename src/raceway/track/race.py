"""The whole race: launches outermost, heats in a new order in each, lanes fresh in each."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from raceway.errors import LaneError
from raceway.record import Peak
from raceway.track.capacity import Spinners
from raceway.track.heat import Heat, Pace, Seat
from raceway.track.lanes import Lanes, ask_once, attended

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raceway.catalogue import Catalogue
    from raceway.record import HeatResult
    from raceway.selection import Entrant, Interpreter, Profile
    from raceway.track.warden import Warden

PEAK_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides how a race goes."""

    entrants: Sequence[Entrant]
    """Those that race; the skipped and the computed are no concern of the track."""
    interpreters: Sequence[Interpreter]
    catalogue: Catalogue
    profile: Profile
    usable_cores: int
    heat_timeout_s: float
    finished: Collection[tuple[str, int]] = ()
    """(heat, launch) that an interrupted run has measured already."""

    def heats(self) -> dict[str, list[Entrant]]:
        """Return the entrants by heat, in the order planned."""
        heats: dict[str, list[Entrant]] = {}
        for entrant in self.entrants:
            heats.setdefault(entrant.case.heat, []).append(entrant)
        return heats


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the race is."""

    launch: int
    launches: int
    heat: str
    heats_done: int
    heats: int
    cases: int
    elapsed_s: float

    @property
    def left_s(self) -> float | None:
        """Return the time left at the pace so far; None before there is one."""
        if not self.heats_done:
            return None
        return self.elapsed_s / self.heats_done * (self.heats - self.heats_done)


class Spectator(Protocol):
    """Whoever watches the race; the journal is one, the progress bar another."""

    def started(self, progress: Progress) -> None:
        """See that a heat begins."""

    def finished(self, result: HeatResult) -> None:
        """See that a heat has ended; whatever this raises ends the race."""

    def peaked(self, peaks: list[Peak]) -> None:
        """See what the devices can do."""


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
                await self.launches(spinners, warden)
            finally:
                await spinners.stop()

    async def measure_peaks(self, warden: Warden) -> None:
        """Measure what each device can do, where tensor cases race on it."""
        tensor = {
            (entrant.case.device, entrant.case.interpreter)
            for entrant in self.plan.entrants
            if entrant.demand.flops or entrant.demand.moved_bytes
        }
        peaks = []
        for interpreter in self.plan.interpreters:
            for device, label in sorted(tensor):
                if label != interpreter.label:
                    continue
                workers = self.plan.usable_cores if device == "cpu" else 1
                try:
                    reply = await ask_once(
                        interpreter, self.plan.catalogue, warden, PEAK_TIMEOUT_S,
                        do="peak", device=device, workers=workers,
                    )  # fmt: skip
                except LaneError:
                    continue
                peaks.append(
                    Peak(
                        device=device, interpreter=label, precision="fp32", workers=workers, **reply
                    )
                )
        for spectator in self.spectators:
            spectator.peaked(peaks)

    async def launches(self, spinners: Spinners, warden: Warden) -> None:
        """Go through all launches; each heat gets its share of the budget that is left."""
        heats = self.plan.heats()
        order = [
            (name, launch)
            for launch in range(self.plan.profile.launches)
            for name in self.draw.sample(list(heats), len(heats))
            if (name, launch) not in self.plan.finished
        ]
        commands = {known.label: known.command for known in self.plan.interpreters}
        lanes = Lanes(commands, self.plan.catalogue, warden)
        start_s, spent_s, previous = time.monotonic(), 0.0, 0
        try:
            for done, (name, launch) in enumerate(order):
                if launch != previous:
                    await lanes.end_launch()
                    previous = launch
                self.announce(
                    Progress(
                        launch + 1, self.plan.profile.launches, name, done, len(order),
                        len(heats[name]), time.monotonic() - start_s,
                    )
                )  # fmt: skip
                budget_s = max(0.0, self.plan.profile.budget_s - spent_s) / (len(order) - done)
                result = await self.heat(heats[name], lanes, spinners, budget_s).run(launch)
                spent_s += raced_s(result)
                await lanes.end_heat()
                for spectator in self.spectators:
                    spectator.finished(result)
        finally:
            await lanes.end_launch()

    def heat(
        self, entrants: Sequence[Entrant], lanes: Lanes, spinners: Spinners, budget_s: float
    ) -> Heat:
        """Return one heat, ready to run."""
        profile = self.plan.profile
        return Heat(
            seats=[Seat(entrant) for entrant in entrants],
            pace=Pace(
                budget_s, self.plan.heat_timeout_s, profile.precision, profile.fewest_turns,
                profile.most_rounds,
            ),
            draw=self.draw,
            fetch=lanes.fetch,
            discard=lanes.discard,
            capacity=spinners.capacity,
            usable_cores=self.plan.usable_cores,
        )  # fmt: skip

    def announce(self, progress: Progress) -> None:
        """Tell the spectators which heat begins."""
        for spectator in self.spectators:
            spectator.started(progress)


def raced_s(result: HeatResult) -> float:
    """Return the time the timed rounds of a heat took."""
    return sum(sum(launch.rounds_ns) for launch in result.launches.values()) / 1e9
