"""A comparison of two sides: a verdict on each case, and on all cases together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.comparison.likeness import differences_of
from raceway.analysis.comparison.overall import overall_of
from raceway.analysis.comparison.pairing import Pairing
from raceway.analysis.comparison.verdicts import Terms, Verdict, rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raceway.analysis.comparison.differences import Difference
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.sessions import PastLevels
    from raceway.analysis.comparison.verdicts import Row
    from raceway.analysis.stats.intervals import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides, compared."""

    a: Side
    b: Side
    terms: Terms
    rows: Sequence[Row]
    differences: Sequence[Difference]
    """Other differences between the sides: machine, interpreter, libraries, commit."""
    overall: Estimate | None
    """The geometric mean of B's times over A's, of all cases with an interval."""

    @property
    def across_machines(self) -> bool:
        """Whether the sides are of different machines, so that only speedups are compared."""
        return self.a.machine.id != self.b.machine.id

    def count(self, verdict: Verdict) -> int:
        """Return how many cases got a verdict."""
        return Counter(row.verdict for row in self.rows)[verdict]


def compare_sides(
    a: Side,
    b: Side,
    terms: Terms | None = None,
    only: Collection[str] | None = None,
    past: PastLevels | None = None,
) -> Comparison:
    """Return the verdict on each case of either side, in the order of B and then of A.

    `past` holds the levels of like runs, if any.
    With `only`, just these cases are judged; the others still show how far launches scatter.
    """
    terms = terms or Terms()
    matchups = Pairing.of(a, b, past).matchups()
    if only is not None:
        matchups = [matchup for matchup in matchups if matchup.b.name in only]
    rows = rows_of(matchups, terms)
    return Comparison(
        a=a, b=b, terms=terms, rows=rows, differences=differences_of(a, b),
        overall=overall_of(rows, terms),
    )  # fmt: skip
