from __future__ import annotations

import json
from typing import Any

import pytest

from raceway.record import Launch, Status
from raceway.store.runfile import decode


def plain_file(**stats: Any) -> bytes:
    benchmark = {"fullname": "a::b", "stats": stats}
    return json.dumps({"benchmarks": [benchmark], "datetime": "2026-01-01"}).encode()


def test_a_plain_file_keeps_its_rounds_as_read_from_the_clock() -> None:
    launch = decode(plain_file(data=[0.25, 0.5], iterations=4)).records[0].launches[0]

    assert (launch.loops, launch.rounds_ns) == (4, [1_000_000_000, 2_000_000_000])


def test_a_plain_file_without_data_shows_its_median() -> None:
    record = decode(plain_file(median=0.5, iterations=2)).records[0]

    assert record.launches == [Launch(index=0, loops=2, rounds_ns=[1_000_000_000])]


@pytest.mark.parametrize("stats", [{}, {"median": -1.0}, {"median": 1e300}, {"iterations": 0}])
def test_a_plain_benchmark_without_a_usable_time_has_failed(stats: dict[str, Any]) -> None:
    record = decode(plain_file(**stats)).records[0]

    assert (record.status, record.reason) == (Status.FAILED, "the file holds no usable time")


def test_a_plain_file_tells_its_machine() -> None:
    machine_info = {
        "node": "build-7",
        "machine": "x86_64",
        "system": "Linux",
        "cpu": {"brand_raw": "Xeon", "count": 8},
    }
    content = json.dumps({"benchmarks": [], "machine_info": machine_info}).encode()

    machine = decode(content).header.machine

    assert (machine.id, machine.cpu_model, machine.logical_cores) == ("build-7", "Xeon", 8)


def test_a_plain_file_has_the_same_run_id_every_time() -> None:
    assert decode(plain_file()).header.run_id == decode(plain_file()).header.run_id
