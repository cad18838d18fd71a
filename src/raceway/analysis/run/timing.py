"""The time of a pass, from the rounds of a case."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raceway.record import Launch, Record

MEASURED = {Status.OK, Status.INTERRUPTED}
"""The statuses of records whose launches count; a failed case has no time."""
SHORTEST_S = 1e-12
"""Nothing takes less."""


@dataclass(frozen=True, slots=True)
class LaunchTime:
    """Median seconds per pass of a launch, overall and in each turn."""

    pass_s: float
    by_turn_s: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Timing:
    """The time of a case's passes."""

    launches: Mapping[int, LaunchTime]
    """By the index of the launch in its run."""
    computed_s: float | None = None
    """Seconds per pass, computed from declared waits; only if nothing was measured."""

    @property
    def pass_s(self) -> float | None:
        """Seconds per pass: the median of the launches' medians; None if unknown."""
        if self.launches:
            return median(launch.pass_s for launch in self.launches.values())
        return self.computed_s


def timing_of(record: Record) -> Timing:
    """Return the times of a record; empty if it failed, was skipped or was not reached."""
    if record.status not in MEASURED:
        return Timing({})
    times = {launch.index: launch_time_of(launch) for launch in record.launches}
    launches = {index: time for index, time in times.items() if time}
    known = (record.computed_s or 0.0) >= SHORTEST_S
    computed = record.computed_s if known and not launches else None
    return Timing(launches, computed)


def launch_time_of(launch: Launch) -> LaunchTime | None:
    """Return the times of a launch; None if it failed or has no valid round."""
    timed_ns = [round_ns for round_ns in launch.timed_ns if round_ns > 0]
    if launch.status is not Status.OK or not timed_ns:
        return None
    pass_s = median(timed_ns) / 1e9 / launch.loops
    by_turn: dict[int, list[float]] = {}
    for turn, round_ns in zip(launch.turns, launch.rounds_ns, strict=False):
        if round_ns > 0:
            by_turn.setdefault(turn, []).append(round_ns / 1e9 / launch.loops)
    return LaunchTime(pass_s, {turn: median(each) for turn, each in by_turn.items()})
