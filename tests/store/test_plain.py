from __future__ import annotations

import json
from typing import Any

import pytest

from raceway.analysis.run.timing import timing_of
from raceway.record import Commit, Launch, Machine, Status, Told
from raceway.store.runfile import decode


def plain_file(**stats: Any) -> bytes:
    benchmark = {"fullname": "a::b", "stats": stats}
    return json.dumps({"benchmarks": [benchmark], "datetime": "2026-01-01"}).encode()


def test_a_plain_file_keeps_its_rounds_as_read_from_the_clock() -> None:
    launch = decode(plain_file(data=[0.25, 0.5], iterations=4)).records[0].launches[0]

    assert (launch.loops, launch.rounds_ns) == (4, [1_000_000_000, 2_000_000_000])


def test_a_plain_file_without_data_shows_its_median() -> None:
    record = decode(plain_file(median=0.5, iterations=2)).records[0]

    told = Told(median_s=0.5)
    assert record.launches == [Launch(index=0, loops=2, rounds_ns=[1_000_000_000], told=told)]


def test_a_plain_file_without_data_tells_its_statistics() -> None:
    stats = {"median": 2e-7, "mean": 2.5e-7, "stddev": 1e-8, "iqr": 3e-9, "min": 1e-7, "max": 1e-5}
    launch = decode(plain_file(**stats, rounds=50_862)).records[0].launches[0]

    assert launch.told == Told(
        rounds=50_862, median_s=2e-7, mean_s=2.5e-7, stddev_s=1e-8, iqr_s=3e-9, min_s=1e-7,
        max_s=1e-5,
    )  # fmt: skip
    assert launch.round_count == 50_862


def test_a_told_median_is_not_cut_to_whole_nanoseconds() -> None:
    record = decode(plain_file(median=2.1544e-7)).records[0]

    assert timing_of(record).pass_s == pytest.approx(2.1544e-7, rel=1e-12)


def test_a_benchmark_with_a_mean_alone_has_its_mean() -> None:
    record = decode(plain_file(mean=0.5)).records[0]

    assert timing_of(record).pass_s == 0.5
    assert record.launches[0].round_count is None


@pytest.mark.parametrize("data", [[1.0, 2.0, "..."], [1.0, 2.0], [1.0, None, 3.0], "left out"])
def test_of_data_abridged_by_hand_the_statistics_count(data: Any) -> None:
    stats = {"median": 0.5, "rounds": 3, "data": data}
    launch = decode(plain_file(**stats)).records[0].launches[0]

    assert launch.told == Told(rounds=3, median_s=0.5)


def test_whole_data_counts_more_than_the_statistics() -> None:
    launch = decode(plain_file(median=0.9, rounds=3, data=[1, 2, 3.5])).records[0].launches[0]

    assert (launch.told, launch.round_count) == (None, 3)


def test_a_time_of_zero_is_read() -> None:
    record = decode(plain_file(median=0.0, rounds=5)).records[0]

    assert (record.status, record.launches[0].rounds_ns) == (Status.OK, [0])


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), None, "slow", 10**400, {}, True])
def test_odd_fields_beside_the_median_do_no_harm(odd: Any) -> None:
    record = decode(plain_file(median=0.5, stddev=odd, ops=odd, hd15iqr=odd, mean=odd)).records[0]

    assert record.launches[0].told == Told(median_s=0.5)


def test_a_median_that_is_no_number_is_not_told() -> None:
    record = decode(plain_file(median=float("nan"), mean=0.25, rounds=4)).records[0]

    assert record.launches[0].told == Told(rounds=4, mean_s=0.25)


def test_one_odd_benchmark_leaves_the_others() -> None:
    benchmarks = [
        {"fullname": "a::b", "stats": {"median": 0.5}},
        {"fullname": "a::c", "stats": None},
        {"name": "d", "stats": {"median": 0.25}},
        "text",
    ]
    records = decode(json.dumps({"benchmarks": benchmarks}).encode()).records

    assert [(each.id, str(each.status)) for each in records] == [
        ("a::b", "ok"), ("a::c", "failed"), ("d", "ok"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "odd",
    [
        None, [], "a fast one", 7, {"user": "ana"}, {"cpu": None}, {"cpu": ["x"], "node": 3},
        {"cpu": {"count": "many", "brand_raw": 7}}, {"python_version": None},
    ],
)  # fmt: skip
def test_a_machine_told_in_any_shape_is_read_as_far_as_it_goes(odd: Any) -> None:
    benchmarks = [{"fullname": "a::b", "stats": {"median": 0.5}}]
    content = json.dumps({"benchmarks": benchmarks, "machine_info": odd, "commit_info": odd})
    run = decode(content.encode())

    assert (run.header.machine.id, run.header.machine.cpu_model) == ("unknown", "")
    assert run.records[0].status is Status.OK


def test_a_commit_without_branch_or_time_is_read() -> None:
    content = {"benchmarks": [], "commit_info": {"id": "abc1234", "time": None, "branch": None}}
    commit = decode(json.dumps(content).encode()).header.commit

    assert (commit.id, commit.branch) == ("abc1234", Commit().branch)


@pytest.mark.parametrize("stats", [{}, {"median": -1.0}, {"median": 1e300}, {"iterations": 0}])
def test_a_plain_benchmark_without_a_usable_time_has_failed(stats: dict[str, Any]) -> None:
    record = decode(plain_file(**stats)).records[0]

    assert (record.status, record.reason) == (Status.FAILED, "the file holds no usable time")


def machine_told(**machine_info: Any) -> Machine:
    content = json.dumps({"benchmarks": [], "machine_info": machine_info}).encode()
    return decode(content).header.machine


def test_a_plain_file_tells_its_machine() -> None:
    machine = machine_told(
        node="build-7", machine="x86_64", system="Linux", cpu={"brand_raw": "Xeon", "count": 8}
    )

    assert (machine.id, machine.cpu_model) == ("linux-x86_64-xeon-8c", "Xeon")
    assert (machine.logical_cores, machine.usable_cores) == (8, 0)


def test_a_machine_is_its_hardware_whatever_its_host_is_called() -> None:
    cpu = {"brand_raw": "Intel(R) Xeon(R) Platinum 8272CL CPU @ 2.60GHz", "count": 2}
    told = {machine_told(node=node, cpu=cpu).id for node in ("fv-az96-416", "fv-az12-1")}

    assert told == {"xeon-platinum-8272cl-2c"}


def test_older_versions_tell_the_processor_by_other_names() -> None:
    told = [
        machine_told(cpu={"brand": "Intel(R) Core(TM) i7-4771 CPU @ 3.50GHz"}),
        machine_told(processor="Intel64 Family 6 Model 60 Stepping 3", machine="AMD64"),
    ]

    assert [each.cpu_model for each in told] == [
        "Intel(R) Core(TM) i7-4771 CPU @ 3.50GHz", "Intel64 Family 6 Model 60 Stepping 3",
    ]  # fmt: skip


def test_without_a_processor_the_host_is_the_machine() -> None:
    machine = machine_told(node="minibox", machine="x86_64", processor="x86_64", system="Linux")

    assert (machine.id, machine.cpu_model, machine.logical_cores) == ("minibox", "", 0)


def test_a_time_without_a_zone_is_in_utc() -> None:
    content = {"benchmarks": [], "datetime": "2015-08-15T00:04:18.687119", "version": "2.5.0"}
    header = decode(json.dumps(content).encode()).header

    assert header.started_at == "2015-08-15T00:04:18.687119+00:00"
    assert header.saved_by == "pytest-benchmark 2.5.0"


def test_whether_the_gil_was_on_is_not_known() -> None:
    assert decode(plain_file()).header.environments[0].gil_enabled is None


def test_a_plain_file_has_the_same_run_id_every_time() -> None:
    assert decode(plain_file()).header.run_id == decode(plain_file()).header.run_id
