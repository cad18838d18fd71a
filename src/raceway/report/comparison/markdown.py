"""A comparison as Markdown, short enough for a pull request: the full table is folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.comparison.verdicts import Verdict
from raceway.report.comparison.verdicts import (
    counts,
    in_order,
    measured_cells,
    ratio_text,
    side_text,
    verdict_text,
)
from raceway.report.format.markdown import escaped, table_lines
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row

TITLES = ("case", "verdict", "change", "could see", "A", "B", "launches", "by", "noise")
CHANGED = {Verdict.SLOWER, Verdict.FASTER, Verdict.MISSING, Verdict.NEW}


def comparison_markdown(comparison: Comparison) -> str:
    """Return the comparison; text from files is escaped."""
    return "\n".join([*_lines(comparison), ""])


def _lines(comparison: Comparison) -> Iterator[str]:
    told = ", ".join(f"**{words}**" for _, words in counts(comparison))
    yield f"### raceway: {told or 'nothing was measured'}"
    yield ""
    yield f"A: {escaped(side_text(comparison.a))}  "
    yield f"B: {escaped(side_text(comparison.b))}  "
    if comparison.overall:
        yield f"All cases together: {ratio_text(comparison.overall)}"
    changed = [row for row in comparison.rows if row.verdict in CHANGED]
    if changed:
        yield ""
        yield from table_lines(TITLES, map(_cells, in_order(changed)))
    yield from _folded(comparison)


def _folded(comparison: Comparison) -> Iterator[str]:
    yield ""
    yield f"<details><summary>{numbers.count(len(comparison.rows), 'case')}</summary>"
    yield ""
    yield from table_lines(TITLES, map(_cells, in_order(comparison.rows)))
    yield ""
    for each in comparison.differences:
        yield f"- {escaped(each.what)}: {escaped(each.before)} → {escaped(each.after)}"
    yield ""
    yield "</details>"


def _cells(row: Row) -> tuple[str, ...]:
    verdict = f"{verdict_text(row)}: {row.reason}" if row.reason else verdict_text(row)
    return (row.case, verdict, *measured_cells(row))
