"""Which groups' answers more turns can hardly change, so that the time goes to the others.

A rough look at all turns so far, by their own scatter; the answers themselves rest on launches
(`raceway.analysis.run`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from raceway.case import SERIAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.record import GroupResult, Launch

FEWEST_TURNS = 4
"""Of fewer, the scatter is not known."""
ERRORS = 4.0
"""Standard errors that a border must be away: launches differ by more than their turns tell."""
PAYS, AS_SERIAL, PRECISE = math.log(1.05), math.log(1.10), math.log(1.10)
"""Borders of the answers as logarithms, and how precise a gain must be."""


@dataclass(slots=True)
class Settled:
    """Learns from the launches of groups with a single interpreter."""

    gains: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    """Serial's time over each case's in each turn so far, as logarithms, by group."""

    def learn(self, result: GroupResult, serial: str | None) -> None:
        """Take in a launch, given the id of the group's serial case; without it, learn nothing."""
        base = by_turn(result.launches[serial]) if serial in result.launches else {}
        if not base:
            return
        gains = self.gains.setdefault(result.id, {})
        for case, launch in result.launches.items():
            if case != serial:
                times = by_turn(launch)
                both = base.keys() & times.keys()
                gains.setdefault(case, []).extend(math.log(base[i] / times[i]) for i in both)

    def __contains__(self, group: str) -> bool:
        """Whether all cases of a group are far from the borders and precise."""
        gains = self.gains.get(group, {})
        return bool(gains) and all(map(is_settled, gains.values()))


def by_turn(launch: Launch) -> Mapping[int, float]:
    """Return the mean time of a pass in each turn, in nanoseconds."""
    times: dict[int, list[float]] = {}
    for turn, round_ns in zip(launch.turns, launch.rounds_ns, strict=False):
        times.setdefault(turn, []).append(round_ns / launch.loops)
    return {turn: fmean(each) for turn, each in times.items() if min(each) > 0}


def is_settled(gains: Sequence[float]) -> bool:
    """Whether these turns leave no doubt about a case."""
    if len(gains) < FEWEST_TURNS:
        return False
    centre, error = fmean(gains), ERRORS * stdev(gains) / math.sqrt(len(gains))
    if centre + error < AS_SERIAL:
        return True
    return centre - error > PAYS and error < PRECISE


def serial_of(cases: Mapping[str, tuple[str, str]]) -> str | None:
    """Return the id of the serial case, given each case's model and interpreter.

    None if it is not raced, or if interpreters are compared, whose every turn counts.
    """
    if len({interpreter for _, interpreter in cases.values()}) != 1:
        return None
    return next((case for case, (model, _) in cases.items() if model == SERIAL), None)
