from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict
from pytest_benchmark.stats import Stats

from raceway.record import Launch, Record
from raceway.store.stats import samples_of, stats_of

rounds_ns = st.integers(min_value=0, max_value=10**13)
samples_s = st.lists(rounds_ns.map(lambda elapsed_ns: elapsed_ns / 1e9), min_size=1, max_size=40)
few_values_s = st.lists(st.sampled_from([0.0, 1e-9, 0.1, 0.3, 7.0]), min_size=1, max_size=40)


@given(samples_s=samples_s | few_values_s)
def test_statistics_are_those_of_pytest_benchmark(samples_s: list[float]) -> None:
    expected = Stats()
    for sample_s in samples_s:
        expected.update(sample_s)

    actual = stats_of(samples_s, 7)

    assert {**expected.as_dict(), "iterations": 7} == asdict(actual)


def test_no_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        stats_of([], 1)


def test_samples_are_seconds_of_one_pass_launch_after_launch() -> None:
    launches = [
        Launch(index=0, loops=2, rounds_ns=[4_000_000_000, 2_000_000_000]),
        Launch(index=1, loops=1, rounds_ns=[3_000_000_000]),
    ]

    assert samples_of(Record(id="a", fullname="a", launches=launches)) == [2.0, 1.0, 3.0]
