"""What a race must still find out: the rule by which groups go on or end.

Open is whether a case pays or is as serial, and how well the advised case is known. A tie between
models opens nothing: in most groups two of them are as fast, and no number of launches would tell.
"""

from __future__ import annotations

from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from raceway.analysis.run.payoff import Payoff, payoff_of
from raceway.analysis.run.results import results_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Run

WIDE = 0.10
"""Half-width of the advised case's interval, over its speedup, that leaves it open."""
PRECISION_LAUNCHES = 5
"""Launches up to which an answer is made more precise."""


class Question(StrEnum):
    """What is open about a group."""

    PAYS = "whether a case pays"
    HOW_MUCH = "how much the advised case gains"


def open_questions(run: Run, confidence: float) -> dict[str, Question]:
    """Return the groups of a run in which something is open, and what.

    What noise may have made of an answer opens nothing: more launches would not mend that.
    """
    groups: dict[str, list[Result]] = {}
    for result in results_of(run):
        if result.over and result.timing.launches:
            groups.setdefault(result.group, []).append(result)
    asked = {group: _question(members, 1 - confidence) for group, members in groups.items()}
    return {group: question for group, question in asked.items() if question}


def _question(members: Sequence[Result], error: float) -> Question | None:
    return question_of(
        [each.speedup_at(error) for each in members],
        [each.speedup_at(error / len(members)) for each in members],
    )


def question_of(
    speedups: Sequence[Estimate | None], shared: Sequence[Estimate | None]
) -> Question | None:
    """Return what is open about a group, given its cases' speedups over serial.

    In `shared` each interval has its share of the error, since the best of several flatters
    itself. One launch has no interval, and leaves all open.
    """
    told = [payoff_of(each) for each in speedups]
    if Payoff.UNCLEAR in told:
        return Question.PAYS
    paying = [each for each, say in zip(shared, told, strict=True) if say is Payoff.PAYS and each]
    if not paying or max(each.launches for each in paying) >= PRECISION_LAUNCHES:
        return None
    advised = max(paying, key=_low)
    width = ((advised.high or inf) / _low(advised)) ** 0.5 - 1
    return Question.HOW_MUCH if width > WIDE else None


def _low(estimate: Estimate) -> float:
    return estimate.low or 1e-300
