"""The history of each case on the run's machine, for the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from raceway.report.format.sanitize import printable
from raceway.report.format.sparkline import LEAST_RANGE
from raceway.report.format.thinning import thinned
from raceway.report.history.terminal import step_text
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.launch_logs import Floats
    from raceway.analysis.history.history import History
    from raceway.record import Record, Run

WIDTH, HEIGHT, MARGIN = 160.0, 28.0, 3.0
"""Of a line, in pixels."""
FEWEST_RUNS = 2
MOST_POINTS = 60
"""Points of a line; more would be invisible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One case of one interpreter over time."""

    case: str
    place: str
    """The interpreter as the history names it."""
    kind: str
    model: str
    size: str
    interpreter: str
    """Its label in the reported run."""
    line: str
    """The points of a polyline, oldest first; up is slower."""
    marks: tuple[tuple[float, float, bool], ...]
    """Changes of level: x, y, and whether the case became slower."""
    first: str
    last: str
    ratio: str
    runs: int
    changes: tuple[str, ...]


def traces_of(every: Sequence[History], run: Run) -> list[Trace]:
    """Return the run's cases that its machine measured before; cases that changed come first."""
    records = {record.id: record for record in run.records}
    several = [
        each
        for each in every
        if len(each.series) >= FEWEST_RUNS
        and each.series.case in records
        and each.series.place.machine == run.header.machine.id
    ]
    ordered = sorted(several, key=lambda each: not each.steps)
    return [_trace(each, records[each.series.case]) for each in ordered]


def _trace(history: History, record: Record) -> Trace:
    series = history.series
    passes_s = series.rows.passes_s
    first_s, last_s = float(passes_s[0]), float(passes_s[-1])
    places = polyline(passes_s)
    return Trace(
        case=printable(series.case),
        place=printable(series.place.interpreter),
        kind=printable(record.kind),
        model=printable(record.model),
        size=printable(record.size),
        interpreter=printable(record.interpreter),
        line=" ".join(
            f"{x:.1f},{y:.1f}" for x, y in places[thinned(range(len(places)), MOST_POINTS)]
        ),
        marks=tuple(
            (*places[step.index].tolist(), step.change.ratio > 1) for step in history.steps
        ),
        first=numbers.seconds(first_s),
        last=numbers.seconds(last_s),
        ratio=numbers.times(last_s / first_s),
        runs=len(passes_s),
        changes=tuple(step_text(step).plain.strip() for step in history.steps),
    )


def polyline(values: Sequence[float] | Floats) -> Floats:
    """Return a line through the evenly spaced logarithms; one row (x, y) per value."""
    logs = np.log(values)
    low, high = logs.min(), logs.max()
    scale = (HEIGHT - 2 * MARGIN) / max(high - low, LEAST_RANGE)
    across = np.linspace(MARGIN, WIDTH - MARGIN, len(logs))
    heights = HEIGHT / 2 - (logs - (low + high) / 2) * scale
    return np.column_stack((across, heights))
