"""Single tasks that wait: how long each took, and how many were answered in a second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.latency import Latency
    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result
    from raceway.report.format.labels import Labels

PERCENTILES = (
    ("p50", "half of the tasks were answered within this time of being handed over"),
    ("p95", "95 % of them were"),
    ("p99", "99 % of them were; told from 1,000 tasks on"),
    ("largest", "all of them were"),
)
"""Titles and meanings."""
RATE = ("tasks/s", "tasks answered in a second of a timed pass")
AT_ONCE = ("at once", "tasks under way together at most")
COLUMNS = (
    Column("latency", "time from a task's being handed over to its answer", left=True),
    Column("p50", "half of the tasks took no longer"),
    *(Column(title) for title, _ in PERCENTILES[1:]),
    Column(*RATE),
    Column(*AT_ONCE),
    Column("timed", "tasks, in passes of their own", spare=1),
)


class LatencyTables:
    """The table of each group whose tasks were timed singly, columns aligned over all."""

    def __init__(self, answers: Sequence[Answer], label: Labels, width: int) -> None:
        """Measure all rows that will be shown."""
        self._rows = {answer.group: list(_rows(answer, label)) for answer in answers}
        self._grid = Grid(COLUMNS, [row for rows in self._rows.values() for row in rows], width)

    def lines(self, answer: Answer) -> Iterator[Text]:
        """Yield the table of a group; nothing if no task of it was timed singly."""
        rows = self._rows[answer.group]
        if rows:
            yield self._grid.header()
        yield from map(self._grid.line, rows)

    def legend(self) -> Iterator[Text]:
        """Yield what the titles stand for, if there is any table."""
        if any(self._rows.values()):
            yield Text(self._grid.legend(), QUIET_STYLE)


def _rows(answer: Answer, label: Labels) -> Iterator[list[Text]]:
    for result in answer.ranking:
        latency = result.latency
        if latency:
            cells = (*percentile_cells(latency), *rate_cells(result), f"{latency.count:,}")
            yield [Text(label(result.record)), *map(Text, cells)]


def percentile_cells(latency: Latency | None) -> tuple[str, ...]:
    """Return the cells of `PERCENTILES`; dashes if no task was timed singly."""
    if latency is None:
        return (numbers.UNKNOWN,) * len(PERCENTILES)
    times_s = (latency.p50_s, latency.p95_s, latency.p99_s, latency.largest_s)
    return tuple(map(numbers.seconds, times_s))


def rate_cells(result: Result) -> tuple[str, str]:
    """Return the cells of `RATE` and `AT_ONCE`."""
    return numbers.rate(result.tasks_per_s), f"{result.at_once:,}"


def both_texts(answer: Answer, label: Labels) -> Iterator[str]:
    """Yield latency and throughput of the best case, and of the best one of another family."""
    impossible = [result for result, _ in answer.left_out]
    ranked = (*answer.winners[:1], *answer.ranking)
    timed = [each for each in ranked if each.latency and each not in impossible]
    told = timed[:1]
    told += [
        each for each in timed if not each.is_serial and each.record.family != told[0].record.family
    ][:1]
    for result in told:
        if result.latency:
            half, most = map(numbers.short_seconds, (result.latency.p50_s, result.latency.p95_s))
            rate = numbers.rate(result.tasks_per_s)
            yield f"{label(result.record)} p50 {half}, p95 {most}, {rate} tasks/s"
