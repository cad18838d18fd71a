"""Which model to use for each workload, from which size, and at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf, log
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.run.best import family_of
from raceway.analysis.run.crossover import CrossoverPlace
from raceway.analysis.run.curves import curves_of
from raceway.analysis.run.engines import engine_gains
from raceway.analysis.run.ranking import AnswerKind, answers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.curves import Curve
    from raceway.analysis.run.engines import EngineGain
    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result


class Choice(StrEnum):
    """What is advised."""

    USE = "use"
    """A model, from some size."""
    SERIAL = "serial"
    """A plain loop at every size measured."""
    UNCLEAR = "unclear"
    """The doubts say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to use for one workload on one interpreter."""

    workload: str
    kind: str
    interpreter: str
    choice: Choice
    answer: Answer
    """The answer of the largest size, on which the choice rests."""
    curves: tuple[Curve, ...] = ()
    """The curves of all models."""
    curve: Curve | None = None
    """The curve of the advised model, if any."""
    as_fast: tuple[Result, ...] = ()
    """Cases of the largest size that may be as fast."""
    first: Curve | None = None
    """The curve of its family that pays from the smallest size; often the advised one."""
    sooner: Curve | None = None
    """The curve of a model that is best where the advised one does not pay yet, if any."""
    paid: Answer | None = None
    """The answer of the largest size at which anything pays, if no model is advised."""
    start_s: float | None = None
    """Seconds from starting the model to its first answer, less a pass."""
    worker_bytes: float | None = None
    """Memory per worker, less that of serial."""
    engines: tuple[EngineGain, ...] = ()
    """From which size each engine beats all other models."""

    @property
    def pick(self) -> Result | None:
        """The advised model's case at the largest size with an answer."""
        return _of(self.curve, self.answer.winners) if self.curve else None

    @property
    def below(self) -> Result | None:
        """The best case of the largest size at which anything pays, if no model is advised."""
        return self.paid.winners[0] if self.paid else None


def advice_of(results: Sequence[Result]) -> list[Advice]:
    """Return the advice for each workload and interpreter, in order of appearance."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        record = result.record
        groups.setdefault((record.workload, record.interpreter), []).append(result)
    advised = (_advice(members) for members in groups.values())
    return [advice for advice in advised if advice]


def _advice(members: Sequence[Result]) -> Advice | None:
    """Return the advice for one workload and interpreter, if any."""
    telling = [each for each in answers_of(members) if each.outcome not in SILENT]
    if not telling:
        return None
    # What only some models can run, as large matrices on a GPU, must not hide what pays below.
    answers = [each for each in telling if any(one.is_serial for one in each.ranking)] or telling
    answer = answers[-1]
    first = members[0].record
    choice = CHOICES[answer.outcome]
    curves = curves_of(members)
    curve = _chosen(answers, curves) if choice is Choice.USE else None
    return Advice(
        workload=first.workload,
        kind=first.kind,
        interpreter=first.interpreter,
        choice=choice,
        answer=answer,
        curves=tuple(curves),
        curve=curve,
        as_fast=tuple(each for each in answer.winners if curve and each not in curve.results),
        first=_first(curve, curves) if curve else None,
        sooner=_sooner(curve, answers, curves) if curve else None,
        paid=None if curve else _paid(answers),
        start_s=_start_s(curve) if curve else None,
        worker_bytes=_worker_bytes(curve, members) if curve else None,
        engines=tuple(engine_gains(members, curves)),
    )


SILENT = {AnswerKind.ALONE, AnswerKind.ONE_TASK, AnswerKind.UNMEASURED}
"""Outcomes that advise nothing."""
CHOICES = {
    AnswerKind.PAYS: Choice.USE,
    AnswerKind.NO_SERIAL: Choice.USE,
    AnswerKind.SERIAL: Choice.SERIAL,
    AnswerKind.UNCLEAR: Choice.UNCLEAR,
}


def _chosen(answers: Sequence[Answer], curves: Sequence[Curve]) -> Curve:
    """Return the curve of the surest winner of the largest size that also is best at most others.

    Winners must also be best at the next smaller size, and so on down, as long as any of them pays
    there. Those left are ranked by their mean gain over these sizes, where chance matters little.
    """
    *smaller, largest = answers
    left = [curve for each in largest.winners if (curve := _through(each, curves))]
    won = [largest]
    for answer in reversed(smaller):
        if answer.outcome not in WON or not any(_of(curve, answer.winners) for curve in left):
            break
        # One whose gain is not shown there is not beaten, either.
        left = [curve for curve in left if _of(curve, (*answer.winners, *answer.rivals))]
        won.append(answer)
    if len(won) == 1:
        return left[0]
    return max(left, key=lambda curve: sum(_gain(curve, answer) for answer in won))


def _gain(curve: Curve, answer: Answer) -> float:
    """Return the logarithm of the speedup of one of the best; 0 if it has none."""
    winner = _of(curve, (*answer.winners, *answer.rivals))
    return log(winner.speedup.centre) if winner and winner.speedup else 0.0


def _first(curve: Curve, curves: Sequence[Curve]) -> Curve:
    """Return the curve of the family that surely pays from the smallest size.

    Models of a family tie at large sizes, where chance picks one; the family's start is the same.
    """
    family = family_of(curve.largest.record)
    others = (each for each in curves if family_of(each.largest.record) == family)
    return min(curve, *others, key=_starts)


def _sooner(curve: Curve, answers: Sequence[Answer], curves: Sequence[Curve]) -> Curve | None:
    """Return a curve that pays before this one, if any: the surest winner where this one loses.

    Else one that is as fast at the largest size and surely pays from a smaller size.
    """
    for answer in answers:
        if answer.outcome is AnswerKind.PAYS and not _of(curve, answer.winners):
            return _through(answer.winners[0], curves)
    tied = [_through(each, curves) for each in answers[-1].winners]
    starts = {_starts(each): each for each in tied if each and each is not curve}
    return starts[min(starts)] if starts and min(starts) < _starts(curve, low=True) else None


def _starts(curve: Curve, *, low: bool = False) -> float:
    """Return the upper (or `low`) end of the size from which a curve pays."""
    crossover = curve.crossover
    if crossover is None or crossover.reach in {CrossoverPlace.BEYOND, CrossoverPlace.NEVER}:
        return 0.0 if low else inf
    return (crossover.low or 0.0) if low else (crossover.high or inf)


def _paid(answers: Sequence[Answer]) -> Answer | None:
    return next((each for each in reversed(answers) if each.outcome is AnswerKind.PAYS), None)


WON = {AnswerKind.PAYS, AnswerKind.NO_SERIAL}


def _through(winner: Result, curves: Sequence[Curve]) -> Curve | None:
    return next((curve for curve in curves if winner in curve.results), None)


def _of(curve: Curve, winners: Sequence[Result]) -> Result | None:
    """Return the winner on a curve, if any."""
    return next((each for each in winners if each in curve.results), None)


def _start_s(curve: Curve) -> float | None:
    """Return the median over sizes of the first answer's time, less a pass."""
    known = [
        each.usage.cold_s - each.per_pass_s
        for each in curve.results
        if each.usage.cold_s is not None and each.per_pass_s is not None
    ]
    return max(median(known), 0.0) if known else None


def _worker_bytes(curve: Curve, members: Sequence[Result]) -> float | None:
    """Return the median over sizes of the peak memory per worker, less that of serial."""
    serials = {each.group: each.usage.peak_memory_bytes for each in members if each.is_serial}
    known = [
        (each.usage.peak_memory_bytes - serial) / each.record.workers
        for each in curve.results
        if each.usage.peak_memory_bytes is not None and (serial := serials.get(each.group))
    ]
    return max(median(known), 0.0) if known else None
