"""What a case took besides time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.usage import Usage, cores_used, usage_of
from raceway.record import Launch, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record


def test_usage_is_the_median_over_launches(
    record: Callable[..., Record], launch: Callable[..., Launch]
) -> None:
    launches = [
        launch(index, 1.0, cold_s=cold_s, cpu_s=6.0, peak_memory_bytes=memory)
        for index, (cold_s, memory) in enumerate([(0.1, 10), (0.3, 30), (0.9, 20)])
    ]

    usage = usage_of(record(launches=launches))

    assert usage == Usage(
        launches=3, rounds=9, cold_s=0.3, peak_memory_bytes=20, cpu_cores_used=2.0
    )


def test_failed_launches_do_not_count(
    record: Callable[..., Record], launch: Callable[..., Launch]
) -> None:
    launches = [launch(0, 1.0), launch(1, 1.0, status=Status.FAILED)]

    assert usage_of(record(launches=launches)).launches == 1


def test_what_the_system_did_not_tell_is_not_known(record: Callable[..., Record]) -> None:
    launches = [Launch(index=0, rounds_ns=[1])]

    assert usage_of(record(launches=launches)) == Usage(1, 1, None, None, None)


def test_no_rounds_use_no_known_number_of_cores() -> None:
    assert cores_used(Launch(index=0, cpu_s=1.0)) is None


def test_time_in_the_run_queue_is_time_in_which_a_cpu_was_wanted(
    record: Callable[..., Record],
) -> None:
    launches = [
        Launch(index=index, rounds_ns=[10**9], cpu_s=cpu_s, queue_s=queue_s)
        for index, (cpu_s, queue_s) in enumerate(((0.5, 0.5), (0.25, 0.75), (1.0, None)))
    ]

    assert usage_of(record(launches=launches)).ready_share == pytest.approx((0.5 * 0.25) ** 0.5)
