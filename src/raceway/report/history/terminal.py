"""A history on the terminal: one line per series, its changes below it."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.history.changes import FEWEST_POINTS
from raceway.analysis.history.past import moment
from raceway.analysis.history.reach import Where
from raceway.report.comparison.verdicts import difference_text
from raceway.report.format.grid import Column, Grid
from raceway.report.format.labels import joined
from raceway.report.format.layout import HANG, wrapped
from raceway.report.format.sanitize import printable
from raceway.report.format.sparkline import bars_for, sparkline
from raceway.report.run.sentences import DOUBTFUL
from raceway.report.run.terminal import print_lines
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from raceway.analysis.history.history import History, Step
    from raceway.analysis.history.reach import MachineReach
    from raceway.analysis.history.rows import Place
    from raceway.analysis.history.series import SeriesPoint
    from raceway.record import Commit

SLOWER_STYLE, FASTER_STYLE = "bold red", "bold green"
CELLS = ((100, 32), (0, 16))
"""Console widths, and how many bars fit from each on."""
COLUMNS = (
    Column("case", left=True),
    Column("oldest to newest", left=True),
    Column("first", spare=1),
    Column("last"),
    Column("last/first", spare=2),
    Column("runs"),
)


def show_history(every: Sequence[History], console: Console) -> None:
    """Write all series to the console, by machine and interpreter."""
    bars = bars_for(console.encoding)
    for number, (place, members) in enumerate(groupby(every, key=lambda each: each.series.place)):
        if number:
            print_lines([Text()], console)
        print_lines(place_lines(place, list(members), console.width, bars), console)
    print_lines(provenance_lines(every), console)


def place_lines(place: Place, members: Sequence[History], width: int, bars: str) -> Iterator[Text]:
    """Yield the table of all cases of one machine and interpreter."""
    yield Text.assemble((printable(place.machine), "bold"), f"  {printable(place.interpreter)}")
    cells = next(cells for least, cells in CELLS if width >= least)
    rows = [_cells(each, cells, bars) for each in members]
    grid = Grid(COLUMNS, rows, width)
    yield grid.header()
    for each, row in zip(members, rows, strict=True):
        yield grid.line(row)
        for step in each.steps:
            yield from wrapped(step_text(step), width, HANG * 2)


def provenance_lines(every: Sequence[History]) -> Iterator[Text]:
    """Yield the number of changes, and of series too short to have any."""
    steps = sum(len(each.steps) for each in every)
    found = numbers.count(steps, "change") if steps else "no change"
    yield Text()
    yield Text(f"{found} of level in {_series(len(every))}")
    short = sum(not each.is_long_enough for each in every)
    if short:
        words = f"{_series(short)} too short to show a change: it takes {FEWEST_POINTS} quiet runs"
        yield Text(words, DOUBTFUL)


def step_text(step: Step) -> Text:
    """Return a change in words: how large, since when, what else changed, on which machines."""
    slower = step.change.ratio > 1
    effect = f"{100 * (step.change.ratio - 1):+.1f} %"
    since = f" {_commit(step.after.commit)} ({_day(step.after)})"
    facts = [
        _commits(step),
        *map(difference_text, step.differences),
        _where(step.reach),
    ]
    style = SLOWER_STYLE if slower else FASTER_STYLE
    return Text.assemble(HANG, (effect, style), " at", f"{since}; {'; '.join(facts)}")


def _cells(history: History, cells: int, bars: str) -> list[Text]:
    rows = history.series.rows
    passes_s = rows.passes_s.tolist()
    first_s, last_s = passes_s[0], passes_s[-1]
    count, noisy = len(passes_s), int(rows.noisy.sum())
    return [
        Text(printable(history.series.case)),
        Text(sparkline(passes_s, cells, bars)),
        Text(numbers.seconds(first_s)),
        Text(numbers.seconds(last_s)),
        Text(numbers.times(last_s / first_s) if count > 1 else ""),
        Text(f"{count} ({noisy} noisy)" if noisy else f"{count}"),
    ]


def _commits(step: Step) -> str:
    if step.unversioned:
        return "commits unknown"
    if step.same_commit:
        return "same commit before it"
    return f"commits {_commit(step.before.commit)}..{_commit(step.after.commit)}"


def _commit(commit: Commit) -> str:
    return printable(commit.short)


def _day(point: SeriesPoint) -> str:
    return f"{moment(point.header.started_at):%Y-%m-%d}"


def _where(reach: MachineReach) -> str:
    """Return on which machines the change shows, naming those that do not show it."""
    match reach.where:
        case Where.HERE:
            return f"{reach.where}, not on {joined(map(printable, reach.not_on))}"
        case Where.SOME:
            seen, unseen = (joined(map(printable, each)) for each in (reach.seen_on, reach.not_on))
            return f"also on {seen}, not on {unseen}"
        case _:
            return str(reach.where)


def _series(number: int) -> str:
    return f"{number:,} series"
