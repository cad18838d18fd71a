"""From which size on a model pays, on curves whose crossover is known."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from raceway.analysis.run.crossing import crossover_of, isotonic
from raceway.analysis.run.crossover import Crossover, CrossoverPlace, CrossoverPoint
from raceway.analysis.stats.intervals import Centre

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (1e-5, 1e-4, 1e-3, 1e-2)


def points(
    speedups: Sequence[float], error: float = 0.01, sizes: Sequence[float] = SIZES
) -> list[CrossoverPoint]:
    return [
        CrossoverPoint(
            magnitude=size, serial_s=32 * size, log_speedup=Centre(log(speedup), error, 4, 5)
        )
        for size, speedup in zip(sizes, speedups, strict=True)
    ]


def overhead(cost_s: float, best: float) -> list[float]:
    """Return the speedups of a model that costs so much a task and is so much faster at best."""
    return [size / (size / best + cost_s) for size in SIZES]


def crossed(speedups: Sequence[float], error: float = 0.01) -> Crossover:
    found = crossover_of(points(speedups, error))
    assert found
    return found


def test_no_size_has_no_crossover() -> None:
    assert crossover_of([]) is None


def test_the_crossover_lies_between_the_sizes_around_it() -> None:
    found = crossed([0.2, 0.8, 1.8, 1.9])

    assert found.reach is CrossoverPlace.WITHIN
    assert found.magnitude
    assert SIZES[1] < found.magnitude < SIZES[2]


def test_the_crossover_is_where_the_straight_line_passes_the_bound() -> None:
    found = crossed([1.05 / 2, 1.05 / 2, 1.05 * 2, 1.05 * 2])

    assert found.magnitude == pytest.approx((SIZES[1] * SIZES[2]) ** 0.5)


def test_the_interval_holds_the_crossover_and_is_wider_the_less_is_known() -> None:
    sure, unsure = (crossed([0.2, 0.8, 1.8, 1.9], error) for error in (0.01, 0.1))

    assert sure.low
    assert sure.high
    assert unsure.low
    assert unsure.high
    assert unsure.low < sure.low < (sure.magnitude or 0) < sure.high < unsure.high


def test_what_pays_at_the_smallest_size_pays_below_it() -> None:
    found = crossed([1.5, 1.6, 1.8, 1.9])

    assert found == Crossover(reach=CrossoverPlace.BELOW, high=pytest.approx(SIZES[0]))


def test_what_costs_less_and_less_may_pay_beyond_the_largest_size() -> None:
    assert crossed(overhead(0.01, 1.9)).reach is CrossoverPlace.BEYOND


def test_what_surely_does_not_pay_yet_pays_from_the_largest_size_at_least() -> None:
    found = crossed(overhead(0.01, 1.9))

    assert (found.low, found.high) == (pytest.approx(SIZES[-1]), None)


def test_what_only_loses_its_overhead_never_pays() -> None:
    assert crossed(overhead(1e-5, 1.0)).reach is CrossoverPlace.NEVER


def test_a_single_size_that_loses_tells_nothing_of_larger_ones() -> None:
    found = crossover_of(points([0.5], sizes=[1e-3]))

    assert found is not None
    assert found.reach is CrossoverPlace.BEYOND


def test_a_dip_at_a_large_size_counts_against_the_sizes_before_it() -> None:
    """The speedup must stay beyond the bound, so one lucky size does not start it."""
    lucky = crossed([0.9, 1.2, 0.8, 1.9])

    assert lucky.magnitude
    assert lucky.magnitude > SIZES[2]


def test_an_uncertain_start_is_open_below() -> None:
    found = crossed([1.06, 1.5, 1.8, 1.9], error=0.05)

    assert (found.reach, found.low) == (CrossoverPlace.BELOW, None)
    assert found.high


def test_the_same_points_give_the_same_crossover() -> None:
    assert crossed([0.2, 0.8, 1.8, 1.9]) == crossed([0.2, 0.8, 1.8, 1.9])


def test_scaling_all_sizes_scales_the_crossover() -> None:
    plain = crossover_of(points([0.2, 0.8, 1.8, 1.9]))
    scaled = crossover_of(points([0.2, 0.8, 1.8, 1.9], sizes=[100 * size for size in SIZES]))

    assert plain
    assert scaled
    assert scaled.magnitude == pytest.approx(100 * (plain.magnitude or 0))


curves = st.lists(st.floats(-3, 3), min_size=1, max_size=7)


def test_a_larger_size_that_takes_less_time_leads_somewhere() -> None:
    assert crossed([1e-4, 1e-3, 0.01, 0.5]).reach is CrossoverPlace.BEYOND


@given(curves, st.data())
def test_the_isotonic_fit_is_that_of_scipy(values: list[float], data: st.DataObject) -> None:
    weights = data.draw(
        st.lists(st.floats(0.1, 10), min_size=len(values), max_size=len(values))
    )  # fmt: skip
    ours = isotonic(np.array([values]), np.array(weights))[0]

    assert ours == pytest.approx(isotonic_regression(values, weights=weights).x, abs=1e-9)


@given(st.lists(st.floats(-2, 2), min_size=4, max_size=4))
def test_a_crossover_within_lies_within_the_sizes(logs: list[float]) -> None:
    found = crossed([exp(each) for each in logs])

    if found.reach is CrossoverPlace.WITHIN:
        assert found.magnitude
        assert SIZES[0] * 0.999 <= found.magnitude <= SIZES[-1] * 1.001
    else:
        assert found.magnitude is None
