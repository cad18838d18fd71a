from __future__ import annotations

import pytest

from raceway.doctor.checks.clock import clock, gaps, steadiness
from raceway.doctor.facts import Clock, Pulse
from raceway.doctor.findings import State


@pytest.mark.parametrize(
    ("facts", "state", "seen"),
    [
        (Clock("tsc", 0.5, 60e-9, 40e-9), State.OK, "tsc, 60 ns a reading, finest step 40 ns"),
        (Clock("", 0.5, 60e-9, 100e-9), State.OK, "60 ns a reading, finest step 100 ns"),
        (Clock("hpet", 0.5, 0.9e-6, 0.8e-6), State.WARN, "hpet, 900 ns a reading"),
        (Clock("xen", 0.5, 1.5e-6, 1e-6), State.WARN, "xen, 1.5 µs a reading"),
        (Clock("", 0.5, 60e-9, 15e-6), State.WARN, "60 ns a reading, finest step 15 µs"),
    ],
)
def test_a_clock_is_judged_by_its_source_cost_and_steps(
    facts: Clock, state: State, seen: str
) -> None:
    finding = clock(facts)

    assert finding.state is state
    assert finding.seen.startswith(seen)


def test_a_slow_clock_and_a_coarse_one_have_different_consequences() -> None:
    slow, coarse = Clock("hpet", 0.5, 2e-6, 1e-6), Clock("", 0.5, 60e-9, 15e-6)

    assert clock(slow).consequence != clock(coarse).consequence


@pytest.mark.parametrize(
    ("gaps_s", "state", "seen"),
    [
        ((), State.OK, "none above 1 ms in 500 ms"),
        ((0.002,), State.OK, "0.40 % of 500 ms lost in 1 gap above 1 ms (largest 2 ms)"),
        ((0.004,) * 4, State.WARN, "3.2 % of 500 ms lost in 4 gaps above 1 ms (largest 4 ms, "),
        ((0.003,) * 20, State.BAD, "12 % of 500 ms lost in 20 gaps"),
    ],
)
def test_gaps_are_judged_by_the_time_lost(
    gaps_s: tuple[float, ...], state: State, seen: str
) -> None:
    finding = gaps(Clock("tsc", 0.5, 60e-9, 40e-9, gaps_s))

    assert finding.state is state
    assert finding.seen.startswith(seen)


def test_one_huge_gap_in_a_long_watch_is_told() -> None:
    assert gaps(Clock("tsc", 10.0, 60e-9, 40e-9, (0.05,))).state is State.WARN


@pytest.mark.parametrize(
    ("pulse", "state", "seen"),
    [
        (
            Pulse(4_000, 0.2e-3, 0.01, 0.02),
            State.OK,
            "the same 200 µs of work varied by 1.0 % (IQR, 4,000 repeats), got 2.0 % slower",
        ),
        (Pulse(9, 0.2e-3, 0.01, None), State.OK, "the same 200 µs of work varied by 1.0 % (IQR, "),
        (Pulse(9, 0.2e-3, 0.1, 0.0), State.WARN, "the same 200 µs of work varied by 10 %"),
        (Pulse(9, 0.2e-3, 0.01, -0.1), State.WARN, "the same 200 µs of work varied by 1.0 % (IQR"),
        (Pulse(9, 0.2e-3, 0.3, 0.0), State.BAD, "the same 200 µs of work varied by 30 %"),
        (Pulse(2, 0.2e-3, None, None), State.UNKNOWN, "the system does not tell"),
    ],
)
def test_steadiness_is_judged_by_spread_and_drift(pulse: Pulse, state: State, seen: str) -> None:
    finding = steadiness(pulse)

    assert finding.state is state
    assert finding.seen.startswith(seen)


def test_the_direction_of_a_drift_is_told() -> None:
    assert steadiness(Pulse(9, 0.2e-3, 0.0, -0.2)).seen.endswith("got 20 % faster")
