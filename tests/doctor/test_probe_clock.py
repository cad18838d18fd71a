from __future__ import annotations

from itertools import accumulate, chain, repeat

import pytest

from raceway.doctor.probe_clock import watch_clock


def clock_of(*steps_ns: int) -> object:
    """Return a clock that makes these steps, then 100 ns each."""
    return accumulate(chain([0], steps_ns, repeat(100))).__next__


def test_gaps_are_what_lies_between_two_readings() -> None:
    seen = watch_clock(0.01, "tsc", clock_of(100, 3_000_000, 50, 5_000_000))  # type: ignore[arg-type]

    assert seen.source == "tsc"
    assert seen.gaps_s == (0.005, 0.003)
    assert seen.watched_s == pytest.approx(0.01, rel=1e-3)


def test_a_reading_costs_the_mean_of_steps_without_gaps() -> None:
    seen = watch_clock(0.002, read_ns=clock_of(1_500_000))  # type: ignore[arg-type]

    assert seen.reading_s == pytest.approx(100e-9)


def test_the_finest_step_above_nothing_counts() -> None:
    seen = watch_clock(1e-6, read_ns=clock_of(100, 0, 40, 0, 100))  # type: ignore[arg-type]

    assert seen.finest_s == pytest.approx(40e-9)


def test_a_clock_that_is_only_a_gap_has_no_fine_steps() -> None:
    seen = watch_clock(1e-6, read_ns=clock_of(2_000_000))  # type: ignore[arg-type]

    assert (seen.gaps_s, seen.reading_s, seen.finest_s) == ((0.002,), 0.0, 0.001)


def test_the_real_clock_goes_on() -> None:
    seen = watch_clock(0.001)

    assert seen.watched_s >= 0.001
    assert seen.finest_s > 0
