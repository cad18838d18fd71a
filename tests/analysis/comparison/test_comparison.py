"""Two sides compared, as a whole: what must hold whatever was measured, and how often it errs."""

from __future__ import annotations

import math
import random
from functools import cache
from statistics import fmean
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raceway.analysis.comparison.comparison import Comparison, compare_sides
from raceway.analysis.comparison.verdicts import Terms, Verdict
from raceway.record import Launch, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.record import Run
    from support.synthetic import MakeSide

    Times = list[list[int]]

FLIPPED = {
    **{each: each for each in Verdict},
    Verdict.SLOWER: Verdict.FASTER,
    Verdict.FASTER: Verdict.SLOWER,
    Verdict.MISSING: Verdict.NEW,
    Verdict.NEW: Verdict.MISSING,
}
LAUNCHES_NS = st.lists(st.integers(10**6, 10**7), max_size=6)
TIMES = st.lists(LAUNCHES_NS, min_size=1, max_size=6)
invariant = settings(deadline=None, max_examples=40)


def records(cases_ns: Times, kind: str = "io", factor: int = 1) -> list[Record]:
    """Return cases of one round a launch; sizes name them."""
    return [
        Record(
            id=f"sleep-{size}-threads-w4",
            fullname=f"raceway::sleep-{size}",
            workload="sleep",
            size=str(size),
            model="threads",
            kind=kind,
            launches=[
                Launch(index=index, rounds_ns=[factor * each_ns])
                for index, each_ns in enumerate(launches_ns)
            ],
        )
        for size, launches_ns in enumerate(cases_ns)
    ]


def ends(compared: Comparison) -> list[tuple[float, float, float] | None]:
    """Return all ratios and intervals that there are."""
    every = [row.estimate for row in compared.rows] + [compared.overall]
    return [
        (each.centre, each.low or each.centre, each.high or each.centre) if each else None
        for each in every
    ]


def in_order(compared: Comparison) -> Comparison:
    """Return the comparison with its rows in the order of their names."""
    rows = sorted(compared.rows, key=lambda row: row.case)
    return Comparison(
        a=compared.a, b=compared.b, terms=compared.terms, rows=rows,
        differences=compared.differences, overall=compared.overall,
    )  # fmt: skip


def assert_alike(
    one: Sequence[tuple[float, float, float] | None],
    other: Sequence[tuple[float, float, float] | None],
) -> None:
    for left, right in zip(one, other, strict=True):
        assert left == (right and pytest.approx(right, rel=1e-7))


@invariant
@given(TIMES, TIMES)
def test_swapping_the_sides_turns_verdicts_around(side: MakeSide, a: Times, b: Times) -> None:
    sides = side(records(a), "A"), side(records(b), "B")
    there, back = in_order(compare_sides(*sides)), in_order(compare_sides(*sides[::-1]))

    assert [row.verdict for row in there.rows] == [FLIPPED[row.verdict] for row in back.rows]


@invariant
@given(TIMES, TIMES)
def test_swapping_the_sides_inverts_ratios_and_intervals(
    side: MakeSide, a: Times, b: Times
) -> None:
    sides = side(records(a), "A"), side(records(b), "B")
    there, back = in_order(compare_sides(*sides)), in_order(compare_sides(*sides[::-1]))

    inverted = [each and (1 / each[0], 1 / each[2], 1 / each[1]) for each in ends(back)]
    assert_alike(ends(there), inverted)


@invariant
@given(TIMES)
def test_identical_launches_are_never_slower_or_faster(side: MakeSide, times: Times) -> None:
    compared = compare_sides(side(records(times), "A"), side(records(times), "B"))

    assert {row.verdict for row in compared.rows} <= {Verdict.SAME, Verdict.UNCLEAR}


@invariant
@given(st.lists(st.integers(10**6, 10**7), min_size=1, max_size=6), st.integers(3, 8))
def test_identical_launches_that_do_not_scatter_are_the_same(
    side: MakeSide, passes_ns: list[int], launches: int
) -> None:
    times = [[each] * launches for each in passes_ns]
    compared = compare_sides(side(records(times), "A"), side(records(times), "B"))

    assert {row.verdict for row in compared.rows} == {Verdict.SAME}


@invariant
@given(TIMES, TIMES, st.integers(2, 50))
def test_a_constant_on_side_b_shifts_each_ratio_by_exactly_it(
    side: MakeSide, a: Times, b: Times, factor: int
) -> None:
    before = compare_sides(side(records(a), "A"), side(records(b), "B"))
    after = compare_sides(side(records(a), "A"), side(records(b, factor=factor), "B"))

    shifted = [
        each and (factor * each[0], factor * each[1], factor * each[2])
        for each in ends(before)[:-1]
    ]
    assert_alike(ends(after)[:-1], shifted)


@invariant
@given(TIMES, TIMES, st.integers(2, 50))
def test_scaling_both_sides_changes_nothing(
    side: MakeSide, a: Times, b: Times, factor: int
) -> None:
    before = compare_sides(side(records(a), "A"), side(records(b), "B"))
    scaled = (side(records(each, factor=factor), name) for each, name in ((a, "A"), (b, "B")))

    assert_alike(ends(compare_sides(*scaled)), ends(before))


@invariant
@given(TIMES, TIMES)
def test_a_verdict_of_change_has_its_interval_beyond_the_threshold(
    side: MakeSide, a: Times, b: Times
) -> None:
    compared = compare_sides(side(records(a), "A"), side(records(b), "B"))
    changed = [row for row in compared.rows if row.verdict in {Verdict.SLOWER, Verdict.FASTER}]

    assert all(
        row.estimate and ((row.estimate.low or 0) > 1.02 or (row.estimate.high or 9) < 1 / 1.02)
        for row in changed
    )


def test_verdicts_are_counted(
    comparison: Callable[..., Comparison], record: Callable[..., Record], steady: list[float]
) -> None:
    both = [record("threads", steady, size=size, kind="io") for size in ("one", "two")]

    compared = comparison(both, both[:1])

    assert {
        each: compared.count(each) for each in (Verdict.SAME, Verdict.MISSING, Verdict.NEW)
    } == {
        Verdict.SAME: 1,
        Verdict.MISSING: 1,
        Verdict.NEW: 0,
    }


def test_the_terms_are_the_usual_ones_unless_told(side: MakeSide) -> None:
    assert compare_sides(side(), side()).terms == Terms()


def test_another_machine_is_noticed(
    comparison: Callable[..., Comparison], run: Callable[..., Run]
) -> None:
    other = msgspec.structs.replace(run().header.machine, id="other")

    assert comparison([], [], b_machine=other).across_machines


def test_differences_are_told(comparison: Callable[..., Comparison]) -> None:
    assert [each.what for each in comparison([], [], b_version="3.14.0").differences] == ["Python"]


# How often it errs: lanes simulated, five launches a side, sixty cases of four models.
CASES, MODELS, LAUNCHES, REPORTS = 60, 4, 5, 25
SCATTER = 0.01
PLANTED = 1.05
LARGEST_SHARE_OF_FALSE_REPORTS = 0.05
LEAST_SHARE_FOUND = 0.65
"""Between sessions, whose spread is in the interval; a duel finds more."""


def lognormal(draw: random.Random) -> float:
    return draw.lognormvariate(0, SCATTER)


def heavy_tailed(draw: random.Random) -> float:
    """Student's t of three degrees of freedom, as a logarithm."""
    return math.exp(draw.gauss(0, SCATTER) / math.sqrt(draw.gammavariate(1.5, 2) / 3))


def simulated(scatter: Callable[..., float], draw: random.Random, slow: int = 0) -> list[Record]:
    """Return cases whose launches scatter; the first `slow` take longer by what is planted."""
    times = [
        [round(10**7 * scatter(draw) * (PLANTED if case < slow else 1)) for _ in range(LAUNCHES)]
        for case in range(CASES)
    ]
    return [
        msgspec.structs.replace(record, model=f"model-{case % MODELS}")
        for case, record in enumerate(records(times))
    ]


@cache
def reports(scatter: Callable[..., float], make: MakeSide, slow: int = 0) -> list[Comparison]:
    draw = random.Random(20261123)  # noqa: S311 (a simulation)
    return [
        compare_sides(
            make(simulated(scatter, draw), "A"), make(simulated(scatter, draw, slow), "B")
        )
        for _ in range(REPORTS)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("scatter", [lognormal, heavy_tailed])
def test_the_same_code_is_hardly_ever_slower_or_faster(
    side: MakeSide, scatter: Callable[..., float]
) -> None:
    alarms = [
        each.count(Verdict.SLOWER) + each.count(Verdict.FASTER) > 0
        for each in reports(scatter, side)
    ]

    assert fmean(alarms) <= LARGEST_SHARE_OF_FALSE_REPORTS


@pytest.mark.slow
def test_five_percent_are_found_where_launches_scatter_by_one(side: MakeSide) -> None:
    found = [
        sum(row.verdict is Verdict.SLOWER for row in each.rows[: CASES // 4]) / (CASES // 4)
        for each in reports(lognormal, side, CASES // 4)
    ]

    assert fmean(found) >= LEAST_SHARE_FOUND


@pytest.mark.slow
def test_what_was_not_planted_is_hardly_ever_found_beside_it(side: MakeSide) -> None:
    false = [
        any(row.verdict in {Verdict.SLOWER, Verdict.FASTER} for row in each.rows[CASES // 4 :])
        for each in reports(lognormal, side, CASES // 4)
    ]

    assert fmean(false) <= LARGEST_SHARE_OF_FALSE_REPORTS


@pytest.mark.slow
def test_the_same_code_is_within_the_interval_of_all_cases_together(side: MakeSide) -> None:
    held = [
        (each.overall.low or 0) <= 1 <= (each.overall.high or 9)
        for each in reports(lognormal, side)
        if each.overall
    ]

    assert fmean(held) >= 0.88
