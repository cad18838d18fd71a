"""Which Python for which work: what is told of interpreters, and what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.run.pythons import Pythons, pythons_of
from raceway.record import Record, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.synthetic import MakeLaunch, MakeRecord, Results

Times = dict[str, dict[str, float]]
"""Seconds of a pass by interpreter and model."""


@pytest.fixture
def raced(record: MakeRecord, steady: list[float]) -> Callable[..., list[Record]]:
    """Return a factory of the cases of a group, by interpreter and model."""

    def make(times: Times, **fields: Any) -> list[Record]:
        return [
            record(model, [pass_s * each for each in steady], interpreter=label, **fields)
            for label, models in times.items()
            for model, pass_s in models.items()
        ]

    return make


@pytest.fixture
def told(results: Results) -> Callable[[list[Record]], Pythons]:
    """Return what a run of these cases tells of its interpreters."""

    def tell(records: list[Record]) -> Pythons:
        found = pythons_of(results(*records))
        assert found is not None
        return found

    return tell


def test_one_interpreter_is_compared_with_nothing(
    results: Results, raced: Callable[..., list[Record]]
) -> None:
    assert pythons_of(results(*raced({"current": {"serial": 1.0, "pool": 0.5}}))) is None


def test_plain_loops_and_best_models_are_compared_with_those_of_the_current_one(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    found = told(
        raced(
            {
                "3.14": {"serial": 0.8, "pool": 0.6, "interpreters": 0.45},
                "current": {"serial": 1.0, "pool": 0.6},
            }
        )
    )
    (work,) = found.works
    current, newer = work.rows

    assert (found.reference, current.interpreter, newer.interpreter) == (
        "current", "current", "3.14",
    )  # fmt: skip
    assert (current.serial_gain, current.best_gain) == (None, None)
    assert newer.best is not None
    assert newer.best.record.model == "interpreters"
    assert newer.serial_gain is not None
    assert newer.best_gain is not None
    assert newer.serial_gain.centre == pytest.approx(1.25, rel=1e-3)
    assert newer.best_gain.centre == pytest.approx(4 / 3, rel=1e-3)
    assert newer.best_gain.low is not None
    assert newer.best_gain.low < 4 / 3 < (newer.best_gain.high or 0)
    assert work.fastest == ("3.14",)


def test_the_choice_of_the_best_of_several_models_widens_its_interval(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    found = told(
        raced(
            {
                "current": {"serial": 1.0, "pool": 0.6, "threads": 0.9},
                "3.14": {"serial": 0.8, "pool": 0.48, "threads": 0.7},
            }
        )
    )
    row = found.works[0].rows[1]

    assert row.serial_gain is not None
    assert row.best_gain is not None
    assert (row.best_gain.high or 0) / row.best_gain.centre > 1.01
    assert row.best is not None
    plain = row.best.peers.estimate(
        next(each for each in raced({"current": {"pool": 0.6}})), row.best.record
    )
    assert plain is not None
    assert (row.best_gain.high or 0) > (plain.high or 0)


def test_interpreters_that_are_as_fast_are_not_told_apart(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    found = told(raced({"current": {"serial": 1.0}, "3.14": {"serial": 1.0}}))

    assert found.works[0].fastest == ("current", "3.14")


def test_models_that_are_as_fast_as_the_best_are_counted(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    found = told(
        raced(
            {
                "current": {"serial": 1.0},
                "3.14": {"serial": 0.9, "pool": 0.5, "processes-fork": 0.5},
            }
        )
    )

    assert [row.as_fast for row in found.works[0].rows] == [0, 1]


def test_the_largest_size_that_most_interpreters_ran_is_shown(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    both = {"current": {"serial": 1.0}, "3.14": {"serial": 1.0}}
    records = [
        *raced(both, size="small"),
        *raced(both, size="medium"),
        *raced({"current": {"serial": 9.0}}, size="large"),
    ]

    assert [work.group for work in told(records).works] == ["primes-medium"]


def test_work_that_one_interpreter_alone_ran_is_left_out(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    records = [
        *raced({"current": {"serial": 1.0}, "3.14": {"serial": 1.0}}),
        *raced({"current": {"serial": 1.0}}, workload="numpy-sort"),
    ]

    assert [work.group for work in told(records).works] == ["primes-4000"]


def test_an_interpreter_whose_cases_failed_has_an_empty_row(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]], record: MakeRecord
) -> None:
    two = {"current": {"serial": 1.0}, "3.14": {"serial": 1.0}}
    failed = record(
        "serial", status=Status.FAILED, reason="broken", interpreter="pypy", workload="json"
    )
    found = told([
        *raced(two | {"pypy": {"serial": 0.1}}), *raced(two, workload="json"), failed,
    ])  # fmt: skip
    row = found.works[1].rows[2]

    assert (row.interpreter, row.best, row.serial_gain, row.best_gain) == ("pypy", None, None, None)


def test_a_single_launch_tells_no_fastest(
    told: Callable[[list[Record]], Pythons], record: MakeRecord
) -> None:
    records = [
        record("serial", [1.0], interpreter="current"),
        record("serial", [0.1], interpreter="pypy"),
    ]

    assert told(records).works[0].fastest == ()


def test_a_computed_loop_is_no_measurement_of_an_interpreter(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]], record: MakeRecord
) -> None:
    waits: dict[str, Any] = {"workload": "sleep", "kind": "io", "tasks": 1000}
    records = raced({"current": {"asyncio": 0.02}, "3.14": {"asyncio": 0.015}}, **waits)
    computed = [
        record("serial", computed_s=10.0, interpreter=label, **waits)
        for label in ("current", "3.14")
    ]
    row = told([*records, *computed]).works[0].rows[1]

    assert (row.serial, row.serial_gain) == (None, None)
    assert row.best_gain is not None
    assert row.best_gain.centre == pytest.approx(4 / 3, rel=1e-3)


def test_prices_are_means_over_all_that_computes(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    found = told([
        *raced({
            "current": {"serial": 1.0, "threads": 1.0}, "3.14t": {"serial": 1.25, "threads": 0.5},
        }),
        *raced({
            "current": {"serial": 1.0, "threads": 1.0}, "3.14t": {"serial": 0.8, "threads": 0.5},
        }, workload="mandelbrot"),
        *raced({"current": {"threads": 1.0}, "3.14t": {"threads": 9.0}},
               workload="sleep", kind="io"),
    ])  # fmt: skip
    (price,) = found.prices

    assert price.interpreter == "3.14t"
    assert price.single is not None
    assert price.threads is not None
    assert price.single.centre == pytest.approx(1.0, rel=1e-3)
    assert price.threads.centre == pytest.approx(2.0, rel=1e-3)
    assert price.start is None


def test_tasks_that_are_no_work_have_no_price(
    told: Callable[[list[Record]], Pythons], raced: Callable[..., list[Record]]
) -> None:
    found = told(
        raced({"current": {"serial": 1e-4}, "3.14": {"serial": 1e-5}}, tasks=1000, workload="no-op")
    )

    assert found.prices[0].single is None


def test_the_start_of_pools_is_compared_like_beside_like(
    told: Callable[[list[Record]], Pythons], record: MakeRecord, launch: MakeLaunch
) -> None:
    def pool(model: str, label: str, start_s: float) -> Record:
        launches = [launch(index, 0.01, cold_s=0.01 + start_s) for index in range(3)]
        return record(model, launches=launches, interpreter=label)

    found = told([
        pool("processes-fork", "current", 0.01), pool("processes-spawn", "current", 0.1),
        pool("processes-spawn", "3.14", 0.2), pool("interpreters", "3.14", 0.03),
    ])  # fmt: skip

    assert found.prices[0].start is not None
    assert found.prices[0].start.centre == pytest.approx(0.5)
