"""How far a ratio can be trusted."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.analysis.stats.intervals import Estimate, estimate_of

RATIOS = st.lists(st.floats(0.01, 100), min_size=2, max_size=18)


def test_no_launch_gives_no_estimate() -> None:
    assert estimate_of([]) is None


def test_one_launch_has_no_interval() -> None:
    assert estimate_of([1.9]) == Estimate(1.9, None, None, 1)


def test_three_launches_have_students_interval() -> None:
    estimate = estimate_of([math.exp(-0.1), 1.0, math.exp(0.1)])

    assert estimate is not None
    assert estimate.high == pytest.approx(math.exp(4.302653 * 0.1 / math.sqrt(3)))


def test_the_centre_of_few_launches_is_their_geometric_mean() -> None:
    estimate = estimate_of([1.0, 2.0, 4.0])

    assert estimate is not None
    assert estimate.centre == pytest.approx(2.0)


def test_an_outlier_among_five_launches_does_not_widen_the_interval_with_its_size() -> None:
    near, far = (estimate_of([1.89, 1.90, 1.91, 1.92, outlier]) for outlier in (2.1, 20.0))

    assert far == near


def test_wild_ratios_do_not_overflow() -> None:
    estimate = estimate_of([1e-300, 1e300])

    assert estimate is not None
    assert math.isfinite(estimate.high or math.inf)


@given(RATIOS)
def test_swapping_the_sides_inverts_the_estimate(ratios: list[float]) -> None:
    there, back = estimate_of(ratios), estimate_of([1 / ratio for ratio in ratios])

    assert there is not None
    assert back is not None
    assert 1 / back.centre == pytest.approx(there.centre, rel=1e-9)
    assert (there.low is None) is (back.high is None) is (len(ratios) == 1)
    if back.low is not None and back.high is not None:
        assert (1 / back.high, 1 / back.low) == pytest.approx((there.low, there.high), rel=1e-9)


@given(RATIOS)
def test_the_centre_lies_in_its_interval(ratios: list[float]) -> None:
    estimate = estimate_of(ratios)

    assert estimate is not None
    assert (estimate.low or 0.0) <= estimate.centre <= (estimate.high or 0.0)


@given(st.floats(0.01, 100), st.integers(2, 18))
def test_launches_that_agree_leave_no_doubt(ratio: float, launches: int) -> None:
    estimate = estimate_of([ratio] * launches)

    assert estimate is not None
    assert estimate.low == pytest.approx(estimate.high, rel=1e-9)
