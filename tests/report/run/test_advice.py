"""The advice in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.crossover import Crossover, CrossoverPlace
from raceway.analysis.run.results import results_of
from raceway.record import Grade, Record, Run
from raceway.report.format.labels import Labels
from raceway.report.run.advice import advice_texts, crossover_text, magnitude

if TYPE_CHECKING:
    from collections.abc import Callable

    MakeRecord = Callable[..., Record]
    MakeRun = Callable[..., Run]

SERIAL_S = {"100": 0.01, "1000": 0.1, "4000": 1.0}


def told(run: Run) -> list[str]:
    return [text.plain for text in advice_texts(advice_of(results_of(run)), Labels(run))]


@pytest.fixture
def raced(run: MakeRun, record: MakeRecord, steady: list[float]) -> Callable[..., list[str]]:
    """Return the advice where a pool costs so much and gains so much at best."""

    def make(cost_s: float, best: float, **fields: object) -> list[str]:
        records = [
            record(model, [pass_s * each for each in steady], size=size, workers=workers)
            for size, serial_s in SERIAL_S.items()
            for model, workers, pass_s in (
                ("serial", 1, serial_s),
                ("pool", 2, cost_s + serial_s / best),
            )
        ]
        return told(run(records, **fields))

    return make


def test_the_advice_says_what_from_where_how_near_and_at_what_cost(
    raced: Callable[..., list[str]],
) -> None:
    heading, line = raced(0.05, 2.0)

    assert heading == "Advice"
    assert line.startswith("  primes: use pool from ")
    assert " a task [" in line
    assert " on, serial below; " in line
    assert "% of the limit" in line


def test_what_pays_everywhere_says_so(raced: Callable[..., list[str]]) -> None:
    assert "at every size measured, from 2.5 ms a task on" in raced(0.0001, 1.9)[1]


def test_what_never_pays_stays_serial(raced: Callable[..., list[str]]) -> None:
    assert raced(0.02, 1.0)[1] == "  primes: stay serial: nothing ever pays here"


def test_what_may_pay_at_larger_sizes_is_named(raced: Callable[..., list[str]]) -> None:
    line = raced(1.2, 2.0)[1]

    assert line == (
        "  primes: stay serial: nothing pays at the sizes measured; pool may beyond them"
    )


def test_two_launches_do_not_tell_from_where_on(run: MakeRun, record: MakeRecord) -> None:
    line = told(run([record("serial", [1.0, 1.001]), record("pool", [0.5, 0.5005])]))[1]

    assert "at size 4000, too few launches to tell from where on" in line


def test_without_serial_there_is_nothing_to_begin_from(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    line = told(run([record("threads", steady), record("pool", [each / 2 for each in steady])]))[1]

    assert line.startswith("  primes: use pool (no serial to compare with)")


def test_two_launches_do_not_tell_that_nothing_ever_pays(run: MakeRun, record: MakeRecord) -> None:
    line = told(run([record("serial", [1.0, 1.0001]), record("pool", [1.2, 1.2001])]))[1]

    assert line == "  primes: stay serial: nothing pays at the sizes measured"


def test_noise_is_said_to_be_unclear(raced: Callable[..., list[str]]) -> None:
    assert raced(0.05, 2.0, grade=Grade.NOISY)[1] == "  primes: unclear (too noisy)"


def test_an_interpreter_is_named_once(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    raced = [
        record(model, [factor * each for each in steady], interpreter=label)
        for label in ("3.13", "3.14")
        for model, factor in (("serial", 1.0), ("pool", 0.5))
    ]
    _, first, second = told(run(raced))

    assert first.startswith("  primes @3.13: use pool at every size")
    assert second.count("@3.14") == 1


def test_no_advice_has_no_heading(run: MakeRun) -> None:
    assert told(run([])) == []


def test_many_that_are_as_fast_are_counted(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    half = [each / 2 for each in steady]
    models = ("a", "b", "c", "d", "e")
    line = told(run([record("serial", steady), *(record(each, half) for each in models)]))[1]

    assert line.endswith("as fast at the largest size: b, c, d and 1 more")


@pytest.mark.parametrize(
    ("crossover", "text"),
    [
        (None, "–"),
        (Crossover(reach=CrossoverPlace.NEVER), "never"),
        (Crossover(reach=CrossoverPlace.BELOW), "below the smallest"),
        (
            Crossover(reach=CrossoverPlace.WITHIN, magnitude=1e-4, low=None, high=2e-4),
            "100 µs a task [below the smallest, 200 µs]",
        ),
        (
            Crossover(reach=CrossoverPlace.BEYOND, low=1e-3),
            "beyond the largest [1 ms, beyond the largest]",
        ),
    ],
)
def test_a_crossover_is_told_with_honest_ends(crossover: Crossover | None, text: str) -> None:
    assert crossover_text(crossover, "cpu") == text


def test_a_size_of_waiting_is_a_number_of_tasks() -> None:
    assert magnitude(99.7, "io") == "100 tasks at once"


def test_a_size_that_is_not_known_is_a_dash() -> None:
    assert magnitude(None, "cpu") == "–"
