"""A comparison as a page: the verdicts, at whatever threshold the reader sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.verdicts import Terms, rows_of
from raceway.report.charts.changes import change_figures
from raceway.report.labels import KINDS
from raceway.report.legible import printable
from raceway.report.page.assets import rendered, script_json, specs_of
from raceway.report.page.filters import choices_of
from raceway.report.verdicts import MEANINGS, ORDER, in_order, measured_cells, ratio_text, side_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison import Comparison
    from raceway.analysis.verdicts import Row

SHARES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
"""Thresholds the slider offers, beside the one that was asked for."""
TITLES = (
    ("verdict", "what can be said about B against A"),
    ("change", "B's time over A's, with its interval"),
    ("could see", "the smallest change that would have been told, at the threshold asked for"),
    ("A", "median over launches"),
    ("B", "median over launches"),
    ("launches", "of A and of B"),
    ("by", "what times were compared by"),
    ("noise", "conditions of A and of B"),
    ("why", ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One case of the table."""

    case: str
    kind: str
    model: str
    size: str
    interpreter: str
    verdict: str
    verdicts: tuple[str, ...]
    """At each threshold of the slider."""
    cells: tuple[str, ...]
    reason: str


def comparison_html(comparison: Comparison) -> str:
    """Return the page of a comparison."""
    shares = sorted({*SHARES, comparison.terms.threshold})
    rows = in_order(comparison.rows)
    judged = _judged(rows, _verdicts(rows, comparison.terms, shares))
    words = [f"{100 * share:g} %" for share in shares]
    figures = list(change_figures(rows, comparison.terms.threshold))
    return rendered(
        "comparison.html",
        title="raceway: did anything get slower?",
        a=printable(side_text(comparison.a)),
        b=printable(side_text(comparison.b)),
        kinds=KINDS,
        thresholds=words,
        chosen=shares.index(comparison.terms.threshold),
        steps=script_json({"words": words, "shares": shares}),
        counts=[(str(each), comparison.count(each), MEANINGS[each]) for each in ORDER],
        overall=ratio_text(comparison.overall) if comparison.overall else "",
        across=comparison.across_machines,
        figures=figures,
        titles=TITLES,
        rows=judged,
        choices=choices_of(judged),
        differences=[
            {"what": printable(each.what), "before": printable(each.before),
             "after": printable(each.after)}
            for each in comparison.differences
        ],
        specs=script_json(specs_of(figures)),
    )  # fmt: skip


def _verdicts(rows: Sequence[Row], terms: Terms, shares: Sequence[float]) -> list[list[str]]:
    """Return each row's verdict at each threshold, by the very rules of the comparison."""
    matchups = [row.matchup for row in rows]
    columns = [
        rows_of(matchups, Terms(threshold=share, confidence=terms.confidence)) for share in shares
    ]
    return [[str(column[place].verdict) for column in columns] for place in range(len(rows))]


def _judged(rows: Sequence[Row], verdicts: Sequence[Sequence[str]]) -> list[Judged]:
    return [
        Judged(
            case=printable(row.case),
            kind=printable(row.matchup.b.record.kind),
            model=printable(row.matchup.b.record.model),
            size=printable(row.matchup.b.record.size),
            interpreter=printable(row.matchup.b.record.interpreter),
            verdict=str(row.verdict),
            verdicts=tuple(each),
            cells=measured_cells(row),
            reason=printable(row.reason),
        )
        for row, each in zip(rows, verdicts, strict=True)
    ]
