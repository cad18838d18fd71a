"""The answer of one group in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.ranking import answers_of
from raceway.record import Grade, Status
from raceway.report.format.labels import Labels
from raceway.report.run.sentences import sentence, speedup_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.run.results import Result
    from raceway.record import Record, Run

STEADY = [1.0] * 5


@pytest.fixture
def say(run: Callable[..., Run], results: Callable[..., list[Result]]) -> Callable[..., str]:
    """Return what gives the sentence of the group that these records are."""

    def said(*records: Record, **conditions: object) -> str:
        (answer,) = answers_of(results(*records, **conditions))
        return sentence(answer, Labels(run(records))).plain

    return said


def test_a_winner_is_named_with_its_speedup_and_share_of_the_limit(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    pool = record("pool", [0.51, 0.52, 0.53, 0.52, 0.52], workers=2)

    assert say(record("serial", STEADY), pool) == (
        "primes-4000, 250 ms a task: pool 1.92× [1.88, 1.97] of serial, 96 % of the limit"
    )


def test_a_computed_serial_is_said_to_be_computed(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    serial = record("serial", kind="io", computed_s=10.0)

    assert say(serial, record("asyncio", STEADY, kind="io")) == (
        "primes-4000, 2.5 s a task: asyncio 10.0× [10.0, 10.0] of serial (computed)"
    )


def test_models_that_tie_share_a_speedup(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    tied = [record(model, [0.5] * 5, workers=2) for model in ("pool", "fork", "spawn")]

    assert say(record("serial", STEADY), *tied) == (
        "primes-4000, 250 ms a task: pool, fork and spawn tie at 2.0× of serial,"
        " up to 100 % of the limit"
    )


def test_of_many_that_tie_the_rest_is_counted(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    tied = [record(model, [0.5] * 5) for model in "abcdef"]

    assert "a, b, c and 3 more tie at 2.0×" in say(record("serial", STEADY), *tied)


def test_a_tie_of_interpreters_is_over_their_own_serial(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    here = [record("serial", STEADY), record("pool", [0.5] * 5)]
    there = [
        record("serial", [0.9] * 5, interpreter="3.15"),
        record("pool", [0.5] * 5, interpreter="3.15"),
    ]

    assert "tie at 1.8× to 2.0× of their serial" in say(*here, *there)


def test_rivals_are_said_to_be_as_fast_perhaps(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    wild = record("fork", [0.3, 2.5, 0.4, 0.9, 0.55])

    said = say(record("serial", STEADY), record("pool", [0.5] * 5), wild)

    assert said.endswith("; fork may be as fast")


def test_where_nothing_beats_serial_the_next_best_is_told(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    slower = [record("pool", [4.0] * 5), record("threads", [1.25] * 5)]

    assert say(record("serial", STEADY), *slower) == (
        "primes-4000, 250 ms a task: serial; nothing beats it (threads 0.80×)"
    )


def test_a_gain_too_small_to_pay_is_told(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", STEADY), record("threads", [0.97] * 5)).endswith(
        "serial; nothing beats it by 5 % (threads 1.03×)"
    )


def test_serial_may_have_nobody_to_name_beside_it(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    both = [record("serial", STEADY), record("serial", [1.2] * 5, interpreter="3.14")]

    assert say(*both).endswith("serial @current; nothing beats it")


def test_without_serial_the_fastest_is_compared_with_the_next(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("pool", [0.5] * 5), record("threads", STEADY)) == (
        "primes-4000: pool, 120 ms a task, 2.00× [2.00, 2.00] of threads; no serial to compare with"
    )


def test_without_serial_a_tie_of_all_is_compared_with_nobody(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("pool", STEADY), record("threads", STEADY)) == (
        "primes-4000: pool and threads tie, 250 ms a task; no serial to compare with"
    )


def test_an_unclear_group_says_why_and_what_was_seen(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", [1.0]), record("pool", [0.5])) == (
        "primes-4000, 250 ms a task: unclear (1 launch: no interval), pool 2.00× of serial"
    )


def test_an_unclear_group_without_serial_names_the_fastest(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("threads", [1.0]), record("pool", [0.4])) == (
        "primes-4000: unclear (1 launch: no interval), pool fastest, 100 ms a task"
    )


def test_a_disturbed_group_is_marked(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    both = record("serial", STEADY), record("pool", [0.5] * 5)

    assert say(*both, grade=Grade.DISTURBED).endswith("(disturbed)")


def test_serial_alone_is_said_to_be_alone(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", STEADY)) == "primes-4000, 250 ms a task: only serial was measured"


def test_another_model_alone_is_named_with_its_time(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("pool", STEADY)) == "primes-4000: only pool was measured, 250 ms a task"


def test_a_group_without_times_counts_what_became_of_its_cases(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    failed = [record(model, status=Status.FAILED) for model in ("pool", "threads")]

    assert say(*failed, record("cuda", status=Status.SKIPPED)) == (
        "primes-4000: not measured (2 failed and 1 skipped)"
    )


def test_a_hopeless_speedup_has_no_interval(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    _, slow = results(record("serial", STEADY), record("spawn", [100.0] * 5))

    assert speedup_text(slow) == "0.010×"
