"""Compares cases as if the cores had kept one speed.

The cores of a shared machine change their speed, each on its own, for tenths of a second, so the
cases of a turn meet different speeds. A short loop on each core, timed right before and after a
case's rounds, tells which. How far a workload follows the loop is fitted from its own turns
(a control variate; Lavenberg and Welch, Management Science 27, 1981): bytecode does nearly, a hash
in C hardly. Work that waits is left as it is, and so is other devices'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean, median
from typing import TYPE_CHECKING

from raceway.analysis.run.timing import LaunchTime, Timing
from raceway.case import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.record import Record

FEWEST_TURNS = 12
"""Turns, besides one of each case, from which a slope is fitted."""
MOST = math.log(2)
"""The largest difference of speed, as a logarithm, that counts: the rest is not the core's."""

Place = tuple[int, int]
"""Launch and turn."""
Class = tuple[str, bool]
"""Workload, and whether one worker does it."""


@dataclass(frozen=True, slots=True)
class Met:
    """A case, its times by turn and how slow the cores were then, both as logarithms."""

    record: Record
    times: dict[Place, float]
    slowness: dict[Place, float]

    @property
    def kind(self) -> Class:
        """Those that follow the cores' speed alike."""
        return (self.record.workload, self.record.workers == 1)


def at_even_speed(raced: Sequence[tuple[Record, Timing]]) -> dict[str, Timing]:
    """Return the timings by case id, with the times of each turn at the usual speed of its group.

    Those of launches stay as measured.
    """
    groups: dict[str, list[Met]] = {}
    for record, timing in raced:
        if record.kind != Kind.IO and record.device == "cpu" and (met := _met(record, timing)):
            groups.setdefault(record.group, []).append(met)
    known = [each for group in groups.values() for each in _centred(group)]
    slopes = {kind: _slope(each for each in known if each.kind == kind) for kind in _kinds(known)}
    even = {each.record.id: each for each in known}
    return {
        record.id: _evened(timing, even[record.id].slowness, slopes[even[record.id].kind])
        if record.id in even
        else timing
        for record, timing in raced
    }


def _kinds(known: Iterable[Met]) -> set[Class]:
    return {each.kind for each in known}


def _met(record: Record, timing: Timing) -> Met | None:
    """Return what is known of a case; None if nothing is.

    One worker stays on its core in most turns; several are on all of them, or change places.
    """
    times: dict[Place, float] = {}
    slowness: dict[Place, float] = {}
    for launch in record.launches:
        turns = list(dict.fromkeys(launch.turns))
        loops_ns = launch.own_core_ns if record.workers == 1 else launch.all_cores_ns
        if launch.index not in timing.launches or len(loops_ns) != len(turns):
            continue
        by_turn_s = timing.launches[launch.index].by_turn_s
        for turn, loop_ns in zip(turns, loops_ns, strict=True):
            if turn in by_turn_s and loop_ns > 0:
                times[launch.index, turn] = math.log(by_turn_s[turn])
                slowness[launch.index, turn] = math.log(loop_ns)
    return Met(record, times, slowness) if times else None


def _centred(group: Sequence[Met]) -> list[Met]:
    """Return the cases with the slowness over the usual one of their group, bounded."""
    usual = median(each for met in group for each in met.slowness.values())
    return [
        Met(
            met.record,
            met.times,
            {place: max(-MOST, min(each - usual, MOST)) for place, each in met.slowness.items()},
        )
        for met in group
    ]


def _slope(cases: Iterable[Met]) -> float:
    """Return how far times follow the slowness, from 0 to 1; 0 if too few turns tell.

    By least squares within each case.
    """
    turns, together, alone = 0, 0.0, 0.0
    for case in cases:
        turns += len(case.times) - 1
        time, slow = fmean(case.times.values()), fmean(case.slowness.values())
        for place, slowness in case.slowness.items():
            together += (case.times[place] - time) * (slowness - slow)
            alone += (slowness - slow) ** 2
    if turns < FEWEST_TURNS or not alone:
        return 0.0
    return max(0.0, min(together / alone, 1.0))


def _evened(timing: Timing, slowness: dict[Place, float], slope: float) -> Timing:
    launches = {
        index: LaunchTime(
            launch.pass_s,
            {
                turn: time_s * math.exp(-slope * slowness.get((index, turn), 0.0))
                for turn, time_s in launch.by_turn_s.items()
            },
        )
        for index, launch in timing.launches.items()
    }
    return Timing(launches, timing.computed_s)
