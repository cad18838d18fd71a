"""The questions still open in a race, which decide whether a group goes on.

A group is open while it is unclear whether a case pays, or how much the advised case gains. A tie
between models is no question: in most groups two are equally fast, and no number of launches would
tell them apart.
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
"""A larger half-width of the advised case's interval, over its speedup, leaves it open."""
PRECISION_LAUNCHES = 5
"""Launches after which an answer is precise enough."""


class Question(StrEnum):
    """An open question about a group."""

    PAYS = "whether a case pays"
    HOW_MUCH = "how much the advised case gains"


def open_questions(run: Run, confidence: float) -> dict[str, Question]:
    """Return the open groups of a run, each with its question.

    Bias by noise opens no question, since more launches would not help.
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
    """Return the open question of a group, given its cases' speedups over serial.

    In `shared`, each interval has its share of the error, since the best of several looks better
    than it is. A single launch has no interval and leaves all open.
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
