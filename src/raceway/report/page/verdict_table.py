"""Verdicts as a page shows them: counted, listed, and known at every threshold of the slider."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raceway.analysis.comparison.verdicts import Verdict, rows_of
from raceway.report.comparison.verdicts import (
    MEANINGS,
    ORDER,
    difference_text,
    in_order,
    measured_cells,
    ratio_text,
    side_text,
)
from raceway.report.format.sanitize import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row, Terms

SHARES = (0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5)
"""The thresholds of the slider, besides the one asked for."""
TITLES = (
    ("verdict", "what can be said about B against A"),
    ("change", "B's time over A's, with its interval"),
    ("could see", "the smallest detectable change, at the threshold asked for"),
    ("A", "median over launches"),
    ("B", "median over launches"),
    ("launches", "of A and of B"),
    ("by", "seconds (raw), the reference loop (anchor), or serial"),
    ("noise", "grades of A and of B"),
    ("why", ""),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictRow:
    """One case in the table."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictTable:
    """A comparison as a page shows it."""

    a: str
    b: str
    thresholds: tuple[str, ...]
    chosen: int
    """The index of the one asked for."""
    steps: dict[str, Any]
    """The thresholds for the slider, as words and as shares."""
    counts: tuple[tuple[str, int, str], ...]
    """Each verdict, its number of cases, and its meaning."""
    overall: str
    across: bool
    """Whether the sides are of different machines."""
    differences: tuple[str, ...]
    """What else differs between the sides."""
    rows: tuple[VerdictRow, ...]
    titles: tuple[tuple[str, str], ...] = TITLES

    @property
    def changed(self) -> bool:
        """Whether any case is slower or faster, at the threshold asked for."""
        return any(row.verdict in {Verdict.SLOWER, Verdict.FASTER} for row in self.rows)


def verdict_table_of(comparison: Comparison) -> VerdictTable:
    """Return a comparison as a page shows it."""
    shares = sorted({*SHARES, comparison.terms.threshold})
    words = tuple(f"{100 * share:g} %" for share in shares)
    rows = in_order(comparison.rows)
    return VerdictTable(
        a=printable(side_text(comparison.a)),
        b=printable(side_text(comparison.b)),
        thresholds=words,
        chosen=shares.index(comparison.terms.threshold),
        steps={"words": words, "shares": shares},
        counts=tuple((str(each), comparison.count(each), MEANINGS[each]) for each in ORDER),
        overall=ratio_text(comparison.overall) if comparison.overall else "",
        across=comparison.across_machines,
        differences=tuple(map(difference_text, comparison.differences)),
        rows=tuple(_verdict_rows(rows, _at_each(rows, comparison.terms, shares))),
    )


def _at_each(rows: Sequence[Row], terms: Terms, shares: Sequence[float]) -> list[list[str]]:
    """Return each row's verdict at each threshold, by the rules of the comparison."""
    matchups = [row.matchup for row in rows]
    columns = [rows_of(matchups, replace(terms, threshold=share)) for share in shares]
    return [[str(column[place].verdict) for column in columns] for place in range(len(rows))]


def _verdict_rows(rows: Sequence[Row], verdicts: Sequence[Sequence[str]]) -> list[VerdictRow]:
    return [
        VerdictRow(
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
