"""What a launch is measured by."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.normalisation import (
    Normalisation,
    chosen,
    logs_of,
    relative_to,
    spread_of,
)
from raceway.record import GroupResult, Launch, Noise, Status

if TYPE_CHECKING:
    from collections.abc import Sequence


def group(parallel_anchors_ns: Sequence[int]) -> GroupResult:
    return GroupResult(
        id="primes-4000",
        launch=0,
        started_at="2026-11-23T04:55:00+00:00",
        wall_s=1.0,
        noise=Noise(),
        launches={},
        parallel_anchors_ns=list(parallel_anchors_ns),
    )


def launch(**fields: object) -> Launch:
    """Return a launch of three turns whose second round and anchor took twice as long."""
    prior = {"rounds_ns": [4_000, 8_000, 4_000], "turns": [0, 1, 2], "loops": 2}
    return Launch(**{"index": 0, "anchors_ns": [1_000, 2_000, 1_000], **prior, **fields})  # type: ignore[arg-type]


def test_raw_is_the_time_of_a_pass() -> None:
    assert logs_of(launch(), None)[Normalisation.RAW] == pytest.approx(math.log(2e-6))


def test_a_launch_without_time_has_no_logarithm() -> None:
    assert logs_of(launch(status=Status.FAILED), None) == {}


def test_each_round_is_divided_by_the_anchor_beside_it() -> None:
    assert logs_of(launch(), None)[Normalisation.ANCHOR] == pytest.approx(math.log(2))


def test_each_round_is_divided_by_the_parallel_anchor_of_its_turn() -> None:
    logs = logs_of(launch(turns=[1, 0, 1]), group([500, 250]))

    assert logs[Normalisation.PARALLEL] == pytest.approx(math.log(8))


def test_rounds_of_unknown_turns_have_no_parallel_anchor() -> None:
    logs = logs_of(launch(turns=[0, 7, -1]), group([500]))

    assert logs[Normalisation.PARALLEL] == pytest.approx(math.log(4))


@pytest.mark.parametrize(
    "fields",
    [{"anchors_ns": []}, {"anchors_ns": [1_000]}, {"anchors_ns": [0, 0, 0]}],
)
def test_anchors_that_are_not_there_for_each_round_do_not_count(fields: dict[str, object]) -> None:
    assert Normalisation.ANCHOR not in logs_of(launch(**fields), None)


@pytest.mark.parametrize("fields", [{"anchors_ns": []}, {"turns": [0]}])
def test_the_parallel_anchor_is_for_anchored_rounds_of_known_turns(
    fields: dict[str, object],
) -> None:
    assert Normalisation.PARALLEL not in logs_of(launch(**fields), group([500, 500, 500]))


def test_an_old_group_has_no_parallel_anchor() -> None:
    assert Normalisation.PARALLEL not in logs_of(launch(), group([]))


def test_a_round_of_no_length_is_left_out() -> None:
    logs = logs_of(launch(rounds_ns=[0, 8_000, 4_000]), group([500, 500, 500]))

    assert (logs[Normalisation.ANCHOR], logs[Normalisation.PARALLEL]) == (
        pytest.approx(math.log(2)),
        pytest.approx(math.log(math.sqrt(8 * 4))),
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
