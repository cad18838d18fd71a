"""The history of cases: changes of level, and what else changed there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.comparison.differences import Difference, differences
from raceway.analysis.history.changes import FEWEST_POINTS, Change, find_changes
from raceway.analysis.history.reach import MachineReach, Span, reach_of, span_of
from raceway.analysis.history.series import Series, series_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from raceway.analysis.history.digest import Digest
    from raceway.analysis.history.series import SeriesPoint, Wanted


@dataclass(frozen=True, slots=True)
class Step:
    """A change of level in one series, with what may explain it."""

    change: Change
    """Its index counts judged points only; its levels are in the series' normalisation."""
    index: int
    """The first point after it, counting all points."""
    before: SeriesPoint
    """The last judged run before it."""
    after: SeriesPoint
    """The first judged run after it."""
    differences: tuple[Difference, ...]
    reach: MachineReach

    @property
    def same_commit(self) -> bool:
        """Whether the same code was measured on both sides."""
        return self.before.commit.id == self.after.commit.id and not self.unversioned

    @property
    def unversioned(self) -> bool:
        """Whether the commit of either side is unknown."""
        return "unversioned" in {self.before.commit.id, self.after.commit.id}


@dataclass(frozen=True, slots=True)
class History:
    """One series and its changes."""

    series: Series
    steps: tuple[Step, ...]

    @property
    def is_long_enough(self) -> bool:
        """Whether there are enough points to find any change."""
        return len(self.series.judged) >= FEWEST_POINTS


def history_of(
    digests: Iterable[tuple[Path, Digest]], wanted: Wanted = lambda _: True
) -> list[History]:
    """Return the history of all wanted cases, by machine, interpreter and case."""
    every = series_of(digests, wanted)
    changes = {id(series): find_changes(series.values) for series in every}
    by_case: dict[str, list[tuple[Series, list[Span]]]] = {}
    for series in every:
        spans = [span_of(series, change) for change in changes[id(series)]]
        by_case.setdefault(series.case, []).append((series, spans))
    return [
        History(
            series,
            tuple(_step(series, change, by_case[series.case]) for change in changes[id(series)]),
        )
        for series in every
    ]


def case_ids(digests: Iterable[tuple[Path, Digest]]) -> list[str]:
    """Return the ids of all cases of the runs, in order of first appearance."""
    return list(dict.fromkeys(case for _, digest in digests for case in digest.cases.ids))


def _step(series: Series, change: Change, others: Sequence[tuple[Series, Sequence[Span]]]) -> Step:
    span = span_of(series, change)
    before, after = span.before, span.after
    between = differences(before.header, after.header, (before.environment, after.environment))
    elsewhere = [each for each in others if each[0].place.machine != series.place.machine]
    index = int(series.judged[change.index])
    return Step(change, index, before, after, tuple(between), reach_of(span, elsewhere))
