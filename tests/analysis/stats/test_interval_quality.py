"""The intervals, measured: how often they hold the truth, and how wide they are.

Seeded, so that the numbers are the same every time. The truth is a ratio of 1; launches scatter by
2 % of it, and outliers lie ten times as far away.
"""

from __future__ import annotations

import math
import random
from functools import cache
from itertools import combinations, combinations_with_replacement
from statistics import fmean, median, stdev
from typing import TYPE_CHECKING

import pytest
from scipy.special import stdtrit

from raceway.analysis.stats.intervals import FACTORS, LAUNCHES_PER_OUTLIER, estimate_of

if TYPE_CHECKING:
    from collections.abc import Callable

SCATTER = 0.02
TRIALS = 2_000
LEAST_COVERAGE = 0.93


def normal(draw: random.Random, launches: int) -> list[float]:
    return [draw.gauss(0, SCATTER) for _ in range(launches)]


def heavy_tailed(draw: random.Random, launches: int) -> list[float]:
    """Student's t of three degrees of freedom."""
    chi = [draw.gammavariate(1.5, 2) for _ in range(launches)]
    return [draw.gauss(0, SCATTER) / math.sqrt(each / 3) for each in chi]


def one_outlier_in_five(draw: random.Random, launches: int) -> list[float]:
    return [each + 10 * SCATTER * (draw.random() < 1 / 5) for each in normal(draw, launches)]


def exactly_one_outlier(draw: random.Random, launches: int) -> list[float]:
    return [10 * SCATTER, *normal(draw, launches - 1)]


SHAPES = (normal, heavy_tailed, one_outlier_in_five)


def samples(scatter: Callable[..., list[float]], launches: int) -> list[list[float]]:
    draw = random.Random(20261123)  # noqa: S311 (a simulation)
    return [scatter(draw, launches) for _ in range(TRIALS)]


@cache
def bounds(scatter: Callable[..., list[float]], launches: int) -> list[tuple[float, float]]:
    """Return the logarithms of the intervals' ends, a trial each."""
    estimates = [estimate_of(list(map(math.exp, logs))) for logs in samples(scatter, launches)]
    return [(math.log(each.low), math.log(each.high)) for each in estimates]


def student_width(logs: list[float]) -> float:
    t = float(stdtrit(len(logs) - 1, 0.975))
    return 2 * t * stdev(logs) / math.sqrt(len(logs))


@pytest.mark.parametrize("launches", [3, 5, 8])
@pytest.mark.parametrize("scatter", SHAPES)
def test_intervals_hold_the_truth_often_enough(
    scatter: Callable[..., list[float]], launches: int
) -> None:
    held = fmean(low <= 0 <= high for low, high in bounds(scatter, launches))

    assert held >= LEAST_COVERAGE


@pytest.mark.parametrize("launches", [5, 8])
def test_an_outlier_widens_the_interval_less_than_students(launches: int) -> None:
    ours = fmean(high - low for low, high in bounds(exactly_one_outlier, launches))
    students = fmean(map(student_width, samples(exactly_one_outlier, launches)))

    assert ours < 0.6 * students


@pytest.mark.parametrize("launches", [5, 8])
def test_holding_out_outliers_costs_little_where_there_are_none(launches: int) -> None:
    ours = fmean(high - low for low, high in bounds(normal, launches))
    students = fmean(map(student_width, samples(normal, launches)))

    assert ours < 1.2 * students


@pytest.mark.parametrize("launches", [5, 9, 10, 14])
def test_the_factors_are_what_simulation_gives(launches: int) -> None:
    good = math.comb(launches - launches // LAUNCHES_PER_OUTLIER, 2)
    needed = sorted(
        abs(median((a + b) / 2 for a, b in combinations_with_replacement(logs, 2)))
        / sorted(abs(a - b) for a, b in combinations(logs, 2))[good - 1]
        for logs in samples(normal, launches)
    )

    assert needed[int(0.95 * TRIALS)] == pytest.approx(FACTORS[launches], rel=0.08)
