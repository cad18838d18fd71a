from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.case import Case, Demand, Kind, Workload

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


def a_workload(**demands: Any) -> Workload:
    return Workload(summary="", kind=Kind.CPU, task=abs, sizes={"small": (1, 2, 3)}, **demands)


def test_the_demand_of_a_size_is_that_of_all_its_tasks() -> None:
    work = a_workload(
        wait_s=float,
        flops=lambda task: 10.0 * task,
        moved_bytes=lambda task: 100.0 * task,
        resident_bytes=lambda task: 1_000.0 * task,
    )

    assert work.demand("small") == Demand(
        tasks=3, waits_s=(1.0, 2.0, 3.0), flops=60.0, moved_bytes=600.0, resident_bytes=6_000.0
    )


def test_what_is_not_declared_is_not_demanded() -> None:
    assert a_workload().demand("small") == Demand(tasks=3)


@pytest.mark.parametrize(
    ("case", "readable"),
    [
        (Case("sleep", "seed", "threads", 3), "sleep-seed-threads-w3"),
        (Case("matmul", "256", "cuda", device="cuda:1"), "matmul-256-cuda-w1-cuda1"),
        (Case("primes", "100", "pool", 2, interpreter="3.14t"), "primes-100-pool-w2@3.14t"),
        (Case("m", "1", "cuda", 1, "cuda", "b"), "m-1-cuda-w1-cuda@b"),
    ],
)
def test_an_id_tells_what_is_not_usual(case: Case, readable: str) -> None:
    assert case.id == readable


CASE = Case("sleep", "seed", "threads", 2)
OTHERS = {
    "workload": "primes", "size": "10", "model": "pool", "workers": 3, "device": "cuda:0",
    "interpreter": "3.14",
}  # fmt: skip


@pytest.mark.parametrize("field", OTHERS)
def test_cases_that_differ_have_different_ids(field: str) -> None:
    assert replace(CASE, **{field: OTHERS[field]}).id != CASE.id


def test_cases_of_one_workload_and_size_race_in_one_group() -> None:
    assert replace(CASE, model="pool", workers=9, interpreter="3.14").group == CASE.group


@pytest.mark.parametrize("field", ["workload", "size"])
def test_other_work_is_another_group(field: str) -> None:
    assert replace(CASE, **{field: OTHERS[field]}).group != CASE.group


def test_sizes_of_one_workload_share_a_lane() -> None:
    assert replace(CASE, size="10").lane == CASE.lane


@pytest.mark.parametrize("field", sorted(OTHERS.keys() - {"size"}))
def test_cases_that_differ_in_more_than_size_have_lanes_of_their_own(field: str) -> None:
    assert replace(CASE, **{field: OTHERS[field]}).lane != CASE.lane
