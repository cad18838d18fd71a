"""How far launches usually scatter, and intervals steadied by it."""

from __future__ import annotations

import math
import random
from functools import cache
from statistics import fmean
from typing import TYPE_CHECKING

import pytest
from scipy.special import polygamma

from raceway.analysis.stats.intervals import Centre, centre_of
from raceway.analysis.stats.shift import between
from raceway.analysis.stats.shrinkage import (
    FEWEST_CASES,
    MOST_DEGREES,
    Prior,
    prior_of,
    shrunk,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CASES, REPORTS = 12, 60
LEAST_COVERAGE = 0.93
CENTRE = Centre(0.1, 0.01, 4, 5)


def normal(draw: random.Random, deviation: float) -> float:
    return draw.gauss(0, deviation)


def heavy_tailed(draw: random.Random, deviation: float) -> float:
    """Student's t of three degrees of freedom."""
    return draw.gauss(0, deviation) / math.sqrt(draw.gammavariate(1.5, 2) / 3)


def of_variance(variance: float, degrees: float = 4) -> Centre:
    return Centre(0.0, math.sqrt(variance / 5), degrees, 5)


def chi_squared(variance: float, degrees: int, count: int) -> list[Centre]:
    """Return centres whose variances scatter as those of launches that are alike do."""
    draw = random.Random(5)  # noqa: S311 (a simulation)
    return [
        of_variance(variance * draw.gammavariate(degrees / 2, 2) / degrees, degrees)
        for _ in range(count)
    ]


def side(scatter: Callable[..., float], launches: int, draw: random.Random) -> list[Centre]:
    """Return the centres of one side's cases, whose deviations differ as those of cases do."""
    deviations = [0.01 * draw.lognormvariate(0, 0.5) for _ in range(CASES)]
    centres = (centre_of([scatter(draw, each) for _ in range(launches)]) for each in deviations)
    return [centre for centre in centres if centre]


@cache
def shifts(
    scatter: Callable[..., float], launches: int, *, steadied: bool
) -> list[tuple[float, float]]:
    """Return each case's shift, the truth being 0, and half the width of its interval."""
    draw = random.Random(20261123)  # noqa: S311 (a simulation)
    found = []
    for _ in range(REPORTS):
        a, b = side(scatter, launches, draw), side(scatter, launches, draw)
        prior = prior_of([*a, *b]) if steadied else None
        found += [between(*(shrunk(each, prior) for each in pair)) for pair in zip(a, b)]  # noqa: B905 (as many cases on both sides)
    return [(each.log, each.half_width()) for each in found]


def test_nothing_is_usual_about_a_few_cases() -> None:
    assert prior_of([CENTRE] * (FEWEST_CASES - 1)) is None


def test_cases_that_do_not_scatter_at_all_do_not_count() -> None:
    still = [Centre(0.0, 0.0, 4, 5)] * FEWEST_CASES

    assert prior_of([CENTRE, *still]) is None


def test_an_error_too_small_to_square_does_not_count() -> None:
    assert prior_of([Centre(0.0, 1e-200, 4, 5)] * FEWEST_CASES) is None


def test_the_usual_variance_is_that_of_cases_alike() -> None:
    prior = prior_of(chi_squared(1e-4, 4, 400))

    assert prior is not None
    assert prior.variance == pytest.approx(1e-4, rel=0.1)


def test_cases_wholly_alike_are_worth_so_many_degrees_at_most() -> None:
    prior = prior_of([CENTRE] * 8)

    assert prior is not None
    assert prior.degrees == MOST_DEGREES


def test_cases_far_from_alike_are_worth_little() -> None:
    prior = prior_of([of_variance(10.0**-each) for each in range(2, 12)])

    assert prior is not None
    assert prior.degrees < 0.5


@pytest.mark.parametrize("spread", [1.3, 3.0, 30.0])
def test_degrees_solve_the_equation_of_moments(spread: float) -> None:
    prior = prior_of([of_variance(1e-4 * spread**each) for each in (-2, -1, 0, 1, 2)])

    assert prior is not None
    excess = 2.5 * math.log(spread) ** 2 - float(polygamma(1, 2))
    expected = min(MOST_DEGREES, 2 * trigamma_inverse(excess)) if excess > 0 else MOST_DEGREES
    assert prior.degrees == pytest.approx(expected, rel=1e-6)


def trigamma_inverse(value: float) -> float:
    """By bisection: slow, and another way than the one tested."""
    low, high = 1e-9, 1e9
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if float(polygamma(1, middle)) > value else (low, middle)
    return low


def test_without_anything_usual_a_centre_stays_as_it_is() -> None:
    assert shrunk(CENTRE, None) is CENTRE


def test_the_middle_is_not_shrunk() -> None:
    assert shrunk(CENTRE, Prior(1e-4, 8)).log == CENTRE.log


def test_variances_are_weighed_by_their_degrees() -> None:
    steadied = shrunk(CENTRE, Prior(2 * CENTRE.variance, 12))

    assert steadied.variance == pytest.approx(CENTRE.variance * (4 + 2 * 12) / 16)


def test_degrees_add_up() -> None:
    assert shrunk(CENTRE, Prior(2 * CENTRE.variance, 8)).degrees == 12


def test_a_case_that_scatters_more_than_others_unlike_it_stays_as_it_is() -> None:
    assert shrunk(CENTRE, Prior(CENTRE.variance / 2, CENTRE.degrees - 1)) is CENTRE


def test_a_case_that_scatters_more_than_others_like_it_is_told_to_scatter_less() -> None:
    assert shrunk(CENTRE, Prior(CENTRE.variance / 2, CENTRE.degrees)).error < CENTRE.error


def test_a_case_that_happens_not_to_scatter_gets_an_error() -> None:
    assert shrunk(Centre(0.0, 0.0, 4, 5), Prior(1e-4, 8)).error > 0


@pytest.mark.parametrize("steadied", [False, True])
@pytest.mark.parametrize("launches", [5, 8])
@pytest.mark.parametrize("scatter", [normal, heavy_tailed])
def test_intervals_hold_the_truth_often_enough(
    scatter: Callable[..., float], launches: int, *, steadied: bool
) -> None:
    held = fmean(abs(log) <= width for log, width in shifts(scatter, launches, steadied=steadied))

    assert held >= LEAST_COVERAGE


@pytest.mark.parametrize("scatter", [normal, heavy_tailed])
def test_shrinkage_widens_intervals_that_are_narrow_by_chance(
    scatter: Callable[..., float],
) -> None:
    steadied, plain = (
        min(width for _, width in shifts(scatter, 5, steadied=each)) for each in (True, False)
    )

    assert steadied > 1.2 * plain


@pytest.mark.parametrize("scatter", [normal, heavy_tailed])
def test_shrinkage_hardly_widens_the_usual_interval(scatter: Callable[..., float]) -> None:
    steadied, plain = (
        fmean(width for _, width in shifts(scatter, 5, steadied=each)) for each in (True, False)
    )

    assert steadied < 1.1 * plain
