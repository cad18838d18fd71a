"""How alike two sides are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.comparison.differences import Difference
from raceway.analysis.comparison.likeness import differences_of, same_interpreter
from raceway.analysis.comparison.samples import Side
from raceway.record import Commit, Environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run

ENVIRONMENT = Environment(
    label="current", command="python", version="3.13.0", implementation="CPython"
)


def edited(run: Run, **fields: Any) -> Side:
    header = msgspec.structs.replace(run.header, **fields)
    return Side("B", [msgspec.structs.replace(run, header=header)])


def test_an_interpreter_is_the_same_whatever_it_is_called() -> None:
    other = msgspec.structs.replace(ENVIRONMENT, label="3.13", command="/usr/bin/python3.13")

    assert same_interpreter(ENVIRONMENT, other)


@pytest.mark.parametrize(
    "fact",
    [
        {"version": "3.14.0"},
        {"implementation": "PyPy"},
        {"compiler": "Clang 18"},
        {"free_threaded": True},
        {"gil_enabled": False},
    ],
)
def test_an_interpreter_that_runs_bytecode_otherwise_is_another(fact: dict[str, Any]) -> None:
    assert not same_interpreter(ENVIRONMENT, msgspec.structs.replace(ENVIRONMENT, **fact))


@pytest.mark.parametrize("pair", [(None, ENVIRONMENT), (ENVIRONMENT, None), (None, None)])
def test_an_interpreter_that_is_not_known_is_never_the_same(
    pair: tuple[Environment | None, Environment | None],
) -> None:
    assert not same_interpreter(*pair)


def test_one_run_compared_with_itself_differs_in_nothing(side: Callable[..., Side]) -> None:
    assert differences_of(side(), side()) == []


def test_another_machine_is_told_first(run: Callable[..., Run], side: Callable[..., Side]) -> None:
    machine = msgspec.structs.replace(run().header.machine, id="other", kernel="6.9")

    assert differences_of(side(), edited(run(), machine=machine))[0] == Difference(
        "machine", "linux-x86_64-xeon-2c-3f9a1c", "other"
    )


def test_commits_are_told_by_their_first_digits(
    run: Callable[..., Run], side: Callable[..., Side]
) -> None:
    commit = Commit(id="f" * 40, branch="main", dirty=True)

    assert differences_of(side(), edited(run(), commit=commit)) == [
        Difference("commit", "0123456", "fffffff")
    ]


def test_two_interpreters_of_one_run_are_told_apart(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    both = run([record("serial", [1.0], interpreter=label) for label in ("a", "b")])
    old, new = both.header.environments
    newer = [old, msgspec.structs.replace(new, version="3.14.0")]
    runs = edited(both, environments=newer).runs

    assert differences_of(Side("a", runs, "a"), Side("b", runs, "b")) == [
        Difference("Python", "3.13.0", "3.14.0")
    ]


def test_what_started_the_sides_of_a_duel_is_among_the_differences(
    run: Callable[..., Run],
) -> None:
    one, other = run(duel="d"), run(duel="d")
    (environment,) = other.header.environments
    slow = msgspec.structs.replace(environment, command="env SLOWNESS=2 python")
    header = msgspec.structs.replace(other.header, environments=[slow])
    sides = Side("a", [one]), Side("b", [msgspec.structs.replace(other, header=header)])

    assert differences_of(*sides) == [Difference("command", "python", "env SLOWNESS=2 python")]
