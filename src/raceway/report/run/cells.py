"""The table cells of a case, the same on the terminal, in Markdown and on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.case import Kind
from raceway.record import Status
from raceway.report.run.sentences import speedup_text
from raceway.report.run.shares import capacity_text, share_text
from raceway.text import numbers

if TYPE_CHECKING:
    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What was measured of one case, in words."""

    time: str
    """Per pass or per task: `unit_of` says which."""
    speedup: str
    limit: str
    cold: str
    memory: str
    cores: str
    capacity: str
    launches: str
    rounds: str


def cells_of(result: Result, answer: Answer) -> Cells:
    """Return the cells of a case in its group."""
    usage = result.usage
    return Cells(
        time=numbers.seconds(result.per_pass_s if unit_of(answer) == "pass" else result.per_task_s),
        speedup="computed" if result.is_computed else speedup_text(result),
        limit=share_text(result),
        cold=numbers.short_seconds(usage.cold_s),
        memory=numbers.memory(usage.peak_memory_bytes, digits=2),
        cores=numbers.cores(usage.cpu_cores_used),
        capacity=capacity_text(result),
        launches=f"{usage.launches}",
        rounds=f"{usage.rounds:,}" if usage.rounds else numbers.UNKNOWN,
    )


def unit_of(answer: Answer) -> str:
    """Return what times are given for: a task, or a pass if tasks wait, since waits overlap."""
    return "pass" if answer.kind == Kind.IO else "task"


def launches_of(answer: Answer) -> int:
    """Return the number of launches in which the group was measured."""
    return max((result.usage.launches for result in answer.ranking), default=0)


def taken_text(answer: Answer) -> str:
    """Return in how many turns other programs took a core; empty if in none, or if all waited."""
    conditions = answer.results[0].conditions
    if not conditions.taken_turns or answer.kind == Kind.IO:
        return ""
    turns = numbers.count(conditions.turns, "turn")
    return f"others took a core in {conditions.taken_turns} of {turns}"


def failed(result: Result) -> bool:
    """Whether the case was tried and went wrong."""
    return result.record.status is Status.FAILED


def not_reached(result: Result) -> bool:
    """Whether the run ended before the case had a time."""
    return result.record.status is Status.INTERRUPTED and result.per_pass_s is None
