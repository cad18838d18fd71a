"""The shift between two sides, and the evidence for it.

A shift is the logarithm of B's time over A's, so that swapping the sides inverts it exactly.
"""

from __future__ import annotations

from math import copysign, exp, inf

from raceway.analysis.stats.intervals import Centre, student_t

POWER = 0.8
"""The probability of finding the smallest detectable change."""


def between(a: Centre, b: Centre) -> Centre:
    """Return the shift from A to B, measured independently.

    Errors add up as in Welch's test (Biometrika 34, 1947), with degrees of freedom after
    Satterthwaite (Biometrics Bulletin 2, 1946).
    """
    variance_a, variance_b = a.error**2, b.error**2
    variance = variance_a + variance_b
    spent = variance_a**2 / a.degrees + variance_b**2 / b.degrees
    degrees = variance**2 / spent if spent > 0 else a.degrees + b.degrees
    return Centre(b.log - a.log, variance**0.5, degrees, min(a.launches, b.launches))


def chance_within(shift: Centre, bound: float) -> float:
    """Return the p-value of "the true change is at most `bound`", a logarithm, 0 or more.

    Both directions are tried, so the one-sided p-value is doubled.
    """
    from scipy.special import stdtr  # noqa: PLC0415 (slow; for comparisons only)

    beyond = abs(shift.log) - bound
    score = copysign(inf, beyond) if beyond else 0.0
    if shift.error > 0:
        score = beyond / shift.error
    return min(1.0, 2 * float(stdtr(shift.degrees, -score)))


def smallest_seen(shift: Centre, bound: float, confidence: float) -> float:
    """Return the smallest true ratio above 1 that would be found beyond `bound` in 80 % of cases.

    The usual sum of two quantiles (Bloom, Evaluation Review 19, 1995).
    """
    quantiles = student_t(shift.degrees, confidence) + student_t(shift.degrees, 2 * POWER - 1)
    return exp(min(bound + shift.error * quantiles, 700.0))


def adjusted(chances: list[float]) -> list[float]:
    """Return p-values adjusted for their number (Benjamini and Hochberg, JRSS B 57, 1995).

    Of those at or below q, at most a share of q is expected to be false.
    """
    order = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
    results = [1.0] * len(chances)
    least = 1.0
    for rank, place in enumerate(order):
        least = min(least, chances[place] * (len(chances) / (len(chances) - rank)))
        results[place] = least
    return results
