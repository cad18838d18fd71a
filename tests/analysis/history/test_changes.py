"""Where a series changed its level."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.analysis.history.changes import FEWEST_POINTS, SMALLEST_EFFECT, find_changes

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(FEWEST_POINTS, 120)


def series(
    seed: int, length: int = 100, step: float = 1.0, at: int = 0, noise: float = 0.03
) -> list[float]:
    draw = np.random.default_rng(seed)
    steps = math.log(step) * (np.arange(length) >= at)
    return [*np.exp(noise * draw.standard_t(3, length) / math.sqrt(3) + steps).tolist()]


def indices(values: list[float]) -> list[int]:
    return [change.index for change in find_changes(values)]


def test_a_step_is_found_where_it_is_and_as_large_as_it_is() -> None:
    (change,) = find_changes(series(1, step=1.1, at=60, noise=0.01))

    assert abs(change.index - 60) <= 1
    assert change.ratio == pytest.approx(1.1, rel=0.01)
    assert change.after == pytest.approx(change.before * change.ratio)


def test_all_steps_of_a_staircase_are_found() -> None:
    values = series(2, 150, 1.1, 50, 0.01)
    staircase = [*values[:100], *(1.2 * value for value in values[100:])]

    assert np.allclose(indices(staircase), [50, 100], atol=2)


def test_a_slow_stretch_that_ended_again_is_found() -> None:
    values = series(3, 200, noise=0.01)

    assert np.allclose(
        indices([*values[:80], *(1.1 * value for value in values[80:95]), *values[95:]]),
        [80, 95],
        atol=2,
    )


def test_a_single_outlier_is_no_change() -> None:
    values = series(4)
    values[50] *= 20

    assert indices(values) == []


def test_a_change_too_small_to_matter_is_not_reported() -> None:
    assert indices(series(5, 200, 1 + SMALLEST_EFFECT / 2, 100, 0.0005)) == []


def test_a_cut_that_does_not_hold_between_its_neighbours_is_dropped() -> None:
    drift = [math.exp(0.02 * math.sin(day / 3)) for day in range(200)]

    assert len(indices(drift)) <= 1


@pytest.mark.parametrize("length", [0, 1, 2, FEWEST_POINTS - 1])
def test_a_short_series_has_no_change(length: int) -> None:
    assert indices([1.0] * (length // 2) + [2.0] * (length - length // 2)) == []


def test_beyond_a_thousand_points_steps_are_still_found() -> None:
    assert np.allclose(indices(series(6, 1200, 1.1, 900)), [900], atol=2)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_values_without_a_ratio_are_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite and above zero"):
        find_changes([1.0, value])


@given(st.integers(0, 300), st.floats(1e-9, 1e9))
def test_a_constant_series_never_alarms(length: int, value: float) -> None:
    assert indices([value] * length) == []


@given(seeds, lengths, st.floats(1e-6, 1e6))
def test_scaling_all_values_moves_no_change(seed: int, length: int, factor: float) -> None:
    values = series(seed, length, 1.1, length // 2)

    assert indices([factor * value for value in values]) == indices(values)


@given(seeds, lengths)
def test_time_reversed_mirrors_the_changes(seed: int, length: int) -> None:
    values = series(seed, length, 1.1, length // 2)
    mirrored = find_changes(values[::-1])[::-1]

    assert [length - change.index for change in mirrored] == indices(values)
    assert [1 / change.ratio for change in mirrored] == pytest.approx(
        [change.ratio for change in find_changes(values)]
    )


@given(seeds, lengths)
def test_inverted_values_change_at_the_same_places(seed: int, length: int) -> None:
    values = series(seed, length, 1.1, length // 2)

    assert indices([1 / value for value in values]) == indices(values)


@given(seeds, lengths)
def test_levels_are_those_between_the_changes(seed: int, length: int) -> None:
    changes = find_changes(series(seed, length, 1.2, length // 2))

    for first, second in pairwise(changes):
        assert first.index < second.index
        assert first.after == second.before


@pytest.mark.parametrize("length", [12, 30, 200])
def test_random_orders_alarm_in_at_most_one_in_a_hundred(length: int) -> None:
    draw = np.random.default_rng(20261123)
    alarms = sum(bool(find_changes([*draw.exponential(1, length)])) for _ in range(600))

    assert alarms <= 0.01 * 600 + 3 * math.sqrt(0.01 * 600)


def test_slow_drift_is_not_taken_for_steps() -> None:
    draw = np.random.default_rng(20261123)
    values = draw.standard_normal((300, 200))
    for day in range(1, 200):
        values[:, day] = 0.4 * values[:, day - 1] + math.sqrt(1 - 0.4**2) * values[:, day]
    alarms = sum(bool(find_changes([*np.exp(0.03 * row)])) for row in values)

    assert alarms <= 0.01 * 300 + 3 * math.sqrt(0.01 * 300)


def test_most_steps_as_large_as_the_noise_are_found() -> None:
    found = sum(bool(find_changes(series(seed, 200, 1.03, 120))) for seed in range(100))

    assert found >= 95


def test_a_large_step_beside_another_does_not_hide_it() -> None:
    values = [value * (1 + day // 40) for day, value in enumerate(series(8, 160, noise=0.005))]

    assert np.allclose(indices(values), [40, 80, 120], atol=1)
