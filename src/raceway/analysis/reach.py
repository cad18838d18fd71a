"""Whether a change shows on one machine only: then the machine is the suspect, not the code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from raceway.analysis.series import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from raceway.analysis.changes import Change
    from raceway.analysis.series import Point, Series

FEWEST_BESIDE = 5
"""Runs a machine needs on each side to have seen a change; rank tests are blind to fewer."""
SLACK = 1
"""Runs by which the place of a change may be off, in either direction."""


class Where(StrEnum):
    """On which of the machines that measured both sides a change shows."""

    EVERYWHERE = "on all machines"
    """The code is the suspect."""
    HERE = "only on this machine"
    """The machine or what is installed on it is the suspect."""
    SOME = "on some machines"
    NOT_KNOWN = "no other machine measured this"


@dataclass(frozen=True, slots=True)
class Reach:
    """On which other machines a change shows too; by their ids."""

    where: Where
    seen_on: tuple[str, ...] = ()
    not_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Between which runs a series changed."""

    before: Point
    after: Point
    earliest: Point
    """The same with some slack."""
    latest: Point
    slower: bool


def span_of(series: Series, change: Change) -> Span:
    """Return where the series changed."""
    points = series.judged
    return Span(
        before=points[change.index - 1],
        after=points[change.index],
        earliest=points[max(change.index - 1 - SLACK, 0)],
        latest=points[min(change.index + SLACK, len(points) - 1)],
        slower=change.ratio > 1,
    )


def reach_of(span: Span, elsewhere: Sequence[tuple[Series, Sequence[Span]]]) -> Reach:
    """Return how far a change reaches, given the same case's series and changes elsewhere.

    A machine counts if it shows the change too, or if it has runs enough on both sides and does
    not.
    """
    seen, unseen = set(), set()
    for series, spans in elsewhere:
        by = _clock(span, series)
        if any(_alike(span, other, by) for other in spans):
            seen.add(series.place.machine)
        elif _measured_both_sides(span, series, by):
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
    return Reach(where, tuple(sorted(seen)), tuple(sorted(unseen)))


def _alike(span: Span, other: Span, by: Callable[[Point], datetime]) -> bool:
    """Whether both went the same way within the same commits, or the same time."""
    overlap = by(span.earliest) < by(other.latest) and by(other.earliest) < by(span.latest)
    return span.slower is other.slower and overlap


def _measured_both_sides(span: Span, series: Series, by: Callable[[Point], datetime]) -> bool:
    before = sum(by(point) <= by(span.before) for point in series.judged)
    after = sum(by(point) >= by(span.after) for point in series.judged)
    return min(before, after) >= FEWEST_BESIDE


def _clock(span: Span, series: Series) -> Callable[[Point], datetime]:
    """Return how to order runs: by their commits' times where all tell theirs, else by their own.

    A change between two runs of the same code has no place among commits.
    """
    points = [span.earliest, span.before, span.after, span.latest, *series.judged]
    same_code = span.before.commit.id == span.after.commit.id
    if same_code or not all(point.commit.time for point in points):
        return _run_time
    return _commit_time


def _run_time(point: Point) -> datetime:
    return moment(point.header.started_at)


def _commit_time(point: Point) -> datetime:
    return moment(point.commit.time or "")
