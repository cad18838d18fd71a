"""What a machine may have drifted, and launches side by side that drift together."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.verdicts import Matchup, Verdict, shift_between
from raceway.analysis.run.timing import LaunchTime
from support.matchups import around, judged

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeMatchup = Callable[..., Matchup]


DRIFT = log(1.10)


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (1.0, Verdict.UNCLEAR),
        (1.08, Verdict.UNCLEAR),
        (1.15, Verdict.SLOWER),
        (1 / 1.15, Verdict.FASTER),
    ],
)
def test_where_the_machine_may_drift_only_larger_changes_are_told(
    matchup: MakeMatchup, ratio: float, verdict: Verdict
) -> None:
    assert judged(matchup(around(1.0), around(ratio), drift=DRIFT)).verdict is verdict


def test_drift_is_named_where_it_could_explain_the_change(matchup: MakeMatchup) -> None:
    row = judged(matchup(around(1.0), around(1.08), drift=DRIFT, drift_cause="it drifted"))

    assert row.reason == "it drifted"


def test_drift_is_not_blamed_for_a_change_it_cannot_explain(matchup: MakeMatchup) -> None:
    row = judged(matchup(around(1.0), around(1.115), drift=DRIFT))

    assert row.reason == "the interval is too wide"


def test_drift_counts_in_what_could_have_been_seen(matchup: MakeMatchup) -> None:
    detectable = judged(matchup(around(1.0), around(1.0), drift=DRIFT)).detectable

    assert detectable is not None
    assert detectable > 1.10 * 1.02


def by_turn(*passes_s: float) -> LaunchTime:
    return LaunchTime(sorted(passes_s)[len(passes_s) // 2], dict(enumerate(passes_s)))


def test_launches_side_by_side_are_compared_turn_by_turn(matchup: MakeMatchup) -> None:
    case = matchup(around(1.0), around(1.0))
    for index in range(3):
        case.a.times["run", index] = by_turn(1.0, 3.0, 2.0)
        case.b.times["run", index] = by_turn(1.05, 3.15)
    shift = case.shift()

    assert shift is not None
    assert exp(shift.log) == pytest.approx(1.05)


def test_scatter_that_both_sides_have_in_common_drops_out(matchup: MakeMatchup) -> None:
    wild = around(1.0, (-0.3, 0.3, 0.0, 0.1, -0.2))
    case = matchup(wild, [each + log(1.05) for each in wild])
    for index, each in enumerate(wild):
        case.a.times["run", index] = by_turn(exp(each))
        case.b.times["run", index] = by_turn(1.05 * exp(each))

    assert judged(case).verdict is Verdict.SLOWER


def test_too_few_common_launches_are_compared_apart(matchup: MakeMatchup) -> None:
    case = matchup(around(1.0), around(1.5))
    case.a.times["run", 0], case.b.times["run", 0] = by_turn(1.0), by_turn(1.0)

    assert judged(case).verdict is Verdict.SLOWER


def test_a_lone_launch_a_side_has_no_shift() -> None:
    assert shift_between([0.0], [0.0, 0.1]) is None


def test_a_shift_between_launches_measured_apart_has_both_their_errors() -> None:
    shift = shift_between([0.0, 0.1, 0.2], [0.0, 0.1, 0.2])

    assert shift is not None
    assert shift.error == pytest.approx((2 * 0.01 / 3) ** 0.5)
