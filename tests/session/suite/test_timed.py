"""What disturbed a benchmark of a suite, and its grade."""

from __future__ import annotations

import time

import pytest

from raceway.measure.group.noise import Counters
from raceway.record import Grade, Launch, Status
from raceway.session.suite.timed import Timed, cpu_share

STEADY_NS = [1000, 1001, 999, 1000, 1002, 998]
SHAKY_NS = [1000, 1100, 1000, 1100, 1000, 1100]
WILD_NS = [1000, 1400, 1000, 1400, 1000, 1400]


def launch(cpu_s: float | None = 1.0, queue_s: float | None = 0.0,
           beside_ns: list[int] = STEADY_NS) -> Launch:  # fmt: skip
    """Return a launch whose rounds took a second."""
    return Launch(
        index=0, rounds_ns=[1_000_000_000], cpu_s=cpu_s, queue_s=queue_s, beside_ns=beside_ns
    )


def timed() -> Timed:
    return Timed("test_it", 0, 2, before=Counters(time.monotonic() - 1.0, None, None))


@pytest.mark.parametrize(
    ("measured", "grade"),
    [
        (launch(), Grade.QUIET),
        (launch(beside_ns=SHAKY_NS), Grade.DISTURBED),
        (launch(beside_ns=WILD_NS), Grade.NOISY),
        (launch(0.95, 0.05), Grade.DISTURBED),
        (launch(0.5, 0.5), Grade.NOISY),
        (launch(0.1, 0.1), Grade.QUIET),  # it waits, so a late CPU says little
        (launch(None, None, []), Grade.UNKNOWN),
    ],
)
def test_a_benchmark_is_graded_by_what_ran_beside_it(measured: Launch, grade: Grade) -> None:
    noise = timed().of({"test_it": measured}).noise

    assert noise.grade is grade
    assert bool(noise.reasons) is (grade in {Grade.DISTURBED, Grade.NOISY})


def test_the_worse_side_of_a_duel_counts() -> None:
    group = timed().of({"test_it@a": launch(), "test_it@b": launch(beside_ns=WILD_NS)})

    assert group.noise.grade is Grade.NOISY
    assert group.launches.keys() == {"test_it@a", "test_it@b"}
    assert group.wall_s >= 1.0


def test_what_failed_is_no_evidence() -> None:
    failed = Launch(index=0, status=Status.FAILED, reason="no answer")

    assert timed().of({"test_it": failed}).noise.grade is Grade.UNKNOWN


@pytest.mark.parametrize(
    ("cpu_s", "queue_s", "share"),
    [(0.9, 0.1, 0.9), (1.0, 0.0, 1.0), (1.9, 0.1, None), (0.2, 0.0, None), (1.0, None, None)],
)
def test_only_what_computes_in_one_thread_tells_whether_a_cpu_was_lacking(
    cpu_s: float, queue_s: float | None, share: float | None
) -> None:
    assert cpu_share(launch(cpu_s, queue_s)) == share
