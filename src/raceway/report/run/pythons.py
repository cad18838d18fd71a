"""Which Python for which work, as two tables: the work, and what each interpreter costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.pythons import pythons_of
from raceway.case import Kind
from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.report.format.labels import joined
from raceway.report.format.layout import INDENT
from raceway.report.run.sentences import WINS
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.pythons import OnWork, Price, PythonsOnWork
    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Run

HEADING = "Which Python for which work"
WORK_TITLES = ("Python", "plain loop", "best model", "its speed", "start")
PRICE_TITLES = ("Python", "plain loop", "threads", "start of processes")
UNTOLD = "not known"
MORE = "+1, +2: so many more models may be as fast"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRows:
    """The cells of one kind of work, a row an interpreter."""

    group: str
    kind: str
    fastest: str
    """The interpreter that is fastest, or that this is not known."""
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonTables:
    """The cells of both tables."""

    against: str
    """What the figures are relative to."""
    works: list[WorkRows]
    prices: list[tuple[str, ...]]
    missing: list[str]
    """Which interpreters have no time on what."""


def python_tables(run: Run, results: Sequence[Result]) -> PythonTables | None:
    """Return the tables; None unless several interpreters were raced."""
    found = pythons_of(results)
    if found is None:
        return None
    version = next(
        (f" ({each.implementation} {each.version})" for each in run.header.environments
         if each.label == found.reference), "",
    )  # fmt: skip
    return PythonTables(
        against=f"times as fast as {found.reference}{version}",
        works=[
            WorkRows(
                group=each.group,
                kind=each.kind,
                fastest=_fastest(each),
                rows=tuple(_work_cells(each)),
            )
            for each in found.works
        ],
        prices=[_price_cells(each) for each in found.prices],
        missing=list(_missing(found.works)),
    )


def python_texts(run: Run, results: Sequence[Result], width: int) -> Iterator[Text]:
    """Yield both tables as lines; nothing unless several interpreters were raced."""
    tables = python_tables(run, results)
    if tables is None:
        return
    yield Text.assemble((HEADING, "bold"), (f"  {tables.against}", QUIET_STYLE))
    yield from _work_lines(tables.works, width)
    yield from map(Text, tables.missing)
    yield Text("What each costs", "bold")
    rows = [_indented(row) for row in tables.prices]
    grid = Grid([Column(title, left=True) for title in PRICE_TITLES], rows, width)
    yield grid.header()
    yield from map(grid.line, rows)


def _work_lines(works: Sequence[WorkRows], width: int) -> Iterator[Text]:
    rows = [[_indented(row) for row in work.rows] for work in works]
    *shown, last = WORK_TITLES
    columns = [*(Column(title, left=True) for title in shown), Column(last, spare=1)]
    grid = Grid(columns, [cells for each in rows for cells in each], width)
    yield grid.header()
    for work, cells in zip(works, rows, strict=True):
        style = "" if UNTOLD in work.fastest else WINS
        yield Text.assemble((work.group, "bold"), ": ", (work.fastest, style))
        yield from map(grid.line, cells)
    if any("+" in row[2] for work in works for row in work.rows):
        yield Text(MORE, QUIET_STYLE)


def _indented(row: Sequence[str]) -> list[Text]:
    first, *others = row
    return [Text(f"{INDENT}{first}"), *map(Text, others)]


def _work_cells(work: PythonsOnWork) -> Iterator[tuple[str, ...]]:
    """Yield a row an interpreter: seconds of the reference, ratios of all others."""
    for number, row in enumerate(work.rows):
        first = number == 0
        yield (
            row.interpreter,
            _seconds(row.serial, work.kind) if first else gain_text(row.serial_gain),
            _best_name(row),
            _seconds(row.best, work.kind) if first else gain_text(row.best_gain),
            numbers.short_seconds(row.start_s),
        )


def _seconds(result: Result | None, kind: str) -> str:
    if result is None:
        return numbers.UNKNOWN
    waits = kind == Kind.IO
    time_s = result.per_pass_s if waits else result.per_task_s
    return f"{numbers.short_seconds(time_s)} a {'pass' if waits else 'task'}"


def _best_name(row: OnWork) -> str:
    if row.best is None:
        return numbers.UNKNOWN
    return f"{row.best.record.model}{f' +{row.as_fast}' if row.as_fast else ''}"


def gain_text(gain: Estimate | None) -> str:
    """Return how many times as fast, with the interval."""
    if gain is None:
        return numbers.UNKNOWN
    return f"{numbers.times(gain.centre)} {numbers.interval(gain.low, gain.high)}".strip()


def _price_cells(price: Price) -> tuple[str, ...]:
    gains = (price.single, price.threads, price.start)
    return (price.interpreter, *map(gain_text, gains))


def _fastest(work: PythonsOnWork) -> str:
    if not work.fastest:
        return f"{UNTOLD}: measured in a single launch"
    if len(work.fastest) == 1:
        return work.fastest[0]
    return f"{joined(work.fastest, 'or')}; which is faster is {UNTOLD}"


def _missing(works: Sequence[PythonsOnWork]) -> Iterator[str]:
    """Yield which interpreters have no time on some work."""
    groups: dict[str, list[str]] = {}
    for work in works:
        for row in work.rows:
            if row.best is None:
                groups.setdefault(row.interpreter, []).append(work.group)
    for label, names in groups.items():
        yield f"{label} has no time on {joined(names)}"
