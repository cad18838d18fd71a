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
    """A case, its times by turn and how slow its cores were then, both as logarithms."""

    record: Record
    times: dict[Place, float]
    slowness: dict[Place, float]

    @property
    def kind(self) -> Class:
        """Those that follow the cores' speed alike."""
        return (self.record.workload, self.record.workers == 1)


def at_even_speed(raced: Sequence[tuple[Record, Timing]]) -> dict[str, Timing]:
    """Return the timings by case id, the times of each turn as at the cores' usual speed.

    Those of launches stay as measured.
    """
    computing = [
        (record, timing)
        for record, timing in raced
        if record.kind != Kind.IO and record.device == "cpu" and timing.launches
    ]
    usual = _usual(record for record, _ in computing)
    by_kind: dict[Class, list[Met]] = {}
    for record, timing in computing:
        met = _met(record, timing, usual)
        by_kind.setdefault(met.kind, []).append(met)
    even = {record.id: timing for record, timing in raced}
    for cases in by_kind.values():
        if slope := _slope(cases):
            for each in cases:
                even[each.record.id] = _evened(even[each.record.id], each.slowness, slope)
    return even


def _usual(records: Iterable[Record]) -> list[float]:
    """Return the usual time of the loop on each core, so that lasting differences do not count.

    A core that is always slower than others, as in many laptops, is what its cases have.
    """
    loops = [
        loops_ns
        for record in records
        for launch in record.launches
        for loops_ns in launch.core_loops_ns
        if min(loops_ns, default=0) > 0
    ]
    cores = max(map(len, loops), default=0)
    whole = [loops_ns for loops_ns in loops if len(loops_ns) == cores]
    return [median(times_ns) for times_ns in zip(*whole, strict=True)]


def _met(record: Record, timing: Timing, usual: Sequence[float]) -> Met:
    """Return what is known of a case.

    One worker stays on its core in most turns; several are on all of them, or change places.
    """
    met = Met(record, {}, {})
    for launch in record.launches:
        turns = list(dict.fromkeys(launch.turns))
        told = len(launch.core_loops_ns) == len(launch.cores) == len(turns)
        if launch.index not in timing.launches or not told:
            continue
        by_turn_s = timing.launches[launch.index].by_turn_s
        for turn, loops_ns, core in zip(turns, launch.core_loops_ns, launch.cores, strict=True):
            fits = len(loops_ns) == len(usual) > core and min(loops_ns) > 0
            if turn in by_turn_s and fits:
                slow = [math.log(ns / usually) for ns, usually in zip(loops_ns, usual, strict=True)]
                slowness = slow[core] if record.workers == 1 else fmean(slow)
                met.times[launch.index, turn] = math.log(by_turn_s[turn])
                met.slowness[launch.index, turn] = max(-MOST, min(slowness, MOST))
    return met


def _slope(cases: Sequence[Met]) -> float:
    """Return how far times follow the slowness, from 0 to 1; 0 if too few turns tell.

    By least squares within each case.
    """
    turns, together, alone = 0, 0.0, 0.0
    for case in filter(lambda case: case.times, cases):
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
