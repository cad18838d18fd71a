"""The sizes of one workload, lined up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.run.crossover import CrossoverPlace
from raceway.analysis.run.curves import curves_of
from raceway.record import Grade, Record

if TYPE_CHECKING:
    from support.synthetic import MakeRecord, Results


SERIAL_S = {"100": 0.01, "1000": 0.1, "4000": 1.0}


def sizes(record: MakeRecord, steady: list[float], **fields: float) -> list[Record]:
    """Return serial and a pool on three sizes; the pool costs 50 ms and halves the rest."""
    return [
        record(model, [pass_s * each for each in steady], size=size, tasks=4, **fields)
        for size, serial_s in SERIAL_S.items()
        for model, pass_s in (("serial", serial_s), ("pool", 0.05 + serial_s / 2))
    ]


def test_a_crossover_is_found_along_a_curve(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    serial, pool = curves_of(results(*sizes(record, steady)))

    assert serial.crossover is None
    assert pool.crossover
    assert pool.crossover.reach is CrossoverPlace.WITHIN
    assert 0.1 / 4 < (pool.crossover.magnitude or 0) < 1.0 / 4


def test_a_pool_of_one_worker_a_task_is_one_curve(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    few = record("threads", steady, kind="io", tasks=10, workers=10, size="10")
    many = record("threads", steady, kind="io", tasks=100, workers=64, size="100")

    assert len(curves_of(results(few, many))) == 1


def test_several_numbers_of_workers_are_a_curve_each(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    raced = [
        record("threads", steady, workers=workers, size=size)
        for size in ("100", "1000") for workers in (1, 2)
    ]  # fmt: skip

    assert [len(curve.results) for curve in curves_of(results(*raced))] == [2, 2]


def test_sizes_without_a_serial_case_stand_in_the_order_declared(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    sizes = {"512": 1e8, "2048": 1e10, "16384": 1e13}
    (cuda,) = curves_of(
        results(*(record("cuda", steady, size=size, flops=flops, device="cuda:0", kind="tensor")
                  for size, flops in sizes.items()))
    )  # fmt: skip

    assert [each.record.size for each in cuda.results] == list(sizes)


@pytest.mark.parametrize("grade", list(Grade))
def test_no_size_is_left_out_of_a_crossover_for_its_grade(
    results: Results, record: MakeRecord, steady: list[float], grade: Grade
) -> None:
    _, graded = curves_of(results(*sizes(record, steady), grade=grade))
    _, quiet = curves_of(results(*sizes(record, steady)))

    assert graded.crossover == quiet.crossover


def test_one_launch_says_nothing_of_a_crossover(results: Results, record: MakeRecord) -> None:
    _, pool = curves_of(results(*sizes(record, [1.0])))

    assert pool.crossover is None


def test_sizes_of_one_task_say_nothing_of_a_crossover(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    alone = [msgspec.structs.replace(each, tasks=1) for each in sizes(record, steady)]
    _, pool = curves_of(results(*alone))

    assert pool.crossover is None
