"""The tables of interpreters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.results import results_of
from raceway.record import Status
from raceway.report.run.pythons import python_tables, python_texts
from support.synthetic import a_record, a_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run

STEADY = (1.0, 1.001, 0.999, 1.0005, 0.9995)
TIMES = {
    "current": {"serial": 1.0, "threads": 1.0, "pool": 0.6},
    "3.14": {"serial": 0.8, "threads": 0.8, "interpreters": 0.4},
    "pypy": {"serial": 0.1, "threads": 0.1, "pool": 0.2},
}
LABELS = ("current", "3.14", "pypy")


def case(model: str, pass_s: float, label: str, **fields: object) -> Record:
    return a_record(model, [pass_s * each for each in STEADY], interpreter=label, **fields)


@pytest.fixture
def three() -> Run:
    """Return a run of three interpreters: one is best at computing, all are alike in waiting."""
    cases = [case(model, pass_s, label)
             for label, models in TIMES.items() for model, pass_s in models.items()]  # fmt: skip
    waits: dict[str, object] = {"workload": "sleep", "size": "100", "kind": "io"}
    waiting = [case("asyncio", 0.01, label, **waits) for label in LABELS[:2]]
    failed = a_record("asyncio", interpreter="pypy", status=Status.FAILED, reason="no", **waits)
    return a_run([*cases, *waiting, failed])


def told(run: Run, width: int = 100) -> list[str]:
    return [line.plain.rstrip() for line in python_texts(run, results_of(run), width)]


def test_a_run_of_one_interpreter_has_no_such_table(field_run: Callable[..., Run]) -> None:
    run = field_run()

    assert python_tables(run, results_of(run)) is None
    assert told(run) == []


def test_each_interpreter_is_shown_beside_the_current_one(three: Run) -> None:
    heading, titles, work, current, newer, pypy, *_ = told(three)

    assert heading == (
        "Which Python for which work  times as fast as current (CPython 3.13.0)"
    )  # fmt: skip
    assert titles.split() == ["Python", "plain", "loop", "best", "model", "its", "speed", "start"]
    assert work == "primes-4000: pypy"
    assert re.match(r"  current  250 ms a task +pool +150 ms a task", current)
    assert re.match(r"  3\.14     1\.25× \[1\.2\d, .* interpreters +1\.50× \[1\.4", newer)
    assert re.match(r"  pypy     10\.0× \[.* serial \+1 +6\.00× \[", pypy)


def test_the_fastest_is_named_or_said_to_be_unknown(three: Run) -> None:
    lines = told(three)

    assert "primes-4000: pypy" in lines
    assert "+1, +2: so many more models may be as fast" in lines
    assert "sleep-100: current or 3.14; which is faster is not known" in lines


def test_an_interpreter_without_a_time_is_named(three: Run) -> None:
    assert "pypy has no time on sleep-100" in told(three)


def test_a_single_launch_is_said_to_tell_nothing() -> None:
    run = a_run([
        a_record("serial", [1.0], interpreter="current"),
        a_record("serial", [0.5], interpreter="3.14"),
    ])  # fmt: skip

    assert "primes-4000: not known: measured in a single launch" in told(run)


def test_what_each_costs_stands_below(three: Run) -> None:
    lines = told(three)
    titles, newer, pypy = lines[lines.index("What each costs") + 1 :]

    assert titles.split("  ")[0] == "Python"
    assert newer.startswith("  3.14  1.25× [")
    assert pypy.startswith("  pypy  10.0× [")


@pytest.mark.parametrize("width", [80, 120])
def test_no_line_is_wider_than_the_terminal(three: Run, width: int) -> None:
    assert max(map(len, told(three, width))) <= width


def test_the_report_shows_the_tables(three: Run, screen: Callable[..., str]) -> None:
    assert "Which Python for which work" in screen(three)
