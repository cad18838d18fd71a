"""What the rounds of a case say about one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.timing import Timing, launch_time_of, timing_of
from raceway.record import Launch, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record


def test_a_round_is_divided_by_its_loops() -> None:
    time = launch_time_of(Launch(index=0, loops=4, rounds_ns=[8_000_000_000]))

    assert time is not None
    assert time.pass_s == 2.0


def test_rounds_of_a_turn_share_their_median() -> None:
    launch = Launch(index=0, rounds_ns=[10**9, 3 * 10**9, 7 * 10**9], turns=[0, 0, 1])

    time = launch_time_of(launch)

    assert time is not None
    assert time.by_turn_s == {0: 2.0, 1: 7.0}


def test_a_round_of_no_time_is_no_measurement() -> None:
    launch = Launch(index=0, rounds_ns=[0, 2 * 10**9], turns=[0, 1])

    time = launch_time_of(launch)

    assert time is not None
    assert (time.pass_s, time.by_turn_s) == (2.0, {1: 2.0})


def test_a_launch_without_rounds_has_no_time() -> None:
    assert launch_time_of(Launch(index=0)) is None


def test_a_failed_launch_has_no_time() -> None:
    assert launch_time_of(Launch(index=0, rounds_ns=[1], status=Status.FAILED)) is None


def test_a_pass_is_the_median_over_launches(record: Callable[..., Record]) -> None:
    assert timing_of(record(passes_s=[1.0, 9.0, 2.0])).pass_s == pytest.approx(2.0)


def test_a_failed_case_has_no_time(record: Callable[..., Record]) -> None:
    timing = timing_of(record(passes_s=[1.0], status=Status.FAILED))

    assert timing == Timing({})


def test_an_interrupted_case_keeps_the_launches_it_has(record: Callable[..., Record]) -> None:
    timing = timing_of(record(passes_s=[1.0], status=Status.INTERRUPTED))

    assert timing.pass_s == pytest.approx(1.0)


def test_a_computed_time_stands_where_nothing_was_measured(record: Callable[..., Record]) -> None:
    assert timing_of(record(computed_s=10.0)).pass_s == 10.0


def test_a_measured_time_goes_before_a_computed_one(record: Callable[..., Record]) -> None:
    assert timing_of(record(passes_s=[1.0], computed_s=10.0)).computed_s is None


def test_a_computed_time_of_nothing_is_not_known(record: Callable[..., Record]) -> None:
    assert timing_of(record(computed_s=0.0)).pass_s is None
