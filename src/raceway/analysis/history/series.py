"""Series: one case on one machine and interpreter, over many runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from raceway.analysis.comparison.normalisation import ACROSS_RUNS, ANCHORS, Normalisation, chosen
from raceway.analysis.history.past import past_of
from raceway.analysis.history.rows import UNKNOWN_BUILD, rows_of
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from raceway.analysis.comparison.launch_logs import Floats, Ints
    from raceway.analysis.history.digest import Digest
    from raceway.analysis.history.past import Past
    from raceway.analysis.history.rows import Place, Rows
    from raceway.record import Commit, Environment, Header

Wanted = Callable[[str], bool]
FEWEST_FOR_ANCHOR = 10
"""Points needed to tell whether an anchor reduces noise."""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One case in one run."""

    path: Path
    header: Header
    environment: Environment | None
    pass_s: float
    """Median seconds per pass over all tasks."""
    value: float | None
    """The pass in the series' normalisation; None if the run has no such anchor."""
    grade: Grade
    started: float
    """When the run began, in seconds since 1970; minus infinity if unknown."""
    committed: float
    """When its code was committed, likewise; NaN if unknown."""

    @property
    def commit(self) -> Commit:
        """The code that was measured."""
        return self.header.commit

    @property
    def is_noisy(self) -> bool:
        """Whether it is shown but not judged."""
        return self.grade is Grade.NOISY


@dataclass(frozen=True)
class Series:
    """One case in one place, oldest run first."""

    place: Place
    case: str
    past: Past
    rows: Rows
    """One per point."""
    normalisation: Normalisation

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.rows)

    def point(self, index: int) -> SeriesPoint:
        """Return one point."""
        at, row = int(self.rows.run[index]), int(self.rows.place[index])
        path, digest = self.past.runs[at]
        label, environments = digest.cases.interpreters[row], digest.header.environments
        value = float(self.rows.column(self.normalisation)[index])
        return SeriesPoint(
            path=path,
            header=digest.header,
            environment=next((each for each in environments if each.label == label), None),
            pass_s=float(self.rows.passes_s[index]),
            value=None if np.isnan(value) else value,
            grade=Grade(digest.grades[row]),
            started=float(self.past.started[at]),
            committed=float(self.past.committed[at]),
        )

    @cached_property
    def judged(self) -> Ints:
        """The indices of the points in which changes are looked for: all that are not noisy."""
        return np.flatnonzero(~self.rows.noisy)

    @property
    def values(self) -> Floats:
        """The judged values: seconds, or passes over the anchor."""
        return self.rows.column(self.normalisation)[self.judged]

    @property
    def started(self) -> Floats:
        """When the runs of the judged points began."""
        return self.past.started[self.rows.run[self.judged]]

    @property
    def committed(self) -> Floats:
        """When the code of the judged points was committed."""
        return self.past.committed[self.rows.run[self.judged]]


def series_of(
    digests: Iterable[tuple[Path, Digest]], wanted: Wanted = lambda _: True
) -> list[Series]:
    """Return the series of all wanted cases with a time, by place and case."""
    past = past_of(digests)
    found = [
        Series(place, case, past, rows, normalisation_of(rows))
        for (place, case), rows in rows_of(past, wanted)
    ]
    return sorted(found, key=lambda series: series.place)


def normalisation_of(rows: Rows) -> Normalisation:
    """Return the normalisation with the least noise from one run to the next.

    An anchor must be clearly better than raw seconds. As it is Python code itself, it would hide
    the effect of a changed interpreter.
    """
    judged = ~rows.noisy
    builds = set(rows.build[judged].tolist()) - {UNKNOWN_BUILD}
    if judged.sum() < FEWEST_FOR_ANCHOR or len(builds) > 1:
        return Normalisation.RAW
    noises = {each: noise_of(rows.column(each)[judged]) for each in (Normalisation.RAW, *ANCHORS)}
    return chosen(noises, ACROSS_RUNS)


def noise_of(values: Floats) -> float:
    """Return the median log ratio of neighbours, which steps hardly move; NaN if any value is."""
    return float(np.median(np.abs(np.diff(np.log(values)))))
