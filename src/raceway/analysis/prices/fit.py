"""Least squares without negative prices, each case weighing alike whatever it took."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import exp, inf
from typing import TYPE_CHECKING

import numpy as np

from raceway.analysis.stats.intervals import student_t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Span:
    """A figure and the ends of its 95 % interval, which are None if the cases are too few."""

    centre: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Prices per unit of each column, with their errors."""

    prices: tuple[float, ...]
    covariance: Numbers
    scatter: float
    """By how much a case usually differs from its prices, over its time."""
    degrees: int
    """Cases beyond those that the prices take."""

    def price(self, column: int) -> Span:
        """Return a price; below, its interval ends at zero."""
        centre = self.prices[column]
        if not self.degrees:
            return Span(centre)
        width = student_t(self.degrees) * float(self.covariance[column, column]) ** 0.5
        return Span(centre, max(centre - width, 0.0), centre + width)

    def predicted(self, amounts: Sequence[float], given: float = 0.0) -> Span:
        """Return what amounts cost beyond what is given, with the interval of a single case."""
        row = np.asarray(amounts, dtype=np.float64)
        centre = given + float(row @ np.asarray(self.prices))
        if not self.degrees or centre <= 0:
            return Span(centre)
        error = (float(row @ self.covariance @ row) / centre**2 + self.scatter**2) ** 0.5
        factor = exp(min(student_t(self.degrees) * error, 700.0))
        return Span(centre, centre / factor, centre * factor)


def fitted(
    amounts: Sequence[Sequence[float]], times: Sequence[float], given: Sequence[float]
) -> Fit:
    """Return prices such that amounts times prices, beyond what is given, come near the times.

    The sum of squares is that of relative differences. It is least for prices of which some are
    zero; these few are found by trying every subset (Lawson and Hanson, Solving Least Squares
    Problems, 1974, chapter 23, for more).
    """
    scale = np.asarray(times, dtype=np.float64)
    rows = np.asarray(amounts, dtype=np.float64) / scale[:, None]
    wanted = 1 - np.asarray(given, dtype=np.float64) / scale
    return _best(rows, wanted)


def _best(rows: Numbers, wanted: Numbers) -> Fit:
    count, columns = rows.shape
    best: tuple[float, tuple[int, ...], Numbers] = (inf, (), np.zeros(0))
    for size in range(min(columns, count) + 1):
        for chosen in combinations(range(columns), size):
            prices = np.linalg.lstsq(rows[:, chosen], wanted, rcond=None)[0].astype(np.float64)
            rest = float(np.sum((wanted - rows[:, chosen] @ prices) ** 2))
            if np.all(prices >= 0) and rest < best[0] * (1 - 1e-9):
                best = (rest, chosen, prices)
    rest, chosen, found = best
    degrees = count - len(chosen)
    variance = rest / degrees if degrees else 0.0
    return Fit(
        _placed(found, chosen, columns),
        _covariance(rows, chosen, variance),
        variance**0.5,
        degrees,
    )


def _placed(found: Numbers, chosen: Sequence[int], columns: int) -> tuple[float, ...]:
    prices = np.zeros(columns)
    prices[list(chosen)] = found
    return tuple(map(float, prices))


def _covariance(rows: Numbers, chosen: Sequence[int], variance: float) -> Numbers:
    """Return the covariance of the prices; that of a price of zero is zero."""
    columns = rows.shape[1]
    covariance = np.zeros((columns, columns))
    if chosen:
        kept = rows[:, list(chosen)]
        covariance[np.ix_(chosen, chosen)] = variance * np.linalg.pinv(kept.T @ kept)
    return covariance
