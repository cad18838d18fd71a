"""Two sides compared: a verdict on each case, and what may be said of all together."""

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
    """All that was compared."""

    a: Side
    b: Side
    terms: Terms
    rows: Sequence[Row]
    differences: Sequence[Difference]
    """What else differs between the sides: machine, interpreter, libraries, commit."""
    overall: Estimate | None
    """The geometric mean of B's times over A's, over all cases with an interval."""

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

    `past` tells how far like runs lie apart, if there are any.
    With `only`, those cases alone are judged; the others still tell how far launches scatter.
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
