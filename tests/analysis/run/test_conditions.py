"""Under which conditions groups were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.conditions import conditions_of, median_grade, run_capacity
from raceway.record import Grade, GroupResult, Noise

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run


def group(launch: int, *, share: float | None = None, **noise: object) -> GroupResult:
    return GroupResult(
        id="primes-4000",
        launch=launch,
        started_at="2026-11-23T04:55:00+00:00",
        wall_s=1.0,
        noise=Noise(**noise),
        launches={},
        longest_task_share=share,
    )


@pytest.mark.parametrize(
    ("grades", "expected"),
    [("AAC", "A"), ("ABB", "B"), ("AC", "C"), ("A?C?A", "A"), ("??", "?"), ("", "?")],
)
def test_the_median_grade_is_rather_the_worse_one(grades: str, expected: str) -> None:
    assert median_grade(map(Grade, grades)) is Grade(expected)


def test_a_groups_numbers_are_medians_over_its_launches(run: Callable[..., Run]) -> None:
    groups = [
        group(index, share=share, parallel_capacity=capacity)
        for index, (share, capacity) in enumerate([(0.1, 1.0), (0.2, 1.9), (0.9, 2.0)])
    ]

    conditions = conditions_of(run(groups=groups))["primes-4000"]

    assert (conditions.longest_task_share, conditions.parallel_capacity) == (0.2, 1.9)


def test_what_no_launch_tells_is_not_known(run: Callable[..., Run]) -> None:
    assert conditions_of(run(groups=[group(0)]))["primes-4000"].parallel_capacity is None


def test_a_runs_capacity_is_the_median_over_its_groups(run: Callable[..., Run]) -> None:
    groups = [
        group(index, parallel_capacity=capacity) for index, capacity in enumerate([1, 1.5, 2])
    ]

    assert run_capacity(run(groups=[*groups, group(3)])) == 1.5
