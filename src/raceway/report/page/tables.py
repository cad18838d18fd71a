"""The tables of the page: every case, conditions, plain benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.record import Grade
from raceway.report.run.cells import (
    cells_of,
    failed,
    launches_of,
    not_reached,
    taken_text,
    unit_of,
)
from raceway.report.run.latencies import PERCENTILES, RATE, percentile_cells, rate_cells
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.analysis.run.conditions import Conditions
    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result
    from raceway.report.format.labels import Labels

TITLES = (
    ("time", "median over launches"),
    ("speedup", "serial time over this time, with its 95 % interval"),
    ("of limit", "the shortest time the hardware allows, over this time"),
    ("cold", "from starting the model to its first answer"),
    ("memory", "peak of the process tree"),
    ("cores", "CPU time over wall time"),
    ("launches", "fresh sets of processes"),
    ("rounds", "timed runs"),
)
LATENCY_TITLES = (*PERCENTILES, RATE)
"""Of groups whose tasks were timed singly, besides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One case in a group's table."""

    model: str
    record_model: str
    interpreter: str
    case: str
    cells: tuple[str, ...]
    wins: bool = False
    failed: str = ""
    """Why it has no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """One group: its cases, ordered by time."""

    group: str
    kind: str
    size: str
    caption: str
    lines: tuple[Line, ...]
    distribution: str
    """The figure of its rounds, by name; empty if there is none."""
    titles: tuple[tuple[str, str], ...] = TITLES


def group_tables(
    answers: Sequence[Answer], label: Labels, distributions: Mapping[str, str]
) -> list[GroupTable]:
    """Return one table per group that has anything to show."""
    return [
        GroupTable(
            group=answer.group,
            kind=answer.kind,
            size=answer.results[0].record.size,
            caption=_caption(answer),
            lines=(*(_line(each, answer, label) for each in answer.ranking),
                   *_without_time(answer, label)),
            distribution=distributions.get(answer.group, ""),
            titles=titles_of(answer),
        )
        for answer in answers
        if answer.ranking or any(map(failed, answer.results))
    ]  # fmt: skip


def titles_of(answer: Answer) -> tuple[tuple[str, str], ...]:
    """Return the titles of a group's table, each with its meaning."""
    return (*TITLES, *LATENCY_TITLES) if has_latencies(answer) else TITLES


def has_latencies(answer: Answer) -> bool:
    """Whether single tasks of any case were timed."""
    return any(result.latency for result in answer.ranking)


def condition_rows(conditions: Mapping[str, Conditions]) -> list[tuple[str, str, str]]:
    """Return name, grades and disturbances of each group that was not always quiet."""
    rows = []
    for group, each in conditions.items():
        noises = [noise for _, noise in each.by_launch]
        reasons = dict.fromkeys(reason for noise in noises for reason in noise.reasons)
        grades = "".join(sorted(str(noise.grade) for noise in noises))
        if reasons or any(noise.grade is not Grade.QUIET for noise in noises):
            rows.append((group, grades, "; ".join(reasons) or "no reason given"))
    return rows


def _caption(answer: Answer) -> str:
    facts = [numbers.count(answer.results[0].record.tasks, "task")]
    if launches_of(answer):
        facts += [numbers.count(launches_of(answer), "launch")]
        facts += [f"conditions {answer.results[0].conditions.grade}"]
        facts += filter(None, [taken_text(answer)])
    facts.append(f"times per {unit_of(answer)}")
    return ", ".join(facts)


def _line(result: Result, answer: Answer, label: Labels) -> Line:
    cells = cells_of(result, answer)
    return Line(
        model=f"{label(result.record)}{' (blocks its loop)' if result.record.blocking else ''}",
        record_model=result.record.model,
        interpreter=result.record.interpreter,
        case=result.record.id,
        cells=(
            *(cells.time, cells.speedup, cells.limit, cells.cold, cells.memory, cells.cores),
            numbers.UNKNOWN if result.is_computed else cells.launches,
            cells.rounds,
            *(_latency_cells(result) if has_latencies(answer) else ()),
        ),
        wins=result in answer.winners and not result.is_serial and not answer.doubts,
    )


def _latency_cells(result: Result) -> tuple[str, ...]:
    return (*percentile_cells(result.latency), rate_cells(result)[0])


def _without_time(answer: Answer, label: Labels) -> list[Line]:
    return [
        Line(
            model=label(each.record),
            record_model=each.record.model,
            interpreter=each.record.interpreter,
            case=each.record.id,
            cells=(),
            failed=f"{each.record.status}: {each.record.reason}",
        )
        for each in answer.results
        if failed(each) or not_reached(each)
    ]
