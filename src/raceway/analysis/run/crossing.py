"""Finds the crossover: the size from which a model's speedup over serial stays above 1.05.

The log speedup is assumed to rise with the size. So its estimates are smoothed by isotonic
regression, and the crossover is where the smooth curve passes 1.05. Its interval comes from a
bootstrap that draws each size's estimate anew within its error; it is parametric, since five
launches are too few to draw from (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
chapter 6).
"""

from __future__ import annotations

from math import exp, inf, log
from typing import TYPE_CHECKING

import numpy as np

from raceway.analysis.run.crossover import Crossover, CrossoverPlace
from raceway.analysis.run.payoff import PAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from raceway.analysis.run.crossover import CrossoverPoint

    Draws = NDArray[np.float64]
    """One row per draw, one column per size."""

DRAWS = 1_000
SEED = 20261123
TAILS = (0.025, 0.975)
"""Of a 95 % interval."""


def crossover_of(points: Sequence[CrossoverPoint], least: float = PAYS) -> Crossover | None:
    """Return the crossover over points of growing magnitude; None if there are none."""
    if not points:
        return None
    bound = log(least)
    places = np.log([point.magnitude for point in points])
    errors = np.array([point.log_speedup.error**-2 if point.log_speedup.error else inf
                       for point in points])  # fmt: skip
    weights = np.minimum(errors, 1e8)
    middle = np.array([[point.log_speedup.log for point in points]])
    crossing = _crossings(places, isotonic(middle, weights), bound)[0]
    drawn = _drawn(points)
    low, high = np.quantile(
        _crossings(places, isotonic(drawn, weights), bound), TAILS, method="nearest"
    )
    if crossing == inf and low == inf and _leads_nowhere(points, drawn, least):
        return Crossover(reach=CrossoverPlace.NEVER)
    # Where the interval lies outside the sizes, one end is the first or last of them.
    ends = {"low": _magnitude(min(low, places[-1])), "high": _magnitude(max(high, places[0]))}
    if crossing == inf:
        return Crossover(reach=CrossoverPlace.BEYOND, **ends)
    if crossing == -inf:
        return Crossover(reach=CrossoverPlace.BELOW, **ends)
    return Crossover(reach=CrossoverPlace.WITHIN, magnitude=_magnitude(crossing), **ends)


def isotonic(values: Draws, weights: NDArray[np.float64]) -> Draws:
    """Return the rising curve closest to each row by weighted least squares.

    By the minimax formula (Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under
    Order Restrictions, 1972): for a few sizes and a thousand rows, it is much faster than pooling
    adjacent violators row by row.
    """
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values * weights, axis=1)], axis=1)
    mass = np.concatenate([[0.0], np.cumsum(weights)])
    count = len(weights)
    means = np.full((len(values), count, count), np.nan)
    for first in range(count):
        total = mass[first + 1 :] - mass[first]
        means[:, first, first:] = (sums[:, first + 1 :] - sums[:, [first]]) / total
    return np.stack(
        [
            np.max(np.min(means[:, : place + 1, place:], axis=2), axis=1)
            for place in range(count)
        ],
        axis=1,
    )  # fmt: skip


def _drawn(points: Sequence[CrossoverPoint]) -> Draws:
    """Return each size's log speedup drawn from Student's t around its estimate."""
    draw = np.random.default_rng(SEED)
    columns = [
        point.log_speedup.log
        + point.log_speedup.error * draw.standard_t(point.log_speedup.degrees, DRAWS)
        for point in points
    ]
    return np.stack(columns, axis=1)


def _crossings(places: NDArray[np.float64], curves: Draws, bound: float) -> NDArray[np.float64]:
    """Return where each curve, linear between places, reaches the bound.

    This is -inf before the first place, and inf after the last.
    """
    above = curves >= bound
    first = np.argmax(above, axis=1)
    rows = np.arange(len(curves))
    before = np.maximum(first - 1, 0)
    low, high = curves[rows, before], curves[rows, first]
    rise = np.where(high > low, high - low, 1.0)
    between = places[before] + (places[first] - places[before]) * (bound - low) / rise
    inside = np.where(first == 0, -inf, between)
    return np.where(above.any(axis=1), inside, inf)


def _leads_nowhere(points: Sequence[CrossoverPoint], drawn: Draws, least: float) -> bool:
    """Whether no larger size can pay: the work that the last step in size added gained too little.

    The time of a pass is a fixed cost plus a share of the serial time; at large sizes, only the
    share matters. It is taken from the two largest sizes; a single size tells nothing.
    """
    if len(points) == 1:
        return False
    serial = np.array([point.serial_s for point in points[-2:]])
    added = serial[1] - serial[0]
    taken = serial * np.exp(-drawn[:, -2:])
    with np.errstate(divide="ignore"):
        gains = np.where(taken[:, 1] > taken[:, 0], added / (taken[:, 1] - taken[:, 0]), inf)
    return bool(added > 0 and np.quantile(gains, TAILS[1], method="nearest") < least)


def _magnitude(place: float) -> float | None:
    return None if place in {inf, -inf} else float(exp(place))
