"""Intervals of a ratio measured in a few launches.

Ratios are averaged as logarithms, so that swapping the sides inverts the result exactly. From five
launches on, the estimate withstands outliers in one of five launches. With fewer, no 95 % interval
can do so without becoming far wider, and Student's t is used. Coverage and width of both are
measured in tests/analysis/test_interval_quality.py.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import combinations, combinations_with_replacement
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CONFIDENCE = 0.95
FEWEST_ROBUST = 5
"""Launches needed for the robust estimate."""
LAUNCHES_PER_OUTLIER = 5
FACTORS = {
    5: 1.193,
    6: 0.818,
    7: 0.640,
    8: 0.529,
    9: 0.457,
    10: 0.584,
    11: 0.512,
    12: 0.458,
    13: 0.414,
    14: 0.380,
}
"""Half-width over spread for 95 % coverage of normal launches, by 800,000 simulations each."""
FACTOR_OVER_T = 0.782
"""The same for more launches, over t/√n; the largest value at 15 to 30 launches."""
LARGEST_LOG = 700.0
"""`math.exp` overflows soon after."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio and its interval, by default of 95 %; None with a single launch."""

    centre: float
    low: float | None
    high: float | None
    launches: int


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre of the launches' logarithms, with its error."""

    log: float
    error: float
    """The standard error of `log`."""
    degrees: float
    """The degrees of freedom of `error`."""
    launches: int

    @property
    def variance(self) -> float:
        """The variance between launches that the error implies."""
        return self.error**2 * self.launches

    def half_width(self, confidence: float = CONFIDENCE) -> float:
        """Return half the width of the confidence interval."""
        return self.error * student_t(self.degrees, confidence)


def centre_of(logs: Sequence[float]) -> Centre | None:
    """Return the centre of some logarithms; None for fewer than two."""
    launches = len(logs)
    if launches < 2:  # noqa: PLR2004 (one has no spread)
        return None
    centre, half_width = (_robust if launches >= FEWEST_ROBUST else _student)(sorted(logs))
    return Centre(centre, half_width / student_t(launches - 1), launches - 1, launches)


def estimate_of(ratios: Sequence[float]) -> Estimate | None:
    """Return the ratio estimated from those of the launches, all above zero; None without any."""
    if not ratios:
        return None
    centre = centre_of(list(map(math.log, ratios)))
    if centre is None:
        return Estimate(ratios[0], None, None, 1)
    return estimate_around(centre)


def estimate_around(centre: Centre, confidence: float = CONFIDENCE) -> Estimate:
    """Return the ratio whose logarithm is at the centre."""
    half_width = centre.half_width(confidence)
    low, high = _exp(centre.log - half_width), _exp(centre.log + half_width)
    return Estimate(_exp(centre.log), low, high, centre.launches)


def _student(logs: Sequence[float]) -> tuple[float, float]:
    """Return the mean and half-width of Student (Biometrika 6, 1908)."""
    half_width = student_t(len(logs) - 1) * stdev(logs) / math.sqrt(len(logs))
    return fmean(logs), half_width


def _robust(logs: Sequence[float]) -> tuple[float, float]:
    """Return the Hodges-Lehmann centre and a half-width from pairwise differences.

    Centre: the median of all pairwise means (Annals of Mathematical Statistics 34, 1963). Spread:
    the k-th smallest pairwise difference, where k is the number of pairs without outliers, similar
    to Qn by Rousseeuw and Croux (JASA 88, 1993).
    """
    centre = median((a + b) / 2 for a, b in combinations_with_replacement(logs, 2))
    differences = sorted(b - a for a, b in combinations(logs, 2))
    good = len(logs) - len(logs) // LAUNCHES_PER_OUTLIER
    return centre, _factor(len(logs)) * differences[math.comb(good, 2) - 1]


def _factor(launches: int) -> float:
    if launches in FACTORS:
        return FACTORS[launches]
    good = launches - launches // LAUNCHES_PER_OUTLIER
    return FACTOR_OVER_T * student_t(good - 1) / math.sqrt(launches)


@cache
def student_t(degrees: float, confidence: float = CONFIDENCE) -> float:
    """Return the two-sided quantile of Student's t."""
    from scipy.special import stdtrit  # noqa: PLC0415 (takes 0.2 s)

    return float(stdtrit(degrees, (1 + confidence) / 2))


def _exp(log: float) -> float:
    return math.exp(max(-LARGEST_LOG, min(log, LARGEST_LOG)))
