"""A comparison on the terminal: what changed, by how much, and what is unclear."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.comparison.differences import switches
from raceway.analysis.comparison.single_runs import PRIOR_CONFIDENCE
from raceway.analysis.comparison.verdicts import Verdict
from raceway.report.comparison.verdicts import (
    SINGLE_RUNS,
    STYLES,
    counts,
    difference_text,
    in_order,
    measured_cells,
    ratio_text,
    side_text,
    verdict_text,
)
from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.report.format.labels import joined
from raceway.report.format.layout import INDENT
from raceway.report.format.sanitize import printable
from raceway.report.run.terminal import print_lines
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.verdicts import Row

SAME = ": same machine, interpreters, libraries and commit"
COLUMNS = (
    Column("case", left=True),
    Column("change", "B's time over A's, with its interval", left=True),
    Column("could see", "the smallest detectable change"),
    Column("A", "a pass", spare=4),
    Column("B", spare=5),
    Column("launches", spare=3),
    Column("by", "seconds (raw), the reference loop (anchor), or serial", left=True, spare=2),
    Column("noise", "grades of A and B", spare=6),
)


def show_comparison(comparison: Comparison, console: Console) -> None:
    """Write a comparison to the console."""
    for section in sections(comparison, console.width):
        print_lines([*section, Text()], console)


def sections(comparison: Comparison, width: int) -> Iterator[list[Text]]:
    """Yield the parts: the answer, the cases, what else differs."""
    yield list(headline(comparison))
    if comparison.rows:
        yield list(table(comparison.rows, width))
    yield list(provenance(comparison))


def headline(comparison: Comparison) -> Iterator[Text]:
    """Yield the two sides, and the answer in a line or two."""
    yield Text.assemble(("A  ", "bold"), side_text(comparison.a))
    yield Text.assemble(("B  ", "bold"), side_text(comparison.b))
    told = Text()
    for verdict, words in counts(comparison):
        told.append(", " if told else "").append(words, STYLES[verdict] or "bold")
    if not told:
        yield Text("no case was measured on either side")
        return
    level = f"{comparison.terms.confidence:.4g}"
    unit = "speedup over serial, as the machines differ" if comparison.across_machines else "time"
    yield told.append(
        f" (threshold {comparison.terms.threshold:.2%} of the {unit}; confidence {level})".replace(
            ".00%", "%"
        )
    )
    if comparison.overall:
        ratio = ratio_text(comparison.overall)
        yield Text.assemble("all cases together, geometric mean: ", (ratio, "bold"))


def table(rows: Sequence[Row], width: int) -> Iterator[Text]:
    """Yield the cases under their verdicts."""
    ordered = in_order(rows)
    grid = Grid(COLUMNS, [_cells(row) for row in ordered], width)
    yield grid.header()
    title = ""
    for row in ordered:
        if _title(row) != title:
            title = _title(row)
            yield Text(title, STYLES[row.verdict] or "bold")
        yield grid.line(_cells(row))
        if row.reason and row.verdict in {Verdict.MISSING, Verdict.NEW}:
            yield Text(f"{INDENT * 2}{printable(row.reason)}")
    yield Text(grid.legend(), QUIET_STYLE)


def provenance(comparison: Comparison) -> Iterator[Text]:
    """Yield why cases are unclear, and what else differs between the sides."""
    reasons = Counter(row.reason for row in comparison.rows if row.verdict is Verdict.UNCLEAR)
    if reasons:
        told = (f"{reason} ({numbers.count(each, 'case')})" for reason, each in reasons.items())
        yield Text.assemble(("unclear", "yellow"), f": {joined(told)}")
    yield from _on_single_runs(comparison.rows)
    for difference in comparison.differences:
        yield Text(difference_text(difference, ": "))
    yield from switch_notes(comparison.a, comparison.b, "the sides")
    if not comparison.differences:
        foreign = any(side.runs[-1].header.saved_by for side in (comparison.a, comparison.b))
        yield Text(f"nothing else differs{' that the files tell' if foreign else SAME}")


def switch_notes(a: Side, b: Side, between: str) -> Iterator[Text]:
    """Yield that settings differ which may change timing, whatever the code."""
    one, other = a.main_environment, b.main_environment
    names = [printable(each.what) for each in switches(one, other)] if one and other else []
    if names:
        differ = "differs" if len(names) == 1 else "differ"
        yield Text.assemble(
            ("note", "yellow"),
            f": {', '.join(names)} {differ} between {between}, and may change timing by itself",
        )


def _on_single_runs(rows: Sequence[Row]) -> Iterator[Text]:
    """Yield what verdicts without launches rest on."""
    spreads = [row.matchup.single for row in rows if row.matchup.single]
    seen = sum(spread.seen for spread in spreads)
    grounds = [
        (seen, "judged by how far earlier runs of it lie apart"),
        (len(spreads) - seen, f"by a prior of 10 %, at {PRIOR_CONFIDENCE:.0%} confidence"),
    ]
    told = [f"{numbers.count(each, 'case')} {how}" for each, how in grounds if each]
    if told:
        yield Text(f"{SINGLE_RUNS}, without launches: {', '.join(told)}; a duel would tell more")


def _title(row: Row) -> str:
    return "unclear (cannot tell)" if row.verdict is Verdict.UNCLEAR else verdict_text(row)


def _cells(row: Row) -> list[Text]:
    change, *measured = measured_cells(row)
    named = Text(f"{INDENT}{printable(row.case)}")
    return [named, Text(change, STYLES[row.verdict]), *map(Text, measured)]
