from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from raceway.case import Kind
from raceway.record import SUITE, Launch, Record, Status
from raceway.store.suites import NO_TIME_LEFT, of_suite

if TYPE_CHECKING:
    from raceway.record import Header
    from support.saved import MakeRun


@pytest.fixture
def header(make_run: MakeRun) -> Header:
    return replace(make_run().header, profile=SUITE)


def record(*launches: Launch, **fields: object) -> Record:
    return replace(Record(id="test_one", fullname="test_one", launches=list(launches)), **fields)


def launch(cpu_s: float | None, queue_s: float = 0.0) -> Launch:
    return Launch(index=0, rounds_ns=[1_000_000_000], cpu_s=cpu_s, queue_s=queue_s)


@pytest.mark.parametrize(
    ("measured", "kind"),
    [
        (launch(0.98), Kind.CPU),
        (launch(0.5, queue_s=0.48), Kind.CPU),  # it lacked a CPU, it did not wait
        (launch(1.9), Kind.CPU),
        (launch(0.02), Kind.IO),
        (launch(0.5), ""),
        (launch(None), ""),
    ],
)
def test_the_kind_of_work_follows_from_cpu_time(
    header: Header, measured: Launch, kind: str
) -> None:
    (completed,) = of_suite(header, [record(measured)])

    assert completed.kind == kind


def test_a_benchmark_skipped_in_a_launch_is_skipped_with_the_reason(header: Header) -> None:
    skipped = Launch(index=0, status=Status.SKIPPED, reason="not today")

    (completed,) = of_suite(header, [record(skipped)])

    assert (completed.status, completed.reason) == (Status.SKIPPED, "not today")
    assert completed.launches == []


def test_a_benchmark_that_was_not_reached_had_no_time(header: Header) -> None:
    (completed,) = of_suite(header, [record(status=Status.SKIPPED, reason="deselected")])

    assert completed.reason == NO_TIME_LEFT


def test_records_of_other_runs_stay_as_they_are(make_run: MakeRun) -> None:
    run = make_run()

    assert of_suite(run.header, run.records) == run.records
