"""Launches that ran together are compared one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.record import Grade
from support.compared import STEADY_ANCHORS, longer, only

if TYPE_CHECKING:
    from support.compared import MakeAnchored
    from support.synthetic import Compare, MakeRecord, MakeRun


TOGETHER = [1.0, 1.5, 0.7, 1.2, 0.9]
"""How long the machine took launch by launch: far more scatter than change."""


def test_launches_of_a_duel_are_compared_one_by_one(
    comparison: Compare, record: MakeRecord
) -> None:
    a, b = ([record("pool", longer(TOGETHER, each))] for each in (1.0, 1.05))

    assert only(comparison(a, b, duel="3f9a1c")).verdict is Verdict.SLOWER


def test_noise_that_both_sides_of_a_duel_met_leaves_no_launch_out(
    comparison: Compare, record: MakeRecord
) -> None:
    a, b = ([record("pool", longer(TOGETHER, each))] for each in (1.0, 1.05))
    row = only(comparison(a, b, a_grade=Grade.NOISY, b_grade=Grade.NOISY, duel="3f9a1c"))

    assert (row.verdict, row.matchup.a.launches) == (Verdict.SLOWER, len(TOGETHER))


def test_the_same_launches_measured_apart_cannot_tell(
    comparison: Compare, record: MakeRecord
) -> None:
    a, b = ([record("pool", longer(TOGETHER, each))] for each in (1.0, 1.05))

    assert only(comparison(a, b)).verdict is Verdict.UNCLEAR


def test_two_interpreters_of_one_run_are_compared_launch_by_launch(
    run: MakeRun, record: MakeRecord
) -> None:
    both = run(
        [
            record("serial", longer(TOGETHER, factor), interpreter=label)
            for label, factor in (("3.13", 1.0), ("3.14", 1.05))
        ]
    )
    row = only(compare_sides(Side("3.13", [both], "3.13"), Side("3.14", [both], "3.14")))

    assert (row.case, row.verdict) == ("primes-4000-serial-w1", Verdict.SLOWER)


def test_sides_that_ran_together_can_be_shown_the_same(
    comparison: Compare, record: MakeRecord
) -> None:
    both = [record("pool", TOGETHER)]

    assert only(comparison(both, both, duel="3f9a1c")).verdict is Verdict.SAME


def test_sides_that_ran_together_need_no_anchor(
    comparison: Compare, anchored_record: MakeAnchored, steady: list[float]
) -> None:
    both = anchored_record(steady, STEADY_ANCHORS)

    assert only(comparison(both, both, duel="3f9a1c")).matchup.normalisation is Normalisation.RAW
