from __future__ import annotations

from math import isclose
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind, Workload
from raceway.measure.lane.answers import MOST_BYTES, difference, packed
from raceway.measure.lane.verification import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable


def tasks_of(answers: tuple[Any, ...], agrees: Callable[[Any, Any], bool] | None = None) -> Tasks:
    """Return tasks whose right answers are these."""
    places = tuple(range(len(answers)))
    fields = {"agrees": agrees} if agrees else {}
    work = Workload(
        summary="", kind=Kind.CPU, task=abs, sizes={"few": places},
        expected=lambda place: answers[place], **fields,
    )  # fmt: skip
    return Tasks.of(work, "work", "few", "cpu")


def test_equal_answers_do_not_differ() -> None:
    assert difference(tasks_of((1, "a", [2.5])), packed((1, "a", [2.5]))) == ""


def test_the_first_other_answer_is_named() -> None:
    assert difference(tasks_of((17, 18)), packed((17, 0))) == "task 2 of 2 gives 0 instead of 18"


def test_another_number_of_answers_is_named() -> None:
    assert difference(tasks_of((17, 18)), packed((17,))) == "1 answers instead of 2"


def test_what_the_workload_takes_for_equal_does_not_differ() -> None:
    near = tasks_of((0.1 + 0.2,), isclose)

    assert difference(near, packed((0.3,))) == ""
    assert difference(near, packed((0.4,))) != ""


def test_an_answer_that_cannot_be_compared_differs() -> None:
    assert "gives 'a' instead of 0.5" in difference(tasks_of((0.5,), isclose), packed(("a",)))


@pytest.mark.parametrize("answers", [(lambda: 1,), (bytes(MOST_BYTES + 1),)])
def test_answers_that_cannot_travel_are_not_compared(answers: tuple[Any, ...]) -> None:
    assert packed(answers) == ""


@pytest.mark.parametrize("others", ["", "bm9uc2Vuc2U="])
def test_answers_that_cannot_be_read_do_not_differ(others: str) -> None:
    assert difference(tasks_of((17,)), others) == ""
