"""How many times faster one case is than another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.analysis.run.speedup import launch_ratios
from raceway.analysis.run.timing import LaunchTime, Timing

SECONDS = st.floats(1e-6, 1e3)


def timing(*launches: dict[int, float], computed_s: float | None = None) -> Timing:
    """Return what is known about a case from the seconds of a pass, by turn, in each launch."""
    times = {
        index: LaunchTime(sorted(turns.values())[len(turns) // 2], turns)
        for index, turns in enumerate(launches)
    }
    return Timing(times, computed_s)


def test_a_launch_is_the_geometric_mean_of_its_turns_ratios() -> None:
    slow, fast = timing({0: 2.0, 1: 8.0, 2: 6.0}), timing({0: 1.0, 1: 2.0, 2: 2.0})

    assert launch_ratios(slow, fast) == {0: pytest.approx((2.0 * 4.0 * 3.0) ** (1 / 3))}


def test_a_ratio_far_from_the_median_one_counts_as_half_as_much_again() -> None:
    slow, fast = timing({0: 3.0, 1: 90.0, 2: 3.0, 3: 0.1}), timing(dict.fromkeys(range(4), 1.0))

    assert launch_ratios(slow, fast) == {0: pytest.approx(3.0)}
    assert launch_ratios(fast, slow) == {0: pytest.approx(1 / 3.0)}


def test_only_turns_in_which_both_ran_count() -> None:
    slow, fast = timing({0: 2.0, 1: 3.0}), timing({1: 1.0, 2: 9.0})

    assert launch_ratios(slow, fast) == {0: pytest.approx(3.0)}


def test_only_launches_in_which_both_ran_count() -> None:
    slow, fast = timing({0: 2.0}, {0: 2.0}), timing({0: 1.0})

    assert launch_ratios(slow, fast) == {0: 2.0}


def test_without_turns_medians_are_compared() -> None:
    slow, fast = Timing({0: LaunchTime(6.0, {})}), Timing({0: LaunchTime(2.0, {})})

    assert launch_ratios(slow, fast) == {0: 3.0}


def test_a_computed_time_stands_beside_every_launch() -> None:
    serial, fast = timing(computed_s=10.0), timing({0: 1.0}, {0: 2.0})

    assert launch_ratios(serial, fast) == {0: 10.0, 1: 5.0}


def test_a_computed_time_can_be_the_faster_one() -> None:
    slow, serial = timing({0: 20.0}), timing(computed_s=10.0)

    assert launch_ratios(slow, serial) == {0: 2.0}


def test_two_computed_times_are_one_observation() -> None:
    assert launch_ratios(timing(computed_s=4.0), timing(computed_s=2.0)) == {0: 2.0}


def test_cases_that_share_no_launch_are_not_compared() -> None:
    assert launch_ratios(timing({0: 1.0}), Timing({})) == {}


@given(st.lists(st.tuples(SECONDS, SECONDS), min_size=2, max_size=6), st.floats(0.01, 100))
def test_scaling_both_sides_changes_nothing(
    passes_s: list[tuple[float, float]], factor: float
) -> None:
    pair = [timing(*({0: each[side]} for each in passes_s)) for side in (0, 1)]
    scaled = [timing(*({0: each[side] * factor} for each in passes_s)) for side in (0, 1)]

    before, after = launch_ratios(*pair), launch_ratios(*scaled)

    assert after == pytest.approx(before, rel=1e-6)
