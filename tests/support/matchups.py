"""Cases measured on two sides, to be judged."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from raceway.analysis.comparison.verdicts import Matchup, Terms, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.comparison.verdicts import Row

    MakeMatchup = Callable[..., Matchup]

TERMS = Terms()
SCATTER = (-0.001, 0.001, 0.0, -0.0005, 0.0005)


def around(middle: float, scatter: Sequence[float] = SCATTER) -> list[float]:
    """Return logarithms of five launches around that of `middle`."""
    return [log(middle) + each for each in scatter]


def judged(*matchups: Matchup, terms: Terms = TERMS) -> Row:
    """Return the row of the first case."""
    return rows_of(matchups, terms)[0]
