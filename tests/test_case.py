from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from raceway.case import Case, Kind, Workload
from raceway.demand import Demand


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
