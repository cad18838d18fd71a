"""Benchmarks that are no cases of a race are kept beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.plugin.plain import MOST_PLAIN_ROUNDS, plain_record
from raceway.record import Record, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.project import Measure
    from support.saved import Saved

    Keep = Callable[[str], Record]

SOURCE = """
import pytest

pytestmark = pytest.mark.raceway

def test_it(benchmark):
    BODY
"""


@pytest.fixture
def keep(tiny_project: pytest.Pytester, measure: Measure, saved: Saved) -> Keep:
    """Return a function that runs a test with this body, and returns what was saved of it."""

    def record_of(body: str) -> Record:
        tiny_project.makepyfile(test_it=SOURCE.replace("BODY", body))
        measure("test_it.py", "--benchmark-disable-gc", "-Wignore:Benchmark fixture was not used")
        (run,) = saved()
        (record,) = run.records
        return record

    return record_of


def test_a_plain_benchmark_is_saved_by_its_full_name(keep: Keep) -> None:
    assert keep("benchmark.pedantic(int)").id == "test_it.py::test_it"


def test_each_round_of_a_plain_benchmark_is_saved(keep: Keep) -> None:
    (launch,) = keep("benchmark.pedantic(int, rounds=7, iterations=3)").launches

    assert (len(launch.rounds_ns), launch.loops) == (7, 3)


def test_a_plain_benchmark_that_fails_is_saved_with_the_reason(keep: Keep) -> None:
    record = keep("assert benchmark.pedantic(int) == 1, 'not one'")

    assert record.status is Status.FAILED
    assert record.reason == "AssertionError: not one"


def test_a_benchmark_failed_by_hand_is_saved_with_the_reason(keep: Keep) -> None:
    record = keep("pytest.fail('no luck', pytrace=False)")

    assert record.reason == "no luck"


def test_a_failed_benchmark_has_no_rounds(keep: Keep) -> None:
    assert keep("assert benchmark.pedantic(int) == 1").launches[0].rounds_ns == []


@pytest.mark.parametrize("body", ["pytest.skip('no reason')", "pass"])
def test_a_benchmark_that_measured_nothing_is_not_saved(
    tiny_project: pytest.Pytester, measure: Measure, saved: Saved, body: str
) -> None:
    tiny_project.makepyfile(test_it=SOURCE.replace("BODY", body))
    measure("test_it.py", "-Wignore:Benchmark fixture was not used")

    assert saved() == []


def test_of_very_many_rounds_every_nth_is_kept() -> None:
    (launch,) = plain_record("it", [second / 1e9 for second in range(1_000)], loops=1).launches

    assert launch.rounds_ns == list(range(0, 1_000, 1_000 // MOST_PLAIN_ROUNDS))


def test_a_round_is_kept_with_all_its_iterations() -> None:
    (launch,) = plain_record("it", [0.25, 0.5], loops=4).launches

    assert launch.rounds_ns == [1_000_000_000, 2_000_000_000]
