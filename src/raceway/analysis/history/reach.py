"""On which machines a change shows: if on one only, the machine is the suspect, not the code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.comparison.launch_logs import Floats
    from raceway.analysis.history.changes import Change
    from raceway.analysis.history.series import Series, SeriesPoint

FEWEST_BESIDE = 5
"""Runs a machine needs on each side to show a change; rank tests need as many."""
SLACK = 1
"""Runs by which the place of a change may be off, either way."""


class Where(StrEnum):
    """On which of the machines that measured both sides a change shows."""

    EVERYWHERE = "on all machines"
    """The code is the suspect."""
    HERE = "only on this machine"
    """The machine, or what is installed on it, is the suspect."""
    SOME = "on some machines"
    NOT_KNOWN = "no other machine measured this"


@dataclass(frozen=True, slots=True)
class MachineReach:
    """The ids of other machines on which a change shows, or does not."""

    where: Where
    seen_on: tuple[str, ...] = ()
    not_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The runs between which a series changed."""

    before: SeriesPoint
    after: SeriesPoint
    earliest: SeriesPoint
    """`before`, less some slack."""
    latest: SeriesPoint
    """`after`, plus some slack."""
    slower: bool


def span_of(series: Series, change: Change) -> Span:
    """Return where the series changed."""
    places, last = series.judged, len(series.judged) - 1
    return Span(
        before=series.point(places[change.index - 1]),
        after=series.point(places[change.index]),
        earliest=series.point(places[max(change.index - 1 - SLACK, 0)]),
        latest=series.point(places[min(change.index + SLACK, last)]),
        slower=change.ratio > 1,
    )


def reach_of(span: Span, elsewhere: Sequence[tuple[Series, Sequence[Span]]]) -> MachineReach:
    """Return on which machines a change shows, given the case's series and changes elsewhere.

    Machines without it count only if they have enough runs on both sides.
    """
    seen, unseen = set(), set()
    for series, spans in elsewhere:
        by, times = _clock(span, series)
        if any(_alike(span, other, by) for other in spans):
            seen.add(series.place.machine)
        elif _measured_both_sides(span, times, by):
            unseen.add(series.place.machine)
    unseen -= seen
    match bool(seen), bool(unseen):
        case True, False:
            where = Where.EVERYWHERE
        case True, True:
            where = Where.SOME
        case False, True:
            where = Where.HERE
        case _:
            where = Where.NOT_KNOWN
    return MachineReach(where, tuple(sorted(seen)), tuple(sorted(unseen)))


def _alike(span: Span, other: Span, by: Callable[[SeriesPoint], float]) -> bool:
    """Whether both went the same way, within overlapping commits or times."""
    overlap = by(span.earliest) < by(other.latest) and by(other.earliest) < by(span.latest)
    return span.slower is other.slower and overlap


def _measured_both_sides(span: Span, times: Floats, by: Callable[[SeriesPoint], float]) -> bool:
    before, after = (times <= by(span.before)).sum(), (times >= by(span.after)).sum()
    return bool(min(before, after) >= FEWEST_BESIDE)


def _clock(span: Span, series: Series) -> tuple[Callable[[SeriesPoint], float], Floats]:
    """Return a sort key of runs, and the times of the series' judged points by it.

    Runs are ordered by commit time if all know it, else by their own. A change between two runs of
    the same code has no place among commits.
    """
    mine = [point.committed for point in (span.earliest, span.before, span.after, span.latest)]
    same_code = span.before.commit.id == span.after.commit.id
    if same_code or np.isnan(mine).any() or np.isnan(series.committed).any():
        return attrgetter("started"), series.started
    return attrgetter("committed"), series.committed
