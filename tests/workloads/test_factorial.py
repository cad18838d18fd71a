from __future__ import annotations

import math

from raceway.workloads.factorial import WORKLOAD


def test_the_seeds_numbers_are_a_size() -> None:
    assert list(map(WORKLOAD.task, WORKLOAD.sizes["seed"])) == [6, 120, 3_628_800]


def test_a_size_is_named_after_its_number() -> None:
    assert {name: set(numbers) for name, numbers in WORKLOAD.sizes.items() if name != "seed"} == {
        "1000": {1_000}, "10000": {10_000}, "30000": {30_000},
    }  # fmt: skip


def test_the_expected_answer_is_a_factorial() -> None:
    assert WORKLOAD.expected
    assert WORKLOAD.expected(20) == math.prod(range(1, 21))
