"""What a launch is measured by."""

from __future__ import annotations

import math

import pytest

from raceway.analysis.comparison.normalisation import (
    ACROSS_RUNS,
    Normalisation,
    chosen,
    relative_to,
    spread_of,
)


def test_what_has_no_reference_in_its_launch_is_left_out() -> None:
    assert relative_to({0: 3.0, 1: 4.0}, {0: 1.0, 2: 5.0}) == {0: 2.0}


def test_a_spread_is_the_median_over_cases() -> None:
    alike, wild = {0: 1.0, 1: 2.0, 2: 3.0}, {0: 0.0, 1: 50.0, 2: 100.0}

    assert spread_of([alike, alike, wild]) == pytest.approx(1.0)


def test_two_launches_have_no_spread() -> None:
    assert spread_of([{0: 1.0, 1: 2.0}]) is None


@pytest.mark.parametrize(
    ("spreads", "normalisation"),
    [
        ({}, Normalisation.RAW),
        ({Normalisation.RAW: 0.01}, Normalisation.RAW),
        ({Normalisation.RAW: 0.01, Normalisation.ANCHOR: 0.002}, Normalisation.ANCHOR),
        ({Normalisation.RAW: 0.1, Normalisation.ANCHOR: 0.149}, Normalisation.ANCHOR),
        ({Normalisation.RAW: 0.1, Normalisation.ANCHOR: 0.151}, Normalisation.RAW),
        ({Normalisation.RAW: 0.01, Normalisation.ANCHOR: 0.0299}, Normalisation.ANCHOR),
        ({Normalisation.RAW: 0.01, Normalisation.ANCHOR: 0.0301}, Normalisation.RAW),
        (
            {Normalisation.RAW: 0.01, Normalisation.ANCHOR: 0.012, Normalisation.PARALLEL: 0.011},
            Normalisation.PARALLEL,
        ),
        (
            {Normalisation.RAW: 0.01, Normalisation.ANCHOR: 0.011, Normalisation.PARALLEL: 0.012},
            Normalisation.ANCHOR,
        ),
        ({Normalisation.RAW: 0.0, Normalisation.ANCHOR: 0.0}, Normalisation.ANCHOR),
        ({Normalisation.ANCHOR: 0.5}, Normalisation.ANCHOR),
    ],
)
def test_the_better_anchor_is_chosen_unless_it_scatters_much_more(
    spreads: dict[Normalisation, float], normalisation: Normalisation
) -> None:
    assert chosen(spreads) is normalisation


@pytest.mark.parametrize(
    ("spreads", "normalisation"),
    [
        ({Normalisation.RAW: 0.01, Normalisation.ANCHOR: 0.0079}, Normalisation.ANCHOR),
        ({Normalisation.RAW: 0.01, Normalisation.ANCHOR: 0.0081}, Normalisation.RAW),
        ({Normalisation.RAW: 0.01, Normalisation.ANCHOR: math.nan}, Normalisation.RAW),
        ({Normalisation.RAW: 0.0, Normalisation.ANCHOR: 0.0}, Normalisation.RAW),
    ],
)
def test_where_drift_shows_an_anchor_must_be_clearly_better(
    spreads: dict[Normalisation, float], normalisation: Normalisation
) -> None:
    assert chosen(spreads, ACROSS_RUNS) is normalisation
