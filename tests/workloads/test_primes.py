from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.workloads.primes import WORKLOAD, count_primes, sieve_count


@pytest.mark.parametrize(("limit", "count"), [(0, 0), (2, 0), (3, 1), (4, 2), (10, 4), (100, 25)])
def test_primes_below_a_limit_are_counted(limit: int, count: int) -> None:
    assert count_primes(limit) == count


@given(st.integers(0, 2_000))
def test_the_expected_answer_is_found_in_another_way(limit: int) -> None:
    assert sieve_count(limit) == count_primes(limit)


@pytest.mark.parametrize("size", WORKLOAD.sizes)
def test_a_size_is_named_after_its_limit(size: str) -> None:
    assert set(WORKLOAD.sizes[size]) == {int(size)}
