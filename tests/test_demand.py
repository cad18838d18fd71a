from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.demand import Demand

BINARY_FRACTIONS = st.integers(0, 2**16).map(lambda number: number / 2**10)
"""Seconds that add up without rounding."""
WAITS = st.lists(BINARY_FRACTIONS, min_size=1, max_size=40)
WORKERS = st.integers(1, 50)


def shortest_s(waits_s: list[float], workers: int) -> float:
    return Demand(tasks=len(waits_s), waits_s=tuple(waits_s)).shortest_wait_s(workers)


def in_turn_s(waits_s: list[float], workers: int) -> float:
    """Return what it takes if each wait goes to the worker that is free first."""
    busy_s = [0.0] * workers
    for wait_s in waits_s:
        first_free = busy_s.index(min(busy_s))
        busy_s[first_free] += wait_s
    return max(busy_s)


@given(WAITS)
def test_one_worker_waits_for_everything(waits_s: list[float]) -> None:
    assert shortest_s(waits_s, 1) == sum(waits_s)


@given(WAITS, WORKERS)
def test_waits_are_never_shorter_than_the_longest(waits_s: list[float], workers: int) -> None:
    assert shortest_s(waits_s, workers) >= max(waits_s)


@given(WAITS, WORKERS)
def test_waits_are_never_shorter_than_the_mean_load(waits_s: list[float], workers: int) -> None:
    assert shortest_s(waits_s, workers) >= sum(waits_s) / workers


@given(WAITS, WORKERS)
def test_no_schedule_is_shorter_than_the_shortest(waits_s: list[float], workers: int) -> None:
    assert shortest_s(waits_s, workers) <= in_turn_s(waits_s, workers) <= sum(waits_s)


@given(WAITS, WORKERS)
def test_one_more_worker_never_waits_longer(waits_s: list[float], workers: int) -> None:
    assert shortest_s(waits_s, workers + 1) <= shortest_s(waits_s, workers)


@given(WAITS, WORKERS)
def test_the_order_of_waits_does_not_matter(waits_s: list[float], workers: int) -> None:
    assert shortest_s(waits_s, workers) == shortest_s(waits_s[::-1], workers)


@given(BINARY_FRACTIONS, st.integers(1, 60), WORKERS)
def test_equal_waits_take_as_many_turns_as_they_need(
    wait_s: float, tasks: int, workers: int
) -> None:
    assert shortest_s([wait_s] * tasks, workers) == math.ceil(tasks / workers) * wait_s


@pytest.mark.parametrize(("workers", "shortest"), [(1, 6.0), (2, 3.0), (3, 3.0), (9, 3.0)])
def test_the_seeds_waits(workers: int, shortest: float) -> None:
    assert shortest_s([2.0, 1.0, 3.0], workers) == shortest


def test_tasks_that_must_share_a_worker_wait_for_one_another() -> None:
    assert shortest_s([5.0, 4.0, 4.0], 2) == 8.0


def test_work_without_waits_waits_for_nothing() -> None:
    assert Demand(tasks=3).shortest_wait_s(2) == 0.0
