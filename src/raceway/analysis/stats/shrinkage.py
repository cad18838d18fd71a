"""Empirical Bayes: steadies the scatter of a few launches by that of like cases.

Five launches tell their deviation only to within a factor of two; where it is too small by chance,
a false alarm follows. The cases of one model scatter similarly, so each variance is shrunk towards
theirs, the more so the more alike they are (Smyth, Statistical Applications in Genetics and
Molecular Biology 3, 2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log
from statistics import fmean, variance
from typing import TYPE_CHECKING

from raceway.analysis.stats.intervals import Centre

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST_CASES = 4
"""Cases needed for a prior."""
WEIGHT = 4.0
"""Degrees of freedom that the variance of like cases counts for."""
MOST_DEGREES = 30.0
"""Cases are never entirely alike, even if their numbers look so."""


@dataclass(frozen=True, slots=True)
class Prior:
    """The usual variance of launches, and the degrees of freedom it counts for."""

    variance: float
    degrees: float


def prior_of(centres: Sequence[Centre]) -> Prior | None:
    """Return the prior of like centres; None if they are too few.

    By the moments of the logarithms of variances (Smyth 2004, section 6.2).
    """
    from scipy.special import digamma, polygamma  # noqa: PLC0415 (slow, needed here only)

    known = [(each.variance, each.degrees) for each in centres if each.variance > 0]
    if len(known) < FEWEST_CASES:
        return None
    levels = [log(s2) - float(digamma(d / 2)) + log(d / 2) for s2, d in known]
    excess = variance(levels) - fmean(float(polygamma(1, d / 2)) for _, d in known)
    degrees = min(2 * _inverse_trigamma(excess), MOST_DEGREES)
    return Prior(exp(fmean(levels) + float(digamma(degrees / 2)) - log(degrees / 2)), degrees)


def shrunk(centre: Centre, prior: Prior | None) -> Centre:
    """Return the centre with its error shrunk towards the prior.

    The error gets smaller only if the prior counts for more than the case's own launches.
    Otherwise a case that scatters more may do so by nature, since the sizes of a model differ.
    """
    if prior is None or (centre.variance >= prior.variance and prior.degrees < centre.degrees):
        return centre
    degrees = centre.degrees + prior.degrees
    level = (centre.degrees * centre.variance + prior.degrees * prior.variance) / degrees
    return Centre(centre.log, (level / centre.launches) ** 0.5, degrees, centre.launches)


def moderated(logs: Sequence[float], usual: float) -> Centre:
    """Return the mean of some logarithms, their variance shrunk towards the usual one.

    It is shrunk both ways, with a fixed weight (Smyth 2004, section 3): for ratios within one run,
    whose like cases were measured side by side.
    """
    centre = fmean(logs)
    degrees = len(logs) - 1 + WEIGHT
    level = (WEIGHT * usual + sum((each - centre) ** 2 for each in logs)) / degrees
    return Centre(centre, (level / len(logs)) ** 0.5, degrees, len(logs))


def _inverse_trigamma(value: float) -> float:
    """Return x with trigamma(x) = `value`, by Newton's method (Smyth 2004, appendix)."""
    from scipy.special import polygamma  # noqa: PLC0415 (as above)

    if value <= 0:
        return inf
    guess = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, guess))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, guess))
        guess += step
        if -step / guess < 1e-8:  # noqa: PLR2004 (precise enough)
            break
    return guess
