"""Judges plain benchmarks without launches, by how far single runs of them lie apart.

One run of a process does not tell how the next would differ. Earlier runs of the same machine do,
if there are three or more; else a wide prior stands in. So ten times as long is told, and a tenth
more is not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, isclose, log, sqrt
from statistics import fmean, median, quantiles
from typing import TYPE_CHECKING

from raceway.analysis.comparison.sessions import SessionSpread
from raceway.analysis.stats.intervals import Centre, student_t
from raceway.analysis.stats.shrinkage import prior_of, shrunk
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PRIOR = SessionSpread(0.10**2, 3.0)
"""How far single runs lie apart if nobody knows: by 10 %, as if three degrees of freedom told."""
PRIOR_CONFIDENCE = 0.99
"""Of verdicts by the prior. They are not adjusted for the number of cases: with so few degrees of
freedom nothing would be left of them."""
FEWEST_EARLIER = 3
"""Earlier runs needed instead of the prior."""
LEAST_VARIANCE = 0.01**2
"""Earlier runs that lie closer than 1 % do so by chance, or because figures were rounded."""
FEWEST_TOGETHER = 5
"""Cases needed to tell a shift that all have in common."""
LEAST_TOGETHER = log(1.01)
MOST_TOGETHER = log(2)
"""A machine may be that much slower as a whole, but hardly more."""


@dataclass(frozen=True, slots=True)
class EarlierRuns:
    """How far earlier runs of each case lie apart, steadied by the other cases."""

    spreads: Mapping[str, SessionSpread] = field(default_factory=dict)

    @classmethod
    def of(cls, levels: Mapping[str, Sequence[float]], newest: Mapping[str, float]) -> EarlierRuns:
        """Take the levels of like runs, logarithms, without the newest run's own."""
        known = {
            case: _within_levels([one for one in each if not isclose(one, newest[case])])
            for case, each in levels.items()
            if case in newest
        }
        centres = {case: centre for case, centre in known.items() if centre}
        prior = prior_of(list(centres.values()))
        steadied = {case: shrunk(centre, prior) for case, centre in centres.items()}
        return cls(
            {
                case: SessionSpread(
                    max(each.variance, LEAST_VARIANCE),
                    each.degrees,
                    seen=True,
                )
                for case, each in steadied.items()
            }
        )  # fmt: skip

    def spread(self, case: str) -> SessionSpread:
        """Return how far runs of the case lie apart; the prior if too few are known."""
        return self.spreads.get(case, PRIOR)


def single_shift(a: Sequence[float], b: Sequence[float], spread: SessionSpread) -> Centre | None:
    """Return the shift from A to B, each some single runs, with the error of the spread.

    None if a side has no run.
    """
    if not (a and b):
        return None
    shift = median(b) - median(a)
    error = sqrt(spread.variance * (1 / len(a) + 1 / len(b)))
    return Centre(shift, error, spread.degrees, min(len(a), len(b)))


def shift_together(shifts: Sequence[float]) -> float:
    """Return the shift that three in four cases have at least, all the same way; 0 if none.

    It may be the machine's, which is as a whole slower at times.
    """
    if len(shifts) < FEWEST_TOGETHER:
        return 0.0
    low, _, high = quantiles(shifts, n=4)
    shared = max(low, 0.0) or min(high, 0.0)
    if abs(shared) < LEAST_TOGETHER:
        return 0.0
    return max(-MOST_TOGETHER, min(shared, MOST_TOGETHER))


def together_text(shift: float) -> str:
    """Return in words what three in four cases have in common."""
    way = "slower" if shift > 0 else "faster"
    ratio = numbers.times(exp(abs(shift)))
    return f"most cases ran {ratio} {way} together: the machine, or a change they share"


def _within_levels(runs: Sequence[float]) -> Centre | None:
    """Return how far runs of the same level lie apart; None if too few tell.

    Where the prior calls two neighbours a change, another level begins, so that a change of the
    code in the past does not count as scatter.
    """
    parts = [[*runs[:1]]]
    for before, run in pairwise(runs):
        if abs(run - before) > _change():
            parts.append([])
        parts[-1].append(run)
    degrees = len(runs) - len(parts)
    if degrees < FEWEST_EARLIER - 1:
        return None
    squares = sum(sum((run - fmean(part)) ** 2 for run in part) for part in parts)
    return Centre(fmean(runs), sqrt(squares / degrees / len(runs)), degrees, len(runs))


def _change() -> float:
    """Return the shift between two runs that the prior calls a change."""
    return student_t(PRIOR.degrees, PRIOR_CONFIDENCE) * sqrt(2 * PRIOR.variance)
