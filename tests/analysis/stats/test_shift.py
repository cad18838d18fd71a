"""By how much two sides differ, and what that difference allows to say."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, ttest_ind_from_stats

from raceway.analysis.stats.intervals import Centre, student_t
from raceway.analysis.stats.shift import adjusted, between, chance_within, smallest_seen

CENTRES = st.builds(
    Centre,
    log=st.floats(-5, 5),
    error=st.floats(0, 1),
    degrees=st.floats(1, 50),
    launches=st.integers(2, 20),
)
CHANCES = st.lists(st.floats(0, 1), max_size=30)
A, B = Centre(0.0, 0.01, 4, 5), Centre(0.05, 0.02, 7, 8)


def test_a_shift_is_that_of_the_middles() -> None:
    assert between(A, B).log == pytest.approx(0.05)


def test_errors_add_up_as_welch_has_them() -> None:
    welch = ttest_ind_from_stats(0.05, 0.02 * 8**0.5, 8, 0.0, 0.01 * 5**0.5, 5, equal_var=False)

    assert chance_within(between(A, B), 0.0) == pytest.approx(welch.pvalue)


def test_sides_that_do_not_scatter_keep_their_degrees() -> None:
    assert between(Centre(0.0, 0.0, 4, 5), Centre(1.0, 0.0, 4, 5)).degrees == 8


def test_a_shift_has_the_launches_of_the_side_with_fewer() -> None:
    assert between(A, B).launches == 5


@given(CENTRES, CENTRES)
def test_swapping_the_sides_turns_the_shift_around(a: Centre, b: Centre) -> None:
    there, back = between(a, b), between(b, a)

    assert (there.log, there.error, there.degrees) == (-back.log, back.error, back.degrees)


@given(CENTRES, CENTRES)
def test_degrees_are_those_of_the_worse_side_at_least(a: Centre, b: Centre) -> None:
    assert between(a, b).degrees >= 0.999 * min(a.degrees, b.degrees)


@pytest.mark.parametrize(
    ("log", "chance"),
    [(0.0, 1.0), (0.02, 1.0), (0.03, 0.0), (-0.03, 0.0)],
)
def test_a_shift_without_error_is_beyond_the_bound_or_not(log: float, chance: float) -> None:
    assert chance_within(Centre(log, 0.0, 4, 5), 0.02) == chance


@given(CENTRES)
def test_a_chance_within_is_a_probability(shift: Centre) -> None:
    assert 0 <= chance_within(shift, 0.02) <= 1


@given(CENTRES, st.floats(0, 1), st.floats(0, 1))
def test_a_wider_bound_is_never_less_likely_to_hold(
    shift: Centre, bound: float, more: float
) -> None:
    assert chance_within(shift, bound + more) >= chance_within(shift, bound)


def test_the_interval_just_reaches_what_has_a_chance_of_one_in_twenty() -> None:
    shift = Centre(0.05, 0.01, 6, 5)

    assert chance_within(shift, 0.05 - shift.half_width()) == pytest.approx(0.05)


def test_the_smallest_change_seen_adds_both_quantiles_to_the_bound() -> None:
    seen = math.log(smallest_seen(Centre(0.0, 0.01, 1e9, 5), 0.02, 0.95))

    assert seen == pytest.approx(0.02 + 0.01 * (1.9600 + 0.8416), rel=1e-3)


def test_without_error_whatever_is_beyond_the_bound_is_seen() -> None:
    assert smallest_seen(Centre(0.3, 0.0, 4, 5), math.log(1.02), 0.95) == pytest.approx(1.02)


def test_hopeless_noise_does_not_overflow() -> None:
    assert math.isfinite(smallest_seen(Centre(0.0, 1e6, 1, 2), 0.02, 0.95))


def test_nothing_to_adjust_is_no_trouble() -> None:
    assert adjusted([]) == []


def test_a_lone_chance_stays_as_it_is() -> None:
    assert adjusted([0.03]) == [0.03]


@given(CHANCES.filter(bool))
def test_chances_are_adjusted_as_scipy_does(chances: list[float]) -> None:
    assert adjusted(chances) == pytest.approx(false_discovery_control(chances, method="bh"))


@given(CHANCES)
def test_adjusted_chances_lie_between_the_raw_ones_and_one(chances: list[float]) -> None:
    pairs = zip(chances, adjusted(chances), strict=True)

    assert all(raw <= after <= 1 for raw, after in pairs)


@given(CHANCES)
def test_adjusting_keeps_the_order(chances: list[float]) -> None:
    in_order = [after for _, after in sorted(zip(chances, adjusted(chances), strict=True))]

    assert in_order == sorted(in_order)


@given(st.floats(0.5, 1e4), st.floats(0.5, 0.999))
def test_quantiles_of_student_grow_with_confidence(degrees: float, confidence: float) -> None:
    assert student_t(degrees, confidence) < student_t(degrees, (1 + confidence) / 2)
