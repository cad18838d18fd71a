"""The answer of each group: which model won and whether it pays, or that it is unclear."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from raceway.analysis.run.best import best_of, known_of, surest
from raceway.analysis.run.payoff import Payoff, payoff_of
from raceway.analysis.run.peers import ERROR
from raceway.analysis.run.plausible import is_too_good, why_too_good
from raceway.analysis.run.remedy import remedy_of
from raceway.case import Family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.best import Known
    from raceway.analysis.run.remedy import Remedy
    from raceway.analysis.run.results import Result


class AnswerKind(StrEnum):
    """The kind of answer that a group has."""

    PAYS = "pays"
    """The winners beat serial."""
    SERIAL = "serial"
    """Nothing beats serial."""
    NO_SERIAL = "no serial"
    """The winners are fastest; serial was not measured."""
    UNCLEAR = "unclear"
    """The doubts say why."""
    ONE_TASK = "one task"
    """Nothing could run side by side."""
    ALONE = "alone"
    """A single case was measured."""
    UNMEASURED = "unmeasured"
    """No case was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of a group."""

    group: str
    kind: str
    outcome: AnswerKind
    results: tuple[Result, ...]
    """All cases of the group, even without a time, in the order of the run."""
    ranking: tuple[Result, ...]
    """The measured cases, fastest first."""
    winners: tuple[Result, ...] = ()
    """The case to choose and those that may be as fast, surest first."""
    rivals: tuple[Result, ...] = ()
    """Cases that may be as fast as the winners but are not shown to beat serial."""
    in_doubt: tuple[Result, ...] = ()
    """Cases that may or may not beat serial."""
    known: Known | None = None
    """What holds for all models of the winners' family."""
    error: float = ERROR
    """The probability that the winner's interval misses the truth: its share of the group's."""
    doubts: tuple[str, ...] = ()
    """Why it is unclear, in words."""
    remedy: Remedy | None = None
    """What would tell."""
    left_out: tuple[tuple[Result, str], ...] = ()
    """Impossible results, each with the question to ask."""


def answers_of(results: Sequence[Result]) -> list[Answer]:
    """Return the answer of each group, in order of first appearance."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
    return [_answer(group, members) for group, members in groups.items()]


def pays(result: Result) -> bool:
    """Whether a case is shown to beat serial, whatever the noise."""
    return _payoff(result) is Payoff.PAYS


def is_telling(result: Result) -> bool:
    """Whether a case says anything about its model: a single task cannot run in parallel."""
    record = result.record
    within = record.device != "cpu" or record.family == Family.TENSOR
    return record.tasks > 1 or within or result.is_serial


def _payoff(result: Result) -> Payoff:
    bias = result.bias
    return payoff_of(result.speedup, flattered=bias.flattered, slowed=bias.slowed)


def _answer(group: str, members: Sequence[Result]) -> Answer:
    ranking = sorted(
        (result for result in members if result.per_pass_s is not None),
        key=lambda result: result.per_pass_s or inf,
    )
    left_out = [result for result in ranking if is_too_good(result)]
    contenders = [each for each in ranking if each not in left_out and is_telling(each)]
    best, serial = best_of(contenders), _fastest_serial(contenders)
    error = members[0].error / max(len(contenders), 1)
    paying = surest([each for each in best if pays(each)], serial, error)
    unsure = _unsure(contenders, serial)
    outcome = _outcome(ranking, contenders, paying, unsure)
    doubts, remedy = remedy_of(contenders, unsure) if outcome is AnswerKind.UNCLEAR else ((), None)
    reasons = tuple(why_too_good(each) for each in left_out[:1]) if not unsure else ()
    return Answer(
        group=group,
        kind=members[0].record.kind,
        outcome=outcome,
        results=tuple(members),
        ranking=tuple(ranking),
        winners=_winners(outcome, contenders, best, paying, unsure),
        rivals=tuple(each for each in best if each in unsure) if paying else (),
        in_doubt=tuple(unsure),
        known=known_of(paying, contenders, error) if outcome is AnswerKind.PAYS else None,
        error=error,
        doubts=doubts or (reasons if outcome is AnswerKind.UNCLEAR else ()),
        remedy=remedy,
        left_out=tuple((each, why_too_good(each)) for each in left_out),
    )


def _outcome(
    ranking: Sequence[Result],
    contenders: Sequence[Result],
    paying: Sequence[Result],
    unsure: Sequence[Result],
) -> AnswerKind:
    if not any(result.usage.launches for result in ranking):  # none, or computed times alone
        return AnswerKind.UNMEASURED
    if len(ranking) == 1:
        return AnswerKind.ALONE
    if len(contenders) < 2:  # noqa: PLR2004 (nothing to compare with)
        alone = all(is_telling(each) for each in ranking)
        return AnswerKind.UNCLEAR if alone else AnswerKind.ONE_TASK
    if not contenders[0].is_serial and contenders[0].speedup is None:
        return AnswerKind.NO_SERIAL if _several_launches(contenders) else AnswerKind.UNCLEAR
    if paying:
        return AnswerKind.PAYS
    beaten_by_none = not unsure and _fastest_serial(contenders)  # serial may be too good to count
    return AnswerKind.SERIAL if beaten_by_none else AnswerKind.UNCLEAR


def _winners(
    outcome: AnswerKind,
    contenders: Sequence[Result],
    best: Sequence[Result],
    paying: Sequence[Result],
    unsure: Sequence[Result],
) -> tuple[Result, ...]:
    match outcome:
        case AnswerKind.PAYS:
            return tuple(paying)
        case AnswerKind.NO_SERIAL:
            return tuple(best)
        case AnswerKind.SERIAL:
            return tuple(each for each in contenders if each.is_serial)[:1]
        case AnswerKind.UNCLEAR:
            return (*unsure, *contenders)[:1]
        case _:
            return tuple(contenders[:1])


def _fastest_serial(contenders: Sequence[Result]) -> Result | None:
    return next((each for each in contenders if each.is_serial), None)


def _unsure(contenders: Sequence[Result], serial: Result | None) -> list[Result]:
    """Return the cases whose gain over the fastest serial is neither shown nor ruled out."""
    if serial is None:
        return []
    return [
        each
        for each in contenders
        if not each.is_serial and not pays(each) and _may_pay(each, serial)
    ]


def _may_pay(result: Result, serial: Result) -> bool:
    speedup = result.peers.estimate(serial.record, result.record, result.error)
    if speedup is None:
        return False
    return payoff_of(speedup, slowed=result.bias.slowed) is not Payoff.AS_SERIAL


def _several_launches(contenders: Sequence[Result]) -> bool:
    return max(result.usage.launches for result in contenders) > 1
