"""What may be said of all cases together."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Record
    from support.synthetic import Compare, MakeRecord


TOGETHER = [1.0, 1.5, 0.7, 1.2, 0.9]


def known(comparison: Comparison) -> Estimate:
    assert comparison.overall is not None
    return comparison.overall


def cases(record: MakeRecord, *cases_s: list[float]) -> list[Record]:
    return [
        record("threads", passes_s, size=str(size), kind="io")
        for size, passes_s in enumerate(cases_s)
    ]


def scaled(passes_s: list[float], factor: float) -> list[float]:
    return [factor * each for each in passes_s]


def test_nothing_can_be_said_of_no_case(comparison: Compare) -> None:
    assert comparison([], []).overall is None


def test_nothing_can_be_said_of_cases_without_interval(
    comparison: Compare, record: MakeRecord
) -> None:
    both = cases(record, [1.0], [2.0])

    assert comparison(both, both).overall is None


def test_it_is_the_geometric_mean_of_all_ratios(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    ratios = (1.1, 1.3, 0.7)
    a = cases(record, *(steady for _ in ratios))
    b = cases(record, *(scaled(steady, each) for each in ratios))

    assert known(comparison(a, b)).centre == pytest.approx(prod(ratios) ** (1 / 3), rel=1e-3)


def test_it_is_the_lone_ratio_of_one_case(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    compared = comparison(cases(record, steady), cases(record, scaled(steady, 1.2)))
    (row,) = compared.rows

    assert row.estimate is not None
    assert known(compared).centre == pytest.approx(row.estimate.centre)


def test_what_launches_have_in_common_counts_in_full(
    comparison: Compare, record: MakeRecord
) -> None:
    one = cases(record, TOGETHER)
    many = cases(record, *(scaled(TOGETHER, size) for size in range(1, 21)))
    lone, together = known(comparison(one, one)), known(comparison(many, many))

    assert together.high == pytest.approx(lone.high)


def test_launches_side_by_side_are_compared_one_by_one(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    slower = [1.05 * one * other for one, other in zip(TOGETHER, steady, strict=True)]
    a, b = cases(record, TOGETHER), cases(record, slower)
    overall = known(comparison(a, b, duel="3f9a1c"))

    assert 1.04 < (overall.low or 0) < (overall.high or 9) < 1.06


def test_a_launch_that_lacks_long_cases_does_not_look_fast(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    a = cases(record, steady, scaled(steady, 100))
    b = cases(record, steady, scaled(steady[:3], 100))

    assert known(comparison(a, b)).centre == pytest.approx(1.0, rel=2e-3)
