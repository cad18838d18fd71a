from __future__ import annotations

import io
import os
import pickle
import subprocess
from collections import Counter
from decimal import Decimal
from math import isclose
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from raceway.case import Kind, Workload
from raceway.measure.lane.answers import MOST_BYTES, AnswerUnpickler, difference, packed
from raceway.measure.lane.verification import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


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


class Opens:
    """An answer that does something to whoever reads it."""

    def __init__(self, act: Callable[..., Any], *arguments: Any) -> None:
        self.act, self.arguments = act, arguments

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return self.act, self.arguments


@pytest.mark.parametrize("act", [os.mkdir, subprocess.Popen, eval, getattr], ids=str)
def test_answers_of_another_machine_run_nothing_here(
    tmp_path: Path, act: Callable[..., Any]
) -> None:
    made = tmp_path / "made"
    arguments = {
        os.mkdir: (str(made),),
        subprocess.Popen: (["mkdir", str(made)],),
        eval: (f"__import__('os').mkdir({str(made)!r})",),
        getattr: (os, "mkdir"),
    }[act]  # type: ignore[index]

    assert difference(tasks_of((17,)), packed((Opens(act, *arguments),))) == ""
    assert not made.exists()


def test_a_module_within_a_module_is_not_reached() -> None:
    reached = b"\x80\x04\x8c\x20raceway.measure.lane.verification\x8c\x0btime.sleep\x93."
    reached = reached.replace(b"\x20", bytes([len("raceway.measure.lane.verification")]), 1)
    reached = reached.replace(b"\x0b", bytes([len("time.sleep")]), 1)
    assert callable(pickle.loads(reached))  # noqa: S301 (what would be reached)

    with pytest.raises(pickle.UnpicklingError):
        AnswerUnpickler(io.BytesIO(reached)).load()


@pytest.mark.parametrize(
    "answer", [Counter("aab"), Decimal("0.1"), {1, 2}, 2j, range(3), Kind.CPU], ids=str
)
def test_values_of_the_standard_library_and_of_users_are_compared(answer: Any) -> None:
    assert difference(tasks_of((answer,)), packed((answer,))) == ""
    assert "instead of" in difference(tasks_of((answer,)), packed(("another",)))


def test_arrays_are_compared() -> None:
    known = tasks_of((np.arange(3),), np.array_equal)

    assert difference(known, packed((np.arange(3),))) == ""
    assert "instead of" in difference(known, packed((np.arange(4),)))
    assert "instead of" in difference(tasks_of((np.float64(1),)), packed((np.float64(2),)))
