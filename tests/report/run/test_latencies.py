"""Latency and throughput of waiting work, on the terminal, in Markdown and on the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.ranking import answers_of
from raceway.report.format.labels import Labels
from raceway.report.page.tables import group_tables
from raceway.report.run.answers import answer_lines
from raceway.report.run.groups import group_sections
from raceway.report.run.latencies import both_texts
from raceway.report.run.markdown import report_markdown
from support.synthetic import some_results
from support.waiting import a_waiting_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.run.ranking import Answer
    from raceway.record import Record
    from support.synthetic import MakeRecord, MakeRun

THREADS = a_waiting_record("threads", 0.05, 0.04, workers=32, concurrency=32)
ASYNCIO = a_waiting_record("asyncio", 0.0125, 0.012)


def answer(*records: Record) -> Answer:
    (only,) = answers_of(some_results(*records))
    return only


@pytest.fixture
def lines(run: MakeRun) -> Callable[..., list[str]]:
    """Return what gives the tables of these records."""

    def shown(*records: Record, width: int = 80) -> list[str]:
        sections = group_sections(answers_of(some_results(*records)), Labels(run(records)), width)
        return [line.plain.rstrip() for section in sections for line in section]

    return shown


def test_a_groups_latencies_stand_below_its_times(lines: Callable[..., list[str]]) -> None:
    found = lines(THREADS, ASYNCIO)

    assert [re.split(r"\s{2,}", line) for line in found[4:7]] == [
        ["latency", "p50", "p95", "p99", "largest", "tasks/s", "at once", "timed"],
        ["asyncio", "6.00 ms", "11.4 ms", "11.9 ms", "12.0 ms", "8,000", "100", "1,200"],
        ["threads", "20.0 ms", "38.0 ms", "39.6 ms", "40.0 ms", "2,000", "32", "1,200"],
    ]


def test_what_the_titles_mean_stands_once_after_all(lines: Callable[..., list[str]]) -> None:
    other = a_waiting_record("threads", 0.05, 0.04, size="9", id="sleep-9-threads-w1")
    found = lines(THREADS, other)

    assert [line.startswith("latency: ") for line in found] == [False] * (len(found) - 1) + [True]


def test_work_whose_tasks_were_not_timed_has_no_such_table(
    lines: Callable[..., list[str]], record: MakeRecord
) -> None:
    found = lines(record("serial", [1.0] * 3, kind="io"), record("threads", [0.5] * 3, kind="io"))

    assert not any("p95" in line or "latency" in line for line in found)


def test_several_numbers_of_workers_have_rows_of_their_own(
    lines: Callable[..., list[str]],
) -> None:
    raced = [
        a_waiting_record("threads", 0.4 / workers, 0.4 / workers, workers=workers,
                         concurrency=workers)
        for workers in (8, 32, 128)
    ]  # fmt: skip
    found = lines(*raced)
    rows = [line.split() for line in found[6:9]]

    assert [row[:2] for row in rows] == [
        ["threads", "w128"], ["threads", "w32"], ["threads", "w8"],
    ]  # fmt: skip
    assert [row[-2] for row in rows] == ["100", "32", "8"]


def test_the_answer_tells_both_numbers_of_the_best_and_of_another_family(
    run: MakeRun,
) -> None:
    uvloop = a_waiting_record("uvloop", 0.0126, 0.012)
    told = list(both_texts(answer(ASYNCIO, uvloop, THREADS), Labels(run([ASYNCIO, THREADS]))))

    assert told == [
        "asyncio p50 6 ms, p95 11 ms, 8,000 tasks/s",
        "threads p50 20 ms, p95 38 ms, 2,000 tasks/s",
    ]


def test_the_lines_that_end_a_session_hold_them(run: MakeRun) -> None:
    serial = a_waiting_record("serial", 1.0, 0.01, concurrency=1)
    told = " ".join(line.strip() for line in answer_lines(run([serial, ASYNCIO, THREADS])))

    assert "asyncio p50 6 ms, p95 11 ms, 8,000 tasks/s; threads p50 20 ms" in told
    assert "serial p50" not in told


def test_markdown_has_a_table_of_latencies(run: MakeRun) -> None:
    text = report_markdown(run([THREADS]))

    assert "| latency of | p50 | p95 | p99 | largest | tasks/s | at once |" in text
    (row,) = [line for line in text.splitlines() if "| 20.0 ms | 38.0 ms |" in line]
    assert row.startswith("| sleep")
    assert row.endswith("| 2,000 | 32 |")


def test_markdown_of_other_work_has_none(run: MakeRun, record: MakeRecord) -> None:
    assert "latency" not in report_markdown(run([record("serial", [1.0])]))


def test_the_page_has_columns_for_them_where_there_are_any(
    run: MakeRun, record: MakeRecord
) -> None:
    computes = record("serial", [1.0] * 3)
    untimed = record("pool", [0.6] * 3, kind="io", workload="sleep", size="100", tasks=100)
    records = [THREADS, untimed, computes]
    waits, other = group_tables(answers_of(some_results(*records)), Labels(run(records)), {})

    assert [title for title, _ in waits.titles[-5:]] == [
        "p50", "p95", "p99", "largest", "tasks/s",
    ]  # fmt: skip
    assert all(len(line.cells) == len(waits.titles) for line in waits.lines)
    assert waits.lines[0].cells[-5:-1] == ("20.0 ms", "38.0 ms", "39.6 ms", "40.0 ms")
    assert waits.lines[1].cells[-5:-1] == ("–",) * 4
    assert len(other.titles) == len(other.lines[0].cells) == len(waits.titles) - 5
