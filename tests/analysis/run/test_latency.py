"""Percentiles of single tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raceway.analysis.run.frame import frame_of
from raceway.analysis.run.latency import Latency, latency_of
from raceway.record import Launch, Record, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.synthetic import MakeRecord, MakeRun


def a_launch(times_ns: Sequence[int], count: int | None = None, **fields: object) -> Launch:
    known = {"index": 0, "rounds_ns": [7], "latencies_ns": list(times_ns)}
    known["latency_count"] = len(times_ns) if count is None else count
    return Launch(**{**known, **fields})


def latency(*launches: Launch, status: Status = Status.OK) -> Latency | None:
    return latency_of(Record(id="a", fullname="a", status=status, launches=list(launches)))


def known(*launches: Launch) -> Latency:
    found = latency(*launches)
    assert found
    return found


def test_percentiles_are_times_that_were_measured() -> None:
    found = known(a_launch([10 * each for each in range(1, 101)]))

    assert (found.p50_s, found.p95_s, found.largest_s) == pytest.approx((500e-9, 950e-9, 1e-6))


def test_times_of_all_launches_count() -> None:
    found = known(a_launch([1, 2]), a_launch([3, 4]))

    assert (found.count, found.p50_s, found.largest_s) == (4, 2e-9, 4e-9)


def test_a_kept_time_counts_as_often_as_it_stands_for_others() -> None:
    found = known(a_launch([1, 2], count=2), a_launch([5, 6], count=98))

    assert (found.count, found.p50_s) == (100, 5e-9)


@pytest.mark.parametrize(("count", "is_told"), [(999, False), (1_000, True)])
def test_the_slowest_hundredth_is_told_from_a_thousand_times_on(
    count: int, *, is_told: bool
) -> None:
    found = known(a_launch(range(1, 201), count=count))

    assert (found.p99_s is not None) is is_told


def test_a_case_whose_tasks_were_not_timed_has_no_latency() -> None:
    assert latency(Launch(index=0, rounds_ns=[7])) is None


def test_failed_cases_and_launches_do_not_count() -> None:
    failed = a_launch([9], status=Status.FAILED)

    assert latency(a_launch([9]), status=Status.FAILED) is None
    assert latency(failed) is None
    assert known(failed, a_launch([1])).largest_s == 1e-9


sorted_times = st.lists(st.integers(0, 10**12), min_size=1, max_size=50).map(sorted)


@given(st.lists(st.tuples(sorted_times, st.integers(1, 1_000)), min_size=1, max_size=3))
def test_a_curve_rises_and_ends_with_the_slowest_task(
    launches: list[tuple[list[int], int]],
) -> None:
    found = known(*(a_launch(times, len(times) * factor) for times, factor in launches))

    shares, times_s = zip(*found.curve(), strict=True)

    assert list(shares) == sorted(set(shares))
    assert list(times_s) == sorted(times_s)
    assert (shares[0], times_s[-1]) == (0, found.largest_s)


@given(sorted_times, st.floats(0, 1))
def test_a_percentile_is_the_shortest_time_that_serves_its_share(
    times: list[int], share: float
) -> None:
    found = known(a_launch(times))

    within = sum(each / 1e9 <= found.percentile_s(share) for each in times)
    sooner = sum(each / 1e9 < found.percentile_s(share) for each in times)

    assert within >= share * len(times) * (1 - 1e-9)
    assert sooner <= share * len(times)


def test_rows_tell_latency_and_throughput(run: MakeRun, record: MakeRecord) -> None:
    times_ns = [n * 1_000_000 for n in range(1, 101)]
    launches = [a_launch(times_ns, index=0, rounds_ns=[500_000_000])]
    waits = {"kind": "io", "tasks": 100, "concurrency": 8}
    frame = frame_of(
        run([record("threads", launches=launches, **waits), record("pool", [1.0], **waits)])
    ).set_index("model")

    threads, pool = frame.loc["threads"], frame.loc["pool"]
    assert (threads.latency_p50_s, threads.latency_p95_s, threads.latency_largest_s) == (
        0.05, 0.095, 0.1,
    )  # fmt: skip
    assert (threads.tasks_per_s, threads.at_once, threads.latencies) == (200, 8, 100)
    assert pool[["latency_p50_s", "latency_p99_s"]].isna().all()
    assert pool.latencies == 0
