"""What follows from a run for each of its cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.run.results import results_of
from raceway.record import GroupResult, Noise, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.run.results import Result
    from raceway.record import Run


def test_plain_benchmarks_are_no_results(run: Callable[..., Run]) -> None:
    assert results_of(run([Record(id="test_plain", fullname="test_plain")])) == []


def test_a_time_per_task_is_the_pass_over_the_tasks(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (serial,) = results(record(passes_s=[4.0]))

    assert serial.per_task_s == pytest.approx(1.0)


def test_a_case_without_time_has_no_time_per_task(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (serial,) = results(record())

    assert serial.per_task_s is None


def test_speedup_is_over_the_interpreters_own_serial(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    *_, threads = results(
        record("serial", [2.0, 2.0]),
        record("serial", [8.0, 8.0], interpreter="3.14t"),
        record("threads", [2.0, 2.0], interpreter="3.14t"),
    )

    assert threads.speedup is not None
    assert threads.speedup.centre == pytest.approx(4.0)


def test_speedup_is_over_serial_of_the_same_group(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    *_, threads = results(
        record("serial", [2.0], size="100"), record("threads", [1.0], size="4000")
    )

    assert threads.speedup is None


def test_a_gpu_is_compared_with_serial_on_the_cpu(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    _, cuda = results(record("serial", [2.0]), record("cuda", [0.5], device="cuda:0"))

    assert cuda.speedup is not None
    assert cuda.speedup.centre == pytest.approx(4.0)


def test_serial_is_not_compared_with_itself(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (serial,) = results(record("serial", [2.0]))

    assert serial.speedup is None


def test_drift_between_launches_does_not_enter_the_share_of_the_limit(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    _, threads = results(
        record("serial", [2.0, 4.0, 100.0]), record("threads", [1.0, 2.0, 50.0], workers=2)
    )

    assert threads.share_of_limit == pytest.approx(1.0)


def test_a_share_above_one_is_not_clipped(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    _, threads = results(record("serial", [2.0]), record("threads", [0.8], workers=2))

    assert threads.share_of_limit == pytest.approx(1.25)


def test_serial_has_no_share_of_its_own_time(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (serial,) = results(record("serial", [2.0]))

    assert serial.share_of_limit is None


def test_a_computed_time_has_no_share_of_the_limit(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (serial,) = results(record("serial", kind="io", computed_s=10.0, shortest_wait_s=10.0))

    assert serial.share_of_limit is None


def test_waiting_has_the_share_of_its_shortest_wait(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (threads,) = results(record("threads", [0.04], kind="io", shortest_wait_s=0.03))

    assert threads.share_of_limit == pytest.approx(0.75)


def test_a_case_without_limit_has_no_shares(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (threads,) = results(record("threads", [0.04]))

    assert (threads.share_of_limit, threads.share_of_capacity) == (None, None)


def test_a_case_without_a_launch_in_common_with_serial_has_no_share(
    record: Callable[..., Record],
    launch: Callable[..., object],
    results: Callable[..., list[Result]],
) -> None:
    late = record("threads", launches=[launch(7, 1.0)])

    _, threads = results(record("serial", [2.0]), late)

    assert threads.share_of_limit is None


def test_the_share_of_capacity_is_of_the_cores_that_ran(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    _, threads = results(record("serial", [3.0]), record("threads", [2.0], workers=2), capacity=1.5)

    assert threads.share_of_capacity == pytest.approx(1.0)


def test_a_group_without_capacity_takes_the_runs(
    record: Callable[..., Record], run: Callable[..., Run]
) -> None:
    groups = [
        GroupResult(
            id=group,
            launch=0,
            started_at="",
            wall_s=1.0,
            noise=Noise(parallel_capacity=capacity),
            launches={},
        )
        for group, capacity in (("primes-4000", None), ("sleep-10", 1.5))
    ]
    records = [record("serial", [3.0]), record("threads", [2.0], workers=2)]

    _, threads = results_of(run(records, groups=groups))

    assert threads.share_of_capacity == pytest.approx(1.0)


def test_a_group_nobody_graded_has_unknown_conditions(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (serial,) = results(record("serial", [3.0]), groups=[])

    assert serial.conditions.grade == "?"


def waiting_and_computing(
    record: Callable[..., Record], model: str, pass_s: float, cpu_s: float, **fields: float
) -> Record:
    """Return a case of 32 tasks that wait for 9 ms and then compute for about 1 ms."""
    one = record(model, [pass_s] * 3, kind="io", tasks=32, first_wait_s=0.009, **fields)
    passes = len(one.launches[0].rounds_ns)
    launches = [msgspec.structs.replace(each, cpu_s=passes * cpu_s) for each in one.launches]
    return msgspec.structs.replace(one, launches=launches)


def test_what_tasks_compute_is_the_least_cpu_time_of_any_model(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    serial, loop, pool = results(
        waiting_and_computing(record, "serial", 0.325, 0.034, shortest_wait_s=0.288),
        waiting_and_computing(record, "asyncio", 0.043, 0.032, concurrency=32,
                              shortest_wait_s=0.009),
        waiting_and_computing(record, "pool", 0.050, 0.036, concurrency=8, workers=8,
                              shortest_wait_s=0.036),
    )  # fmt: skip

    shares = [each.share_of_limit for each in (serial, loop, pool)]
    assert shares == [
        pytest.approx(expected, rel=1e-2) for expected in (0.320 / 0.325, 0.041 / 0.043, 0.8)
    ]


def test_without_a_gil_threads_compute_side_by_side_after_their_waits(
    record: Callable[..., Record], run: Callable[..., Run]
) -> None:
    case = waiting_and_computing(
        record, "threads", 0.050, 0.032, concurrency=32, shortest_wait_s=0.009
    )
    session = run([case])
    (known,) = session.header.environments
    session.header.environments[:] = [msgspec.structs.replace(known, gil_enabled=False)]

    (threads,) = results_of(session)
    assert threads.share_of_limit == pytest.approx(0.5, rel=1e-2)
