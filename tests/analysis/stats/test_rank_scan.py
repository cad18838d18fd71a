"""The rank scan and its quantiles."""

from __future__ import annotations

import math

import numpy as np
import pytest

from raceway.analysis.stats.rank_scan import (
    LARGEST_CORRELATION,
    LENGTHS,
    LONGEST_FOR_STRETCHES,
    Parting,
    corrected,
    step_in,
    step_quantile,
    stretch_in,
    stretch_quantile,
)

ORDERS = 4_000


@pytest.mark.slow
@pytest.mark.parametrize("length", [12, 20, 70, 200])
def test_the_quantiles_are_those_of_random_orders(length: int) -> None:
    draw = np.random.default_rng(20261123)
    orders = [draw.permutation(length).astype(float) for _ in range(ORDERS)]
    steps = [parting.score for order in orders if (parting := step_in(order))]
    stretches = [parting.score for order in orders if (parting := stretch_in(order))]
    steps_beyond = np.mean(np.array(steps) >= step_quantile(length) - 1e-9)
    stretches_beyond = np.mean(np.array(stretches) >= stretch_quantile(length) - 1e-9)

    assert steps_beyond <= 0.008 + 3 * math.sqrt(0.008 / ORDERS)
    assert stretches_beyond <= 0.002 + 3 * math.sqrt(0.002 / ORDERS)


def test_a_step_scores_what_wilcoxons_rank_sum_says() -> None:
    parting = step_in(np.array([1.0, 2, 3, 10, 11, 12, 13]))

    assert parting is not None
    assert parting.cuts == (3,)
    assert parting.score == pytest.approx(6 / math.sqrt(3 * 4 * 8 / 12))
    assert parting.shift == 9.5


def test_equal_values_share_their_rank() -> None:
    parting = step_in(np.array([1.0, 1, 1, 2, 2, 2]))

    assert parting is not None
    assert parting.score == pytest.approx(math.sqrt(5))


def test_a_stretch_is_told_from_what_is_around_it() -> None:
    parting = stretch_in(np.array([1.0, 8, 3, 5, 11, 12, 13, 4, 2, 7, 6]))

    assert parting is not None
    assert (parting.cuts, parting.shift) == ((4, 7), 7.5)


@pytest.mark.parametrize(
    ("values", "cut"), [([1.0, 2, 3, 11, 12, 13], 3), ([11.0, 12, 13, 1, 2, 3], 3)]
)
def test_a_stretch_up_to_an_end_is_a_step(values: list[float], cut: int) -> None:
    parting = stretch_in(np.array(values))

    assert parting is not None
    assert parting.cuts == (cut,)


@pytest.mark.parametrize("values", [[], [1.0], [2.0] * 9])
@pytest.mark.parametrize("scan", [step_in, stretch_in])
def test_where_all_is_alike_nothing_parts(scan: object, values: list[float]) -> None:
    assert callable(scan)
    assert scan(np.array(values)) is None


def test_stretches_of_very_long_series_are_not_looked_for() -> None:
    assert stretch_in(np.arange(LONGEST_FOR_STRETCHES + 1.0)) is None


def test_nothing_is_rare_in_a_short_series() -> None:
    assert step_quantile(LENGTHS[0] - 1) == stretch_quantile(0) == math.inf


def test_a_clean_step_is_not_taken_for_correlation() -> None:
    draw = np.random.default_rng(1)
    values = draw.standard_normal(400) + 5 * (np.arange(400) >= 200)
    parting = step_in(values)

    assert parting is not None
    assert corrected(parting, values).score > 0.9 * parting.score


def test_correlation_lowers_a_score_as_bartlett_says() -> None:
    draw = np.random.default_rng(2)
    values = draw.standard_normal(20_000)
    for place in range(1, len(values)):
        values[place] += 0.6 * values[place - 1]
    factor = corrected(Parting((10_000,), 1.0, 0.0), values).score

    assert factor == pytest.approx(math.sqrt(0.4 / 1.6), rel=0.05)


def test_even_a_straight_slope_keeps_some_score() -> None:
    slope = np.arange(5_000.0)
    least = math.sqrt((1 - LARGEST_CORRELATION) / (1 + LARGEST_CORRELATION))

    assert corrected(Parting((1,), 1.0, 0.0), slope).score == pytest.approx(least)


def test_a_step_without_any_noise_keeps_its_score() -> None:
    values = np.array([1.0] * 10 + [2.0] * 10)

    assert corrected(Parting((10,), 4.0, 1.0), values).score > 0.8 * 4.0
