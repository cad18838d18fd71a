"""The shortest time the hardware allows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.run.limits import Ground, Limit, limit_of
from raceway.record import Engine, Launch, Peak

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record

TWO_CORES = Ground(usable_cores=2)
PEAK = Peak(
    device="cpu",
    interpreter="current",
    precision="fp32",
    flops_per_s=200.0,
    bytes_per_s=50.0,
    workers=2,
)


def limit_s(record: Record, serial_s: float | None = 8.0, ground: Ground = TWO_CORES) -> float:
    limit = limit_of(record, serial_s, ground)
    assert limit is not None
    return limit.limit_s


@pytest.mark.parametrize(
    ("workers", "cores", "tasks", "expected_s"),
    [(4, 2, 8, 4.0), (2, 8, 8, 4.0), (4, 8, 2, 4.0), (1, 2, 8, 8.0)],
)
def test_computing_is_spread_over_the_fewest_of_workers_cores_and_tasks(
    record: Callable[..., Record], workers: int, cores: int, tasks: int, expected_s: float
) -> None:
    case = record("threads", workers=workers, tasks=tasks)

    assert limit_s(case, ground=Ground(cores)) == expected_s


def test_computing_never_ends_before_its_longest_task(record: Callable[..., Record]) -> None:
    ground = Ground(usable_cores=4, longest_task_share=0.5)

    assert limit_s(record("threads", workers=4), ground=ground) == 4.0


def test_the_cores_that_really_ran_give_a_limit_of_their_own(
    record: Callable[..., Record],
) -> None:
    ground = Ground(usable_cores=2, parallel_capacity=1.6)

    limit = limit_of(record("threads", workers=2), 8.0, ground)

    assert limit == Limit(limit_s=4.0, capacity_s=5.0, of_serial=True)


def test_one_core_is_there_in_the_worst_of_times(record: Callable[..., Record]) -> None:
    ground = Ground(usable_cores=2, parallel_capacity=0.4)

    limit = limit_of(record("threads", workers=2), 8.0, ground)

    assert limit is not None
    assert limit.capacity_s == 8.0


@pytest.mark.parametrize(
    ("engine", "limit"),
    [
        (Engine(workers=4, joined=True), Limit(2.0, of_serial=True)),
        (Engine(workers=4), Limit(4.0, 5.0, of_serial=True)),
    ],
)
def test_the_cores_of_a_cluster_that_was_there_are_its_workers(
    record: Callable[..., Record], engine: Engine, limit: Limit
) -> None:
    case = record("dask", workers=4, launches=[Launch(index=0), Launch(index=1, engine=engine)])

    assert limit_of(case, 8.0, Ground(usable_cores=2, parallel_capacity=1.6)) == limit


def test_serial_is_limited_by_one_core(record: Callable[..., Record]) -> None:
    assert limit_s(record("serial", workers=2)) == 8.0


def test_computing_without_serial_has_no_limit(record: Callable[..., Record]) -> None:
    assert limit_of(record("threads", workers=2), None, TWO_CORES) is None


def test_waiting_is_limited_by_its_declared_waits(record: Callable[..., Record]) -> None:
    case = record("threads", kind="io", shortest_wait_s=0.03)

    assert limit_of(case, 8.0, TWO_CORES) == Limit(0.03)


MIXED = {"kind": "io", "tasks": 32, "first_wait_s": 0.009}
"""32 tasks that wait for 9 ms and then compute for 1 ms."""
MIXED_GROUND = Ground(usable_cores=2, computing_s=0.032, all_waits_s=0.288)
NO_GIL = replace(MIXED_GROUND, has_gil=False)


@pytest.mark.parametrize(
    ("model", "fields", "ground", "expected_s"),
    [
        # One loop or GIL: a wait, then all computing one after the other.
        ("asyncio", {"concurrency": 32, "shortest_wait_s": 0.009}, MIXED_GROUND, 0.041),
        ("threads", {"concurrency": 32, "shortest_wait_s": 0.009}, MIXED_GROUND, 0.041),
        # Two cores: the computing takes half as long.
        ("threads", {"concurrency": 32, "shortest_wait_s": 0.009}, NO_GIL, 0.025),
        (
            "threads", {"concurrency": 32, "shortest_wait_s": 0.009, "releases_gil": True},
            MIXED_GROUND, 0.025,
        ),
        # Eight workers have four tasks each, of 10 ms; two have 16.
        ("pool", {"concurrency": 8, "workers": 8, "shortest_wait_s": 0.036}, MIXED_GROUND, 0.040),
        ("pool", {"concurrency": 2, "workers": 2, "shortest_wait_s": 0.144}, MIXED_GROUND, 0.160),
        # All workers of a large pool wait at once; two cores compute what is left.
        ("pool", {"concurrency": 32, "workers": 32, "shortest_wait_s": 0.009}, MIXED_GROUND, 0.025),
        ("serial", {"shortest_wait_s": 0.288}, MIXED_GROUND, 0.320),
    ],
)  # fmt: skip
def test_waiting_and_then_computing_is_limited_by_both(
    record: Callable[..., Record], model: str, fields: dict[str, float], ground: Ground,
    expected_s: float,
) -> None:  # fmt: skip
    assert limit_s(record(model, **MIXED, **fields), ground=ground) == pytest.approx(expected_s)


def test_what_is_computed_after_waits_has_a_limit_on_the_cores_that_really_ran(
    record: Callable[..., Record],
) -> None:
    ground = replace(MIXED_GROUND, parallel_capacity=1.6)
    pool = record("pool", **MIXED, concurrency=32, workers=32, shortest_wait_s=0.009)
    loop = record("asyncio", **MIXED, concurrency=32, shortest_wait_s=0.009)

    assert limit_of(pool, 0.32, ground) == Limit(0.009 + 0.032 / 2, 0.009 + 0.032 / 1.6)
    assert limit_of(loop, 0.32, ground) == Limit(0.009 + 0.032)


def test_of_waiting_whose_computing_is_not_known_the_waits_alone_are_the_limit(
    record: Callable[..., Record],
) -> None:
    case = record("asyncio", **MIXED, concurrency=32, shortest_wait_s=0.009)

    assert limit_of(case, 0.32, TWO_CORES) == Limit(0.009)


def test_waiting_for_nobody_knows_how_long_has_no_limit(record: Callable[..., Record]) -> None:
    assert limit_of(record("threads", kind="io"), 8.0, TWO_CORES) is None


@pytest.mark.parametrize(
    ("demand", "expected_s"),
    [
        ({"flops": 400.0}, 2.0),
        ({"moved_bytes": 500.0}, 10.0),
        ({"flops": 400.0, "moved_bytes": 500.0}, 10.0),
        ({"flops": 4000.0, "moved_bytes": 500.0}, 20.0),
    ],
)
def test_tensor_work_is_limited_by_arithmetic_or_bandwidth(
    record: Callable[..., Record], demand: dict[str, float], expected_s: float
) -> None:
    case = record("torch", kind="tensor", workers=2, **demand)

    assert limit_s(case, ground=Ground(2, peaks=[PEAK])) == expected_s


def test_a_cpus_arithmetic_peak_is_scaled_to_the_workers(record: Callable[..., Record]) -> None:
    case = record("serial", kind="tensor", flops=400.0)

    assert limit_s(case, ground=Ground(2, peaks=[PEAK])) == 4.0


def test_more_workers_than_the_peak_had_do_not_shorten_the_limit(
    record: Callable[..., Record],
) -> None:
    case = record("threads", kind="tensor", flops=400.0, workers=8)

    assert limit_s(case, ground=Ground(8, peaks=[PEAK])) == 2.0


def test_a_gpu_is_not_scaled_to_workers(record: Callable[..., Record]) -> None:
    peak = Peak(
        device="cuda:0",
        interpreter="current",
        precision="fp32",
        flops_per_s=200.0,
        bytes_per_s=50.0,
        workers=4,
    )
    case = record("cuda", kind="tensor", flops=400.0, device="cuda:0")

    assert limit_s(case, ground=Ground(2, peaks=[peak])) == 2.0


def test_a_peak_of_another_interpreter_does_not_count(record: Callable[..., Record]) -> None:
    case = record("torch", kind="tensor", flops=400.0, interpreter="3.14")

    assert limit_of(case, None, Ground(2, peaks=[PEAK])) is None


def test_of_several_precisions_fp32_is_taken(record: Callable[..., Record]) -> None:
    bf16 = Peak(
        device="cpu",
        interpreter="current",
        precision="bf16",
        flops_per_s=2000.0,
        bytes_per_s=50.0,
    )
    case = record("torch", kind="tensor", workers=2, flops=400.0)

    assert limit_s(case, ground=Ground(2, peaks=[bf16, PEAK])) == 2.0


def test_operations_are_held_against_the_peak_of_their_precision(
    record: Callable[..., Record],
) -> None:
    bf16 = msgspec.structs.replace(PEAK, precision="bf16", flops_per_s=800.0)
    case = record("torch", kind="tensor", workers=2, flops=400.0, precision="bf16")

    assert limit_s(case, ground=Ground(2, peaks=[PEAK, bf16])) == 0.5
    assert limit_of(case, None, Ground(2, peaks=[PEAK])) is None


@pytest.mark.parametrize(
    ("demand", "expected_s"),
    [
        ({"to_device_bytes": 30.0}, 3.0),
        ({"from_device_bytes": 30.0}, 1.5),
        ({"to_device_bytes": 30.0, "from_device_bytes": 30.0}, 3.0),
        ({"to_device_bytes": 30.0, "flops": 800.0}, 4.0),
    ],
)
def test_copies_are_limited_by_the_link_each_way(
    record: Callable[..., Record], demand: dict[str, float], expected_s: float
) -> None:
    linked = msgspec.structs.replace(
        PEAK, device="cuda:0", to_device_bytes_per_s=10.0, from_device_bytes_per_s=20.0
    )
    case = record("cuda", kind="tensor", device="cuda:0", **demand)

    assert limit_s(case, ground=Ground(2, peaks=[linked])) == expected_s


def test_copies_over_a_link_that_was_not_measured_have_no_limit(
    record: Callable[..., Record],
) -> None:
    case = record("torch", kind="tensor", to_device_bytes=30.0)

    assert limit_of(case, None, Ground(2, peaks=[PEAK])) is None


def test_a_peak_of_nothing_gives_no_limit(record: Callable[..., Record]) -> None:
    broken = Peak(
        device="cpu", interpreter="current", precision="fp32", flops_per_s=0.0, bytes_per_s=0.0
    )
    case = record("torch", kind="tensor", flops=400.0)

    assert limit_of(case, None, Ground(2, peaks=[broken])) is None
