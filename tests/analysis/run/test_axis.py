"""Along what the sizes of a workload are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.axis import Axis, axis_of, magnitude_of
from raceway.analysis.run.curves import curves_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record
    from support.synthetic import MakeRecord, Results


def at_sizes(
    record: MakeRecord, sizes: dict[int, float], kind: str, steady: list[float]
) -> list[Record]:
    """Return serial and threads at sizes of so many tasks, each of so many seconds."""
    return [
        record(model, [tasks * task_s * gain * each for each in steady],
               size=f"{tasks} of {task_s}", tasks=tasks, kind=kind)
        for tasks, task_s in sizes.items()
        for model, gain in (("serial", 1.0), ("threads", 0.6))
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["cpu", "io"])
def test_sizes_that_differ_by_what_a_task_costs_are_compared_by_cost(
    results: Results, record: MakeRecord, steady: list[float], kind: str
) -> None:
    sizes = {12: 1e-4, 10: 1e-3, 8: 1e-2}

    assert axis_of(results(*at_sizes(record, sizes, kind, steady))) is Axis.COST


@pytest.mark.parametrize("kind", ["cpu", "io"])
def test_sizes_that_differ_by_how_many_tasks_there_are_are_compared_by_number(
    results: Results, record: MakeRecord, steady: list[float], kind: str
) -> None:
    sizes = {10: 1e-3, 100: 1.1e-3, 1000: 0.9e-3}

    assert axis_of(results(*at_sizes(record, sizes, kind, steady))) is Axis.TASKS


@pytest.mark.parametrize(
    ("cost_s", "expected"), [(lambda _: 1e-7, Axis.BYTES), (lambda size: size * 1e-9, Axis.COST)]
)
def test_sizes_that_differ_by_their_bytes_are_compared_by_them(
    results: Results,
    record: MakeRecord,
    steady: list[float],
    cost_s: Callable[[int], float],
    expected: Axis,
) -> None:
    raced = results(
        *(
            record("serial", [8 * cost_s(size) * each for each in steady],
                   size=str(size), tasks=8, payload_bytes=8 * size)
            for size in (2**10, 2**16, 2**20)
        )
    )  # fmt: skip

    assert axis_of(raced) is expected
    assert magnitude_of(raced[0], Axis.BYTES) == 1024


def test_nothing_is_known_of_bytes_that_are_not_declared(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    (serial,) = results(record("serial", steady))

    assert magnitude_of(serial, Axis.BYTES) is None


def test_a_cost_is_the_serial_time_of_a_task(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    _, pool = results(record("serial", steady), record("pool", [0.5 * each for each in steady]))

    assert magnitude_of(pool, Axis.COST) == pytest.approx(1 / 4, rel=1e-3)


def test_of_a_single_size_tasks_that_wait_are_counted(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    raced = results(record("asyncio", steady, kind="io", tasks=100))

    assert magnitude_of(raced[0], axis_of(raced)) == 100


def test_sizes_stand_in_the_order_declared_however_long_they_took(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    raced = [
        record("serial", [pass_s * each for each in steady], size=size)
        for size, pass_s in (("first", 1.0), ("second", 0.1), ("third", 0.5))
    ]
    (curve,) = curves_of(results(*raced))

    assert [each.record.size for each in curve.results] == ["first", "second", "third"]


def test_a_crossover_is_found_whatever_the_order_declared(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    raced = [
        record(model, [pass_s * each for each in steady], size=size)
        for size, serial_s in (("4000", 1.0), ("100", 0.01), ("1000", 0.1))
        for model, pass_s in (("serial", serial_s), ("pool", 0.05 + serial_s / 2))
    ]
    _, pool = curves_of(results(*raced))

    assert pool.crossover
    assert 0.1 / 4 < (pool.crossover.magnitude or 0) < 1.0 / 4
