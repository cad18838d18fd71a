"""What a run says about each group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.ranking import Answer, AnswerKind, answers_of
from raceway.record import Grade, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.run.results import Result
    from raceway.record import Record

FIVE = [1.0, 1.01, 0.99, 1.005, 0.995]
"""Passes of five quiet launches."""


def times(factor: float, launches: Sequence[float] = FIVE) -> list[float]:
    return [factor * each for each in reversed(launches)]


@pytest.fixture
def answer(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> Callable[..., Answer]:
    """Return what gives the answer to a group from the pass times of its models."""

    def give(conditions: dict[str, object] | None = None, **models: Sequence[float]) -> Answer:
        records = [record(model, passes_s) for model, passes_s in models.items()]
        (only,) = answers_of(results(*records, **(conditions or {})))
        return only

    return give


def names(results: Sequence[Result]) -> list[str]:
    return [result.record.model for result in results]


def test_the_ranking_is_fastest_first(answer: Callable[..., Answer]) -> None:
    found = answer(serial=FIVE, pool=times(0.5), threads=times(0.9))

    assert names(found.ranking) == ["pool", "threads", "serial"]


def test_a_model_that_beats_serial_and_the_runner_up_wins(answer: Callable[..., Answer]) -> None:
    found = answer(serial=FIVE, pool=times(0.5), threads=times(0.9))

    assert (found.outcome, names(found.winners)) == (AnswerKind.PAYS, ["pool"])


def test_models_that_cannot_be_told_apart_tie(answer: Callable[..., Answer]) -> None:
    found = answer(serial=FIVE, pool=times(0.5), fork=times(0.503), threads=times(0.9))

    assert names(found.winners) == ["pool", "fork"]


def test_a_difference_of_less_than_a_percent_is_a_tie(answer: Callable[..., Answer]) -> None:
    steady = [1.0] * 5

    found = answer(serial=steady, pool=[0.5] * 5, fork=[0.504] * 5)

    assert names(found.winners) == ["pool", "fork"]


def test_a_model_too_uncertain_to_beat_serial_is_a_rival_not_a_winner(
    answer: Callable[..., Answer],
) -> None:
    found = answer(serial=FIVE, pool=times(0.5), fork=[0.3, 2.5, 0.4, 0.9, 0.55])

    assert (names(found.winners), names(found.rivals)) == (["pool"], ["fork"])


def test_serial_wins_where_nothing_beats_it(answer: Callable[..., Answer]) -> None:
    found = answer(serial=FIVE, pool=times(3.0), threads=times(1.0))

    assert (found.outcome, names(found.winners)) == (AnswerKind.SERIAL, ["serial"])


def test_a_gain_of_less_than_five_percent_does_not_pay(answer: Callable[..., Answer]) -> None:
    steady = [1.0] * 5

    assert answer(serial=steady, threads=[0.97] * 5).outcome is AnswerKind.SERIAL


def test_a_gain_whose_interval_holds_one_is_not_claimed(answer: Callable[..., Answer]) -> None:
    found = answer(serial=[1.0] * 3, pool=[0.5, 1.1, 0.8])

    assert (found.outcome, found.doubts) == (AnswerKind.UNCLEAR, ("the interval is too wide",))


def test_an_unclear_group_names_the_model_that_may_pay(answer: Callable[..., Answer]) -> None:
    found = answer(serial=[1.0] * 3, threads=[1.0] * 3, pool=[0.7, 1.8, 1.1])

    assert names(found.winners) == ["pool"]


@pytest.mark.parametrize("grade", list(Grade))
def test_a_grade_alone_makes_no_answer_unclear(answer: Callable[..., Answer], grade: Grade) -> None:
    found = answer({"grade": grade}, serial=FIVE, pool=times(0.5))

    assert found.outcome is AnswerKind.PAYS


def test_a_machine_that_was_slow_for_both_says_nothing_of_their_ratio(
    answer: Callable[..., Answer],
) -> None:
    phases = [1.0, 2.3, 1.1, 2.2, 1.6]

    found = answer(serial=phases, pool=[0.6 * each for each in phases])

    assert found.outcome is AnswerKind.PAYS


def test_one_launch_is_unclear(answer: Callable[..., Answer]) -> None:
    found = answer(serial=[1.0], pool=[0.5])

    assert (found.outcome, found.doubts) == (AnswerKind.UNCLEAR, ("1 launch: no interval",))


def test_two_launches_answer_what_their_interval_answers(answer: Callable[..., Answer]) -> None:
    found = answer({"groups": []}, serial=[1.0, 1.0], pool=[0.5, 0.5])

    assert found.outcome is AnswerKind.PAYS


def test_what_is_unclear_says_how_many_launches_would_tell_and_how_long_they_take(
    answer: Callable[..., Answer],
) -> None:
    found = answer(serial=[1.0] * 5, pool=[1.0, 0.8, 1.1, 0.85, 0.9])

    assert found.outcome is AnswerKind.UNCLEAR
    assert found.remedy
    assert found.remedy.launches > 1
    assert found.remedy.wall_s == found.remedy.launches * 1.0


def test_without_serial_the_fastest_is_named(answer: Callable[..., Answer]) -> None:
    found = answer(pool=times(0.5), threads=times(0.9), fork=times(0.5))

    assert (found.outcome, names(found.winners)) == (AnswerKind.NO_SERIAL, ["pool", "fork"])


def test_a_lone_case_has_nothing_to_win_against(answer: Callable[..., Answer]) -> None:
    assert answer(serial=FIVE).outcome is AnswerKind.ALONE


def test_a_group_of_computed_times_only_has_nothing_to_say(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    both = [record(computed_s=10.0), record(computed_s=10.0, interpreter="3.14")]

    (found,) = answers_of(results(*both))

    assert found.outcome is AnswerKind.UNMEASURED


def test_a_group_without_any_time_is_unmeasured(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (found,) = answers_of(results(record("pool", FIVE, status=Status.FAILED)))

    assert (found.outcome, found.winners) == (AnswerKind.UNMEASURED, ())


def test_groups_are_answered_in_the_order_of_the_run(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    records = [record(passes_s=FIVE, size=size) for size in ("4000", "100", "4000")]

    assert [each.group for each in answers_of(results(*records))] == ["primes-4000", "primes-100"]


def test_a_faster_interpreters_serial_cannot_be_beaten_by_a_slower_pool(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (found,) = answers_of(
        results(
            record("serial", times(0.2), interpreter="3.15"),
            record("serial", FIVE),
            record("pool", times(0.5)),
        )
    )

    assert (found.outcome, found.winners[0].record.interpreter) == (AnswerKind.SERIAL, "3.15")


def test_a_single_task_tells_nothing_of_what_runs_side_by_side(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    (found,) = answers_of(
        results(record("serial", FIVE, tasks=1), record("pool", times(0.5), tasks=1))
    )

    assert (found.outcome, found.winners) == (AnswerKind.ONE_TASK, (found.ranking[1],))


def test_a_single_task_tells_of_threads_within_it_and_of_devices(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    tensor = {"kind": "tensor", "tasks": 1}
    (found,) = answers_of(results(
        record("serial", FIVE, **tensor),
        record("torch", times(0.5), **tensor),
        record("cuda", times(0.1), device="cuda:0", **tensor),
        record("pool", times(0.05), **tensor),
    ))  # fmt: skip

    assert (found.outcome, names(found.winners)) == (AnswerKind.PAYS, ["cuda"])
