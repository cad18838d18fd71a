from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Family, Kind, Model, Workload
from raceway.lap import Lap
from raceway.measure.lane import verification as answers
from raceway.measure.lane.equality import alike
from raceway.measure.lane.verification import Tasks, WrongAnswerError
from raceway.models import serial

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


def some_tasks(kind: Kind = Kind.CPU, **details: Any) -> Tasks:
    work = Workload(
        **{"summary": "", "kind": kind, "task": abs, "sizes": {"few": (-1, -2, -3)}, **details}
    )
    return Tasks.of(work, "absolute", "few", "cpu")


def on_device(number: int, device: str) -> str:
    return f"{number} on {device}"


def test_expected_answers_are_those_declared() -> None:
    assert some_tasks(expected=lambda number: 10 * number).expected == [-10, -20, -30]


def test_expected_answers_are_found_by_running_where_none_are_declared() -> None:
    assert some_tasks().expected == [1, 2, 3]


def test_what_the_tasks_require_is_imported() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        some_tasks(requires=("no_such_package",))


def test_a_task_gets_no_device_unless_it_computes_with_tensors() -> None:
    assert some_tasks().job(1).task is abs


def test_a_tensor_task_gets_its_device() -> None:
    assert some_tasks(Kind.TENSOR, task=on_device).job(1).task(7) == "7 on cpu"


def test_an_asynchronous_tensor_task_gets_its_device_too() -> None:
    job = some_tasks(Kind.TENSOR, task=on_device, async_task=on_device).job(1)

    assert job.async_task
    assert job.async_task(7) == "7 on cpu"


def test_a_job_without_an_asynchronous_task_has_none() -> None:
    assert some_tasks().job(1).async_task is None


def test_a_job_tells_what_the_model_needs() -> None:
    job = some_tasks().job(5)

    assert (job.arguments, job.workers, job.device) == ((-1, -2, -3), 5, "cpu")


def test_right_answers_give_the_time() -> None:
    assert some_tasks().verified(Lap(77, [1, 2, 3]), "serial") == 77


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ([1, -2, -3], "absolute-few by pool: wrong answer: task 2 of 3 gave -2, expected 2"),
        ([1, 2], "absolute-few by pool: 2 answers to 3 tasks"),
        ([1, 2, 3, 4], "absolute-few by pool: 4 answers to 3 tasks"),
        ([], "absolute-few by pool: 0 answers to 3 tasks"),
        ([1, 2, "x" * 99], f"task 3 of 3 gave '{'x' * 59}…, expected 3"),
    ],
)
def test_wrong_answers_are_told_by_their_task(given: list[Any], complaint: str) -> None:
    with pytest.raises(WrongAnswerError, match=complaint):
        some_tasks().verified(Lap(77, given), "pool")


def test_plain_answers_are_compared_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "alike", None)

    assert some_tasks().verified(Lap(7, [1, 2, 3]), "threads") == 7


@pytest.mark.parametrize("given", [[1.0, 2, 3], [True, 2, 3], [1, 2, 3 + 1e-15]])
def test_answers_of_other_types_are_compared_one_by_one(given: list[Any]) -> None:
    seen: list[Any] = []

    def agrees(answer: Any, expected: Any) -> bool:
        seen.append(answer)
        return alike(answer, expected)

    tasks = replace(some_tasks(), agrees=agrees)

    assert tasks.verified(Lap(7, given), "threads") == 7
    assert seen == given


def test_answers_may_agree_without_being_equal() -> None:
    tasks = some_tasks(agrees=lambda answer, expected: abs(answer - expected) < 0.5)

    assert tasks.verified(Lap(77, [1.2, 1.8, 3.0]), "serial") == 77


def test_an_expected_answer_is_told_to_be_what_a_plain_loop_answered() -> None:
    with pytest.raises(WrongAnswerError, match=r"expected 1 \(what a plain loop answered\)"):
        some_tasks().verified(Lap(77, [7, 2, 3]), "pool")


def test_a_declared_answer_is_told_to_be_declared() -> None:
    with pytest.raises(WrongAnswerError, match=r"expected 1 \(as `expected` of the workload tells"):
        some_tasks(expected=abs).verified(Lap(77, [7, 2, 3]), "pool")


def test_a_task_that_never_repeats_its_answer_is_told_with_the_remedy() -> None:
    tasks = some_tasks(task=lambda number: number * time.perf_counter())

    with pytest.raises(WrongAnswerError, match=r"called again, it answers otherwise, too.*agrees="):
        tasks.verified(Lap(77, [1.0, 2.0, 3.0]), "serial")


def test_answers_that_nobody_can_compare_are_told_by_their_task() -> None:
    tasks = some_tasks(task=lambda number: iter([number]))
    given = [tasks.task(number) for number in tasks.arguments]

    with pytest.raises(WrongAnswerError, match=r"task 1 of 3 gave <list_iterator.*agrees="):
        tasks.verified(Lap(77, given), "serial")


def test_answers_of_nan_are_right() -> None:
    tasks = some_tasks(task=lambda number: [float("nan"), number])

    assert tasks.verified(Lap(77, [[float("nan"), -n] for n in (1, 2, 3)]), "serial") == 77


def test_a_comparison_that_says_neither_yes_nor_no_is_told() -> None:
    class Both:
        def __bool__(self) -> bool:
            raise ValueError("ambiguous")

    tasks = some_tasks(agrees=lambda *_: Both())

    with pytest.raises(TypeError, match=r"agrees= returned <.*neither True nor False.*all()"):
        tasks.verified(Lap(77, [1, 2, 3]), "serial")


@pytest.mark.skipif(
    not hasattr(sys, "get_int_max_str_digits"), reason="prints integers of any length"
)
def test_a_number_too_long_to_print_can_be_quoted() -> None:
    with pytest.raises(WrongAnswerError, match=r"task 1 of 3 gave <int, not printable: Exceeds"):
        some_tasks().verified(Lap(77, [10**5_000, 2, 3]), "serial")


def test_an_answer_whose_own_code_fails_can_be_quoted() -> None:
    class Shy:
        def __repr__(self) -> str:
            raise LookupError("not me")

    assert answers.quoted(Shy()) == "<Shy, not printable: not me>"


AUDITED = []


def noted(number: int) -> bool:
    AUDITED.append(number)
    return number != -2


@pytest.fixture
def audited() -> Iterator[list[int]]:
    """Return the tasks that an audit has seen."""
    AUDITED.clear()
    yield AUDITED
    AUDITED.clear()


def test_an_audit_sees_every_task(audited: list[int]) -> None:
    with pytest.raises(WrongAnswerError):
        some_tasks(audit=noted).audited(serial.MODEL, "serial", 1)

    assert audited == [-1, -2, -3]


def test_an_audit_that_finds_a_fault_is_a_wrong_answer() -> None:
    with pytest.raises(WrongAnswerError, match="absolute-few by serial: wrong answer: the audit f"):
        some_tasks(audit=noted).audited(serial.MODEL, "serial", 1)


def test_an_audit_that_finds_nothing_raises_nothing() -> None:
    some_tasks(audit=bool).audited(serial.MODEL, "serial", 1)


def test_without_an_audit_no_model_is_opened() -> None:
    @contextmanager
    def refuse(_: Job) -> Iterator[Runner]:
        pytest.fail("was opened")
        yield

    refusing = Model(summary="", open=refuse, family=Family.ONE_CORE)
    some_tasks().audited(refusing, "refusing", 1)


def test_an_audit_of_tensors_gets_their_device() -> None:
    devices = []

    def note(_: int, device: str) -> bool:
        devices.append(device)
        return True

    tasks = some_tasks(Kind.TENSOR, task=on_device, audit=note)
    tasks.audited(serial.MODEL, "serial", 1)

    assert devices == ["cpu"] * 3


class VirtualTime(SimpleNamespace):
    """A clock that only tasks move."""

    now_ns = 0

    def perf_counter_ns(self) -> int:
        return self.now_ns


def test_the_longest_share_is_that_of_the_slowest_task(monkeypatch: pytest.MonkeyPatch) -> None:
    virtual = VirtualTime()
    monkeypatch.setattr(answers, "time", virtual)

    def work(number: int) -> None:
        virtual.now_ns += -number * 1_000

    assert some_tasks(task=work).longest_share() == 0.5


def test_a_task_disturbed_once_is_not_taken_for_the_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    virtual, runs = VirtualTime(), iter([1_000, 90_000, 1_000, 1_000, 1_000, 1_000])
    tasks = some_tasks(expected=abs)
    monkeypatch.setattr(answers, "time", virtual)

    def work(_: int) -> None:
        virtual.now_ns += next(runs)

    object.__setattr__(tasks, "task", work)

    assert tasks.longest_share() == pytest.approx(1 / 3)


def test_tasks_too_short_to_time_have_no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "time", VirtualTime())

    assert some_tasks().longest_share() == 0.0
