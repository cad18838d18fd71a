"""The table of each group."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.ranking import answers_of
from raceway.record import Status
from raceway.report.format.labels import Labels
from raceway.report.run.groups import group_sections

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.run.results import Result
    from raceway.record import Record, Run


@pytest.fixture
def tables(
    run: Callable[..., Run], results: Callable[..., list[Result]]
) -> Callable[..., list[str]]:
    """Return what gives the lines of the tables of these records."""

    def lines(*records: Record, width: int = 120, **conditions: object) -> list[str]:
        answers = answers_of(results(*records, **conditions))
        sections = group_sections(answers, Labels(run(records)), width)
        return [line.plain.rstrip() for section in sections for line in section]

    return lines


def test_models_stand_in_the_order_of_their_time(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0] * 3), record("pool", [0.5] * 3))

    assert [line.split()[0] for line in lines[2:4]] == ["pool", "serial"]


def test_a_row_tells_all_that_is_known(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    pool = record("pool", [0.5] * 3, workers=2)

    lines = tables(record("serial", [1.0] * 3), pool, capacity=1.6)

    assert re.split(r"\s{2,}", lines[2]) == [
        "pool", "125 ms", "2.00× [1.95, 2.05]", "100 %", "50 ms", "50 MiB", "1.00", "125 %", "9",
    ]  # fmt: skip


def test_serial_has_a_dash_for_its_share_of_its_own_time(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0] * 3), record("pool", [0.5] * 3, workers=2))

    assert lines[3].split()[3:5] == ["–", "–"]


def test_the_heading_tells_how_it_was_measured(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0] * 3), capacity=1.9)

    assert lines[0] == "primes-4000  4 tasks, 3 launches, grade A, 1.90 cores ran at once"


def test_more_cores_than_there_are_are_not_said_to_have_run(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0] * 3), capacity=2.9)

    assert lines[0].endswith(", grade A")


def test_what_cannot_be_has_no_share_of_the_limit_but_a_question(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0] * 3), record("pool", [0.0136] * 3))

    assert "%" not in lines[2]
    assert (
        "left out as impossible: pool (does a task change its argument, or keep answers?)"
    ) in lines


def test_waiting_is_timed_by_the_pass(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("asyncio", [1.0] * 3, kind="io"))

    assert lines[1].split()[:3] == ["model", "a", "pass"]


def test_a_computed_time_is_marked(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", computed_s=1.0, kind="io"))

    assert lines[2].startswith("serial (computed)")


def test_a_function_that_blocks_its_event_loop_is_said_to_do_so(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0] * 3), record("asyncio", [1.1] * 3, blocking=True))

    assert lines[3].startswith("asyncio (blocks its loop)")


@pytest.mark.parametrize(("kind", "told"), [("cpu", True), ("io", False)])
def test_the_heading_tells_in_how_many_turns_others_took_a_core(
    tables: Callable[..., list[str]], record: Callable[..., Record], kind: str, *, told: bool
) -> None:
    lines = tables(record(passes_s=[4.0] * 3, kind=kind), cores_taken=[0.9, 0.0, 0.1])

    assert lines[0].endswith("others took a core in 3 of 9 turns") is told


def test_a_case_with_fewer_launches_than_the_others_is_marked(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0] * 3), record("pool", [2.0]))

    assert lines[3].startswith("pool (1 launch)")


def test_cases_that_failed_alike_share_a_line(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    failed = [record(model, status=Status.FAILED, reason="wrong") for model in ("pool", "threads")]

    assert tables(*failed)[1:] == ["failed pool and threads: wrong"]


def test_a_failed_case_has_its_reason_in_full(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    failed = record("pool", status=Status.FAILED, reason="wrong answer\ntask 3: 549")

    assert tables(failed)[1:] == ["failed pool: wrong answer", "  task 3: 549"]


def test_cases_not_reached_share_a_line(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    missed = [record(model, status=Status.INTERRUPTED) for model in ("pool", "threads")]

    assert "not reached pool and threads" in tables(record("serial", [1.0]), *missed)


def test_a_group_with_nothing_to_show_has_no_table(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    assert tables(record("cuda", status=Status.SKIPPED)) == []


def test_the_legend_stands_once_after_all(
    tables: Callable[..., list[str]], record: Callable[..., Record]
) -> None:
    lines = tables(record("serial", [1.0]), record("serial", [1.0], size="9"))

    assert [line.startswith("cold: ") for line in lines] == [False] * (len(lines) - 1) + [True]
