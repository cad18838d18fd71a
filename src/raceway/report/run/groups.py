"""The table of each group: its cases by time, and those without a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from raceway.case import Kind
from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.report.format.labels import joined
from raceway.report.run.cells import (
    cells_of,
    failed,
    launches_of,
    not_reached,
    taken_text,
    unit_of,
)
from raceway.report.run.latencies import LatencyTables
from raceway.report.run.sentences import DOUBTFUL, LOSES, WINS, left_out_texts, speedup_text
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result
    from raceway.report.format.labels import Labels

TIME = "time"
COLUMNS = (
    Column("model", left=True),
    Column(TIME),
    Column("of serial", "speedup with its 95 % interval", left=True),
    Column("limit", "share of what the hardware allows", spare=1),
    Column("cold", "from start to first answer", spare=2),
    Column("memory", "peak", spare=3),
    Column("cores", "CPU time over wall time", spare=4),
    Column("capacity", "share of what the cores that really ran allow", spare=5),
    Column("rounds", spare=6),
)
FAILED_STYLE = "red"


def group_sections(answers: Sequence[Answer], label: Labels, width: int) -> Iterator[list[Text]]:
    """Yield the lines of each group that has anything to show, columns aligned over all."""
    shown = [answer for answer in answers if answer.ranking or any(map(failed, answer.results))]
    rows = [[_cells(result, answer, label) for result in answer.ranking] for answer in shown]
    grid = Grid(COLUMNS, [cells for each in rows for cells in each], width)
    latencies = LatencyTables(shown, label, width)
    for answer, cells in zip(shown, rows, strict=True):
        tables = (*_table(answer, cells, grid), *latencies.lines(answer))
        yield [_heading(answer), *tables, *_without_time(answer, label)]
    if any(rows):
        yield [Text(grid.legend(), QUIET_STYLE), *latencies.legend()]


def _table(answer: Answer, rows: Sequence[Sequence[Text]], grid: Grid) -> Iterator[Text]:
    if rows:
        yield grid.header(**{TIME: f"a {unit_of(answer)}"})
    yield from map(grid.line, rows)


def _cells(result: Result, answer: Answer, label: Labels) -> list[Text]:
    cells = cells_of(result, answer)
    speedup = speedup_text(result)  # even if computed, which the name says
    return [
        _name(result, answer, label),
        *map(Text, (cells.time, speedup, cells.limit, cells.cold, cells.memory, cells.cores)),
        *map(Text, (cells.capacity, cells.rounds)),
    ]


def _name(result: Result, answer: Answer, label: Labels) -> Text:
    """Return the case's name, styled by its place, with notes that no column has."""
    style = LOSES if result.is_serial else ""
    if result in answer.winners and not result.is_serial:
        style = DOUBTFUL if answer.doubts else WINS
    name = Text.assemble((label(result.record), style))
    if result.record.blocking:
        name.append(" (blocks its loop)", QUIET_STYLE)
    if result.is_computed:
        name.append(" (computed)", QUIET_STYLE)
    elif result.usage.launches < launches_of(answer):
        name.append(f" ({numbers.count(result.usage.launches, 'launch')})", DOUBTFUL)
    return name


def _heading(answer: Answer) -> Text:
    """Return the group's name and how it was measured."""
    facts = [numbers.count(answer.results[0].record.tasks, "task")]
    if launches_of(answer):
        facts.append(numbers.count(launches_of(answer), "launch"))
        conditions = answer.results[0].conditions
        facts.append(f"grade {conditions.grade}")
        known = conditions.parallel_capacity is not None and conditions.is_capacity_credible
        if known and answer.kind == Kind.CPU:
            facts.append(f"{numbers.cores(conditions.parallel_capacity)} cores ran at once")
        if taken := taken_text(answer):
            facts.append(taken)
    return Text.assemble((answer.group, "bold"), (f"  {', '.join(facts)}", QUIET_STYLE))


def _without_time(answer: Answer, label: Labels) -> Iterator[Text]:
    """Yield the failed cases with their full reasons, those left out, and those not reached."""
    fates: dict[str, list[str]] = {}
    for result in filter(failed, answer.results):
        fates.setdefault(result.record.reason, []).append(label(result.record))
    for reason, labels in fates.items():
        first, *more = reason.split("\n")
        yield Text.assemble(("failed ", FAILED_STYLE), f"{joined(labels)}: {first}")
        yield from (Text(f"  {line}") for line in more)
    yield from (Text(each, DOUBTFUL) for each in left_out_texts(answer, label))
    missed = [label(result.record) for result in filter(not_reached, answer.results)]
    if missed:
        yield Text.assemble(("not reached ", DOUBTFUL), joined(missed))
