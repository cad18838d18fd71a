"""Plain benchmarks without launches, judged by earlier runs or a prior."""

from __future__ import annotations

import random
from math import log
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.single_runs import (
    MOST_TOGETHER,
    PRIOR,
    EarlierRuns,
    shift_together,
    single_shift,
)
from raceway.analysis.comparison.verdicts import Verdict
from raceway.analysis.comparison.without_launches import judged_by_earlier_runs
from raceway.record import Launch, Record, Told
from support.compared import only
from support.single_runs import compared, drawn, heavy, normal, phases, plain_run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.verdicts import Matchup
    from support.single_runs import Noise

QUIET = ([0.0], [0.01], [-0.01])
"""Earlier runs of one case that lie 1 % apart."""


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (10, Verdict.SLOWER), (0.1, Verdict.FASTER), (2.5, Verdict.SLOWER),
        (1.1, Verdict.UNCLEAR), (2.0, Verdict.UNCLEAR), (1.0, Verdict.UNCLEAR),
    ],
)  # fmt: skip
def test_without_earlier_runs_only_a_large_change_is_told(ratio: float, verdict: Verdict) -> None:
    row = only(compared([0.0], [log(ratio)]))

    assert (row.verdict, row.single_runs) == (verdict, True)


@pytest.mark.parametrize("cases", [1, 100, 500])
def test_ten_times_as_long_is_told_in_a_suite_of_any_size(cases: int) -> None:
    comparison = compared([0.0] * cases, [log(10), *[0.0] * (cases - 1)])

    assert comparison.rows[0].verdict is Verdict.SLOWER
    assert comparison.count(Verdict.SLOWER) == 1


def test_three_earlier_runs_that_agree_tell_a_smaller_change() -> None:
    assert only(compared([0.0], [log(1.2)], *QUIET[:2])).verdict is Verdict.SLOWER
    assert only(compared([0.0], [log(1.2)], *QUIET[:1])).verdict is Verdict.UNCLEAR


def test_earlier_runs_that_scatter_as_far_make_a_change_unclear() -> None:
    scattered = ([0.0], [0.2], [-0.2])

    assert only(compared([0.0], [log(1.2)], *scattered)).verdict is Verdict.UNCLEAR


def test_the_run_judged_is_no_earlier_run() -> None:
    earlier = EarlierRuns.of({"case": [0.0, 0.01, log(10)]}, {"case": log(10)})

    assert earlier.spread("case") == PRIOR


def test_a_change_of_the_code_in_the_past_does_not_count_as_scatter() -> None:
    earlier = EarlierRuns.of({"case": [3.0, 3.01, 2.99, 0.0, 0.01]}, {"case": 0.02})

    assert earlier.spread("case").variance ** 0.5 < 0.02


def test_few_earlier_runs_are_steadied_by_those_of_other_cases() -> None:
    draw = random.Random(1)  # noqa: S311 (a simulation)
    levels = {f"{place}": [draw.gauss(0, 0.03) for _ in range(3)] for place in range(20)}
    earlier = EarlierRuns.of(levels, dict.fromkeys(levels, 9.0))

    assert min(each.degrees for each in earlier.spreads.values()) > 4
    assert min(each.variance for each in earlier.spreads.values()) > 0.015**2


def test_what_most_cases_have_in_common_is_not_told_of_any() -> None:
    slow = [log(1.3)] * 8
    rows = compared([0.0] * 8, slow, [0.0] * 8, [0.01] * 8, [-0.01] * 8).rows

    assert {row.verdict for row in rows} == {Verdict.UNCLEAR}
    assert rows[0].reason == (
        "most cases ran 1.30× slower together: the machine, or a change they share"
    )


def test_one_case_far_beyond_the_others_is_told() -> None:
    slow = [log(1.3)] * 7 + [log(3)]
    rows = compared([0.0] * 8, slow, [0.0] * 8, [0.01] * 8, [-0.01] * 8).rows

    assert [row.verdict for row in rows[-2:]] == [Verdict.UNCLEAR, Verdict.SLOWER]


@pytest.mark.parametrize(
    ("shifts", "together"),
    [
        ([0.2, 0.2, 0.2, 0.2], 0.0),
        ([0.2, 0.2, 0.2, 0.2, 0.2], 0.2),
        ([-0.2, -0.2, -0.2, -0.2, -0.2], -0.2),
        ([-2.0, -2.0, -2.0, 0.1, 0.1], 0.0),
        ([3.0] * 9, MOST_TOGETHER),
        ([0.001] * 9, 0.0),
    ],
)
def test_most_cases_move_together(shifts: Sequence[float], together: float) -> None:
    assert shift_together(shifts) == pytest.approx(together)


def test_a_time_of_zero_has_no_ratio(side: Callable[..., Side]) -> None:
    zero = [Launch(index=0, rounds_ns=[0])]
    a = side([Record(id="a.py::test_0", fullname="a.py::test_0", launches=zero)], "A")
    row = only(compare_sides(a, side(plain_run([0.0]), "B")))

    assert (row.verdict, row.reason) == (Verdict.UNCLEAR, "a time of zero has no ratio")


def test_a_mean_has_no_ratio_to_a_median(side: Callable[..., Side]) -> None:
    a, b = side(plain_run([0.0], told=Told(mean_s=9.0)), "A"), side(plain_run([0.0]), "B")
    row = only(compare_sides(a, b))

    assert (row.verdict, row.reason) == (Verdict.UNCLEAR, "a mean and a median do not compare")


def test_cases_with_launches_are_judged_by_these(
    comparison: Callable[..., Comparison], steady: Sequence[float], record: Callable[..., Record]
) -> None:
    records = [record("threads", steady)]

    assert not only(comparison(records, records)).single_runs


def test_launches_that_are_too_noisy_are_not_taken_for_single_runs(
    matchup: Callable[..., Matchup],
) -> None:
    few = matchup([0.0], [0.1], b_workload="")
    assert judged_by_earlier_runs([few], {})[0].single

    for side in (few.a, few.b):
        side.noisy = 2

    assert judged_by_earlier_runs([few], {})[0].single is None


NOISES = {each.__name__: each for each in (normal, heavy, phases)}


@pytest.mark.parametrize("earlier", [0, 3, 8])
@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
def test_runs_of_the_same_code_hardly_ever_differ(noise: Noise, earlier: int) -> None:
    """Of 40 comparisons of 20 cases: at most 4 of 800 cases, and 3 comparisons with any."""
    draw = random.Random(7)  # noqa: S311 (a simulation)
    changed = {Verdict.SLOWER, Verdict.FASTER}
    false = [
        sum(row.verdict in changed for row in drawn(draw, noise, 20, earlier).rows)
        for _ in range(40)
    ]

    assert sum(false) <= 4
    assert sum(map(bool, false)) <= 3


@pytest.mark.parametrize(
    ("earlier", "factor", "found"), [(0, 3.0, 19), (3, 2.0, 19), (8, 1.3, 12), (8, 1.5, 19)]
)
def test_planted_changes_are_found(earlier: int, factor: float, found: int) -> None:
    draw = random.Random(11)  # noqa: S311 (a simulation)
    verdicts = [drawn(draw, normal, 20, earlier, factor).rows[0].verdict for _ in range(20)]

    assert verdicts.count(Verdict.SLOWER) >= found


@pytest.mark.parametrize(("a", "b"), [([], [0.1]), ([0.1], []), ([], [])])
def test_a_side_without_runs_has_no_shift(a: list[float], b: list[float]) -> None:
    assert single_shift(a, b, PRIOR) is None
