"""Noise is a caveat with a direction: an answer waits only where noise could have made it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.run.bias import bias_of
from raceway.analysis.run.conditions import Conditions
from raceway.analysis.run.ranking import Answer, AnswerKind, answers_of
from raceway.analysis.run.usage import usage_of
from raceway.record import Noise

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.run.results import Result
    from raceway.record import Record

STEADY = [1.0, 1.001, 0.999, 1.0005, 0.9995]


@pytest.fixture
def answer(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> Callable[..., Answer]:
    """Return what gives the answer where models take so many times as long as serial.

    `busy` is what share of its time a model had a CPU.
    """

    def give(
        factors: dict[str, float],
        busy: dict[str, float] | None = None,
        kind: str = "cpu",
        **conditions: object,
    ) -> Answer:
        records = [
            starved(
                record(model, [factor * each for each in STEADY], kind=kind),
                (busy or {}).get(model, 1.0),
            )
            for model, factor in {"serial": 1.0, **factors}.items()
        ]
        (only,) = answers_of(results(*records, **conditions))
        return only

    return give


def starved(record: Record, share: float) -> Record:
    launches = [
        msgspec.structs.replace(each, cpu_s=share * sum(each.rounds_ns) / 1e9)
        for each in record.launches
    ]
    return msgspec.structs.replace(record, launches=launches)


def names(results: Sequence[Result]) -> set[str]:
    return {result.record.model for result in results}


def test_what_pays_although_cores_were_taken_stands(answer: Callable[..., Answer]) -> None:
    found = answer({"pool": 0.7}, capacity=1.2)

    assert found.outcome is AnswerKind.PAYS
    assert found.winners[0].bias.slowed == pytest.approx(2 / 1.2)


def test_a_capacity_that_cannot_be_makes_up_for_no_core_taken(
    answer: Callable[..., Answer],
) -> None:
    pool = answer({"pool": 1.0}).results[1]
    noises = [Noise(parallel_capacity=each) for each in (1.2, 1.2, 1.2, 4.0, 4.0)]
    conditions = replace(pool.conditions, by_launch=tuple(enumerate(noises)))

    bias = bias_of(pool.record, pool.usage, None, conditions, usable_cores=2)

    assert bias.cores_ran == pytest.approx((3 * 1.2 + 2 * 2.0) / 5)
    assert bias.slowed > 1


def test_that_serial_is_best_waits_where_cores_were_taken(answer: Callable[..., Answer]) -> None:
    found = answer({"pool": 1.0}, capacity=1.2)

    assert found.outcome is AnswerKind.UNCLEAR
    assert found.doubts == ("only 1.20 cores ran at once: measure again when the machine is idle",)
    assert found.remedy is None


def test_that_serial_is_best_stands_where_taken_cores_could_not_have_made_it(
    answer: Callable[..., Answer],
) -> None:
    assert answer({"pool": 3.0}, capacity=1.2).outcome is AnswerKind.SERIAL


def test_a_case_on_one_core_is_judged_though_other_cores_were_taken(
    answer: Callable[..., Answer],
) -> None:
    assert answer({"asyncio": 1.0}, capacity=1.0).outcome is AnswerKind.SERIAL


def test_a_ranking_across_numbers_of_cores_waits_where_cores_were_taken(
    answer: Callable[..., Answer],
) -> None:
    factors = {"pool": 0.75, "asyncio": 0.6}

    assert names(answer(factors, kind="tensor", capacity=2.0).winners) == {"asyncio"}
    assert names(answer(factors, kind="tensor", capacity=1.2).winners) == {"asyncio", "pool"}


def test_a_ranking_among_models_on_all_cores_does_not_wait(answer: Callable[..., Answer]) -> None:
    found = answer({"pool": 0.6, "processes-fork": 0.75}, capacity=1.2)

    assert names(found.winners) == {"pool"}


def test_threads_do_not_beat_a_serial_that_was_kept_waiting_for_a_cpu(
    answer: Callable[..., Answer],
) -> None:
    found = answer({"threads": 0.67}, busy={"serial": 0.65})

    assert found.outcome is AnswerKind.UNCLEAR
    assert "serial itself was kept waiting for a CPU" in found.doubts[0]


def test_a_pool_on_several_cores_still_beats_a_serial_that_was_kept_waiting(
    answer: Callable[..., Answer],
) -> None:
    found = answer({"pool": 0.6}, busy={"serial": 0.65, "pool": 1.6})

    assert found.outcome is AnswerKind.PAYS


def test_what_was_kept_waiting_as_much_as_serial_was_not_flattered(
    answer: Callable[..., Answer],
) -> None:
    found = answer({"threads": 0.8}, busy={"serial": 0.65, "threads": 0.65})

    assert found.outcome is AnswerKind.PAYS


def test_a_gain_beyond_what_waiting_could_have_made_stands(answer: Callable[..., Answer]) -> None:
    found = answer({"threads": 0.55}, busy={"serial": 0.9, "threads": 1.0})

    assert found.outcome is AnswerKind.PAYS


def queued(record: Record, share: float) -> Record:
    """Return the record with so much of its time spent in the run queue, the rest computing."""
    launches = [
        msgspec.structs.replace(
            each,
            cpu_s=(1 - share) * sum(each.rounds_ns) / 1e9,
            queue_s=share * sum(each.rounds_ns) / 1e9,
        )
        for each in record.launches
    ]
    return msgspec.structs.replace(record, launches=launches)


def test_the_run_queue_tells_that_serial_was_kept_waiting(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (found,) = answers_of(results(
        queued(record("serial", STEADY), 0.35),
        queued(record("threads", [0.67 * each for each in STEADY]), 0.0),
    ))  # fmt: skip

    assert found.outcome is AnswerKind.UNCLEAR
    assert "serial itself was kept waiting for a CPU" in found.doubts[0]


def test_time_that_serial_waited_without_wanting_a_cpu_flatters_nobody(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    serial = starved(record("serial", STEADY), 0.85)
    launches = [msgspec.structs.replace(each, queue_s=0.0) for each in serial.launches]
    (found,) = answers_of(results(
        msgspec.structs.replace(serial, launches=launches),
        record("threads", [0.9 * each for each in STEADY]),
    ))  # fmt: skip

    assert found.outcome is AnswerKind.PAYS


def test_serial_that_waits_by_nature_is_not_kept_waiting(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    waiting = [
        starved(record(model, [factor * each for each in STEADY], kind="io"), 0.01)
        for model, factor in (("serial", 1.0), ("threads", 0.5))
    ]
    (found,) = answers_of(results(*waiting, capacity=1.0))

    assert found.outcome is AnswerKind.PAYS
    assert found.winners[0].bias.slowed == 1


@pytest.mark.parametrize(
    ("cores", "queue_s", "slowed"), [(1.0, 0.0, 1.0), (1.5, 0.0, 1.25), (1.0, None, 2 / 1.2)]
)
def test_cores_taken_away_slow_a_case_as_far_as_it_wanted_them(
    record: Callable[..., Record], cores: float, queue_s: float | None, slowed: float
) -> None:
    busy = starved(record("threads", STEADY), cores)
    launches = [msgspec.structs.replace(each, queue_s=queue_s) for each in busy.launches]
    threads = msgspec.structs.replace(busy, launches=launches)
    taken = Conditions(by_launch=((0, Noise(parallel_capacity=1.2)),))

    found = bias_of(threads, usage_of(threads), None, taken, usable_cores=2)

    assert found.slowed == pytest.approx(slowed)
