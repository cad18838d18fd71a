"""Plain benchmarks: medians, beside those of the same test's other parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.conditions import Conditions, conditions_of
from raceway.record import Grade, Status
from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.report.run.groups import FAILED_STYLE
from raceway.store.stats import samples_of, stats_of
from raceway.text import numbers
from raceway.text.node_ids import parted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raceway.record import Record, Run

COLUMNS = (
    Column("plain benchmark", left=True),
    Column("median"),
    Column("IQR", spare=3),
    Column("rounds", spare=5),
    Column("launches", "fresh processes, of which verdicts need several", spare=1),
    Column("grade", "A quiet to C noisy", spare=2),
    Column("vs fastest", "over the fastest of the same test", spare=4),
)


LONGEST_NAME = 36
"""Longer ones are shortened before a column is left out."""
MEDIAN = "median"
PLAIN_TITLES = tuple(column.title for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Plain:
    """One plain benchmark with a time."""

    file: str
    name: str
    pass_s: float
    """The median of its rounds, if known."""
    figure: str
    """What `pass_s` is: `median`, or what a file tells instead."""
    iqr_s: float | None
    rounds: int | None
    launches: int | None
    """In how many fresh processes it was measured; None if another tool wrote the file."""
    grade: Grade
    """Of its launches, if known."""

    @property
    def test(self) -> str:
        """The name without parameters; benchmarks of one test are compared."""
        return self.name.partition("[")[0]


def plain_lines(run: Run, width: int) -> Iterator[Text]:
    """Yield all plain benchmarks by file and test, the fastest of a test first."""
    tests = _by_test(plain_benchmarks(run))
    rows = {test: [_cells(each, members) for each in members] for test, members in tests.items()}
    every = [cells for each in rows.values() for cells in each]
    grid = Grid(COLUMNS, every, width, longest=LONGEST_NAME)
    if rows:
        yield grid.header()
    file = None
    for test, cells in rows.items():
        if test[0] != file:
            file = test[0]
            yield Text(file, "bold")
        yield from map(grid.line, cells)
    if rows and (legend := grid.legend()):
        yield Text(legend, QUIET_STYLE)
    yield from _without_time(run)


def plain_rows(run: Run) -> list[tuple[str, ...]]:
    """Return the rows of a table without headings: full names, and why there is no time."""
    tests = _by_test(plain_benchmarks(run))
    timed = [
        ("::".join(filter(None, (each.file, each.name))), *(cell.plain for cell in cells[1:]))
        for members in tests.values()
        for each in members
        for cells in (_cells(each, members),)
    ]
    blank = ("",) * (len(COLUMNS) - 2)
    return timed + [
        (record.fullname, f"{record.status}: {record.reason}", *blank)
        for record in run.records
        if not record.workload and record.status is not Status.SKIPPED and not _samples_s(record)
    ]


def plain_benchmarks(run: Run) -> Iterator[Plain]:
    """Yield the plain benchmarks that have a time, with the conditions they were measured in."""
    conditions = conditions_of(run)
    for record in run.records:
        if not record.workload and _samples_s(record):
            measured = [each for each in record.launches if each.rounds_ns]
            launches = None if run.header.saved_by else len(measured)
            grade = conditions.get(record.measured_in, Conditions()).grade
            yield plain_of(record, launches, grade)


def plain_of(record: Record, launches: int | None, grade: Grade) -> Plain:
    """Return a plain benchmark that has a time."""
    file, name = parted(record.fullname)
    told = record.launches[0].told
    if told and told.middle:
        figure, middle_s = told.middle
        return Plain(file, name, middle_s, figure, told.iqr_s, told.rounds, launches, grade)
    stats = stats_of(_samples_s(record), iterations=1)
    iqr_s = stats.iqr if stats.rounds > 1 else None
    return Plain(file, name, stats.median, MEDIAN, iqr_s, stats.rounds, launches, grade)


def _samples_s(record: Record) -> list[float]:
    return samples_of(record) if record.status is Status.OK else []


def _by_test(benchmarks: Iterable[Plain]) -> dict[tuple[str, str], list[Plain]]:
    """Return the benchmarks by file and test, files in order of first appearance."""
    files: dict[str, dict[str, list[Plain]]] = {}
    for each in benchmarks:
        files.setdefault(each.file, {}).setdefault(each.test, []).append(each)
    return {
        (file, test): sorted(members, key=lambda each: each.pass_s)
        for file, tests in files.items()
        for test, members in tests.items()
    }


def _cells(benchmark: Plain, members: Sequence[Plain]) -> list[Text]:
    fastest_s = members[0].pass_s
    alike = benchmark.figure == members[0].figure
    figure = "" if benchmark.figure == MEDIAN else f" ({benchmark.figure})"
    rounds, launches = benchmark.rounds, benchmark.launches
    known = benchmark.grade is not Grade.UNKNOWN
    slower = alike and benchmark is not members[0] and fastest_s > 0
    return [
        Text(f"  {benchmark.name}"),
        Text(f"{numbers.seconds(benchmark.pass_s)}{figure}"),
        Text(numbers.seconds(benchmark.iqr_s)),
        Text(numbers.UNKNOWN if rounds is None else f"{rounds:,}"),
        Text("" if launches is None else f"{launches}"),
        Text(str(benchmark.grade) if known else ""),
        Text(numbers.times(benchmark.pass_s / fastest_s) if slower else ""),
    ]


def _without_time(run: Run) -> Iterator[Text]:
    """Yield the benchmarks that failed or were interrupted, with their full reasons."""
    for record in run.records:
        if not record.workload and record.status in {Status.FAILED, Status.INTERRUPTED}:
            first, *more = record.reason.split("\n")
            status = (f"{record.status} ", FAILED_STYLE)
            yield Text.assemble(status, f"{record.fullname}: {first}")
            yield from (Text(f"  {line}") for line in more)
