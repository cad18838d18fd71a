"""Which model to use for each kind of work, from which size on, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.run.crossover import CrossoverPlace
from raceway.analysis.run.curves import curves_of, extent_of
from raceway.analysis.run.ranking import AnswerKind, answers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.curves import Curve
    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result


class Choice(StrEnum):
    """What is advised."""

    USE = "use"
    """A model, from a size on."""
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
    """What is known of the largest size, on which the choice rests."""
    curves: tuple[Curve, ...] = ()
    """Of all models."""
    curve: Curve | None = None
    """Of the model to use; None if there is none."""
    as_fast: tuple[Result, ...] = ()
    """Cases of the largest size that tie with it."""
    start_s: float | None = None
    """From opening the model to its first answer, beyond the time of a pass."""
    worker_bytes: float | None = None
    """Memory a worker takes, beyond that of serial."""

    @property
    def pick(self) -> Result | None:
        """The case of the model to use, at the largest size of which anything can be advised."""
        return _of(self.curve, self.answer.winners) if self.curve else None


def advice_of(results: Sequence[Result]) -> list[Advice]:
    """Return an advice for each workload and interpreter, in the order in which they appear."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        record = result.record
        groups.setdefault((record.workload, record.interpreter), []).append(result)
    advised = (_advice(members) for members in groups.values())
    return [advice for advice in advised if advice]


def _advice(members: Sequence[Result]) -> Advice | None:
    """Return what is advised for the results of one workload and interpreter; None if none is."""
    answers = [each for each in answers_of(members) if each.outcome not in SILENT]
    if not answers:
        return None
    answer = max(answers, key=lambda each: extent_of(each.results[0]))
    first = members[0].record
    choice = CHOICES[answer.outcome]
    curves = curves_of(members)
    curve = _earliest(answer.winners, curves) if choice is Choice.USE else None
    return Advice(
        workload=first.workload,
        kind=first.kind,
        interpreter=first.interpreter,
        choice=choice,
        answer=answer,
        curves=tuple(curves),
        curve=curve,
        as_fast=tuple(each for each in answer.winners if curve and each not in curve.results),
        start_s=_start_s(curve) if curve else None,
        worker_bytes=_worker_bytes(curve, members) if curve else None,
    )


SILENT = {AnswerKind.ALONE, AnswerKind.UNMEASURED}
"""Outcomes that advise nothing."""
CHOICES = {
    AnswerKind.PAYS: Choice.USE,
    AnswerKind.NO_SERIAL: Choice.USE,
    AnswerKind.SERIAL: Choice.SERIAL,
    AnswerKind.UNCLEAR: Choice.UNCLEAR,
}


def _earliest(winners: Sequence[Result], curves: Sequence[Curve]) -> Curve:
    """Return the curve of the winner that pays from the smallest size on.

    Of those that may be the first, as far as the intervals tell, the one that starts fastest.
    """
    known = [curve for curve in curves if _of(curve, winners)]
    soonest = min(_begins(curve)[1] for curve in known)
    first = [curve for curve in known if _begins(curve)[0] <= soonest]
    return min(first, key=lambda curve: _start_s(curve) or 0.0)


def _of(curve: Curve, winners: Sequence[Result]) -> Result | None:
    """Return the winner that lies on a curve; None if none does."""
    return next((each for each in winners if each in curve.results), None)


def _begins(curve: Curve) -> tuple[float, float]:
    """Return the ends of the interval in which a curve begins to pay."""
    crossover = curve.crossover
    if crossover is None or crossover.reach in {CrossoverPlace.BEYOND, CrossoverPlace.NEVER}:
        return inf, inf
    if crossover.reach is CrossoverPlace.BELOW:
        return 0.0, crossover.high or 0.0
    return crossover.low or 0.0, crossover.high or inf


def _start_s(curve: Curve) -> float | None:
    """Return the median over sizes of the first answer's time beyond that of a pass."""
    known = [
        each.usage.cold_s - each.per_pass_s
        for each in curve.results
        if each.usage.cold_s is not None and each.per_pass_s is not None
    ]
    return max(median(known), 0.0) if known else None


def _worker_bytes(curve: Curve, members: Sequence[Result]) -> float | None:
    """Return the median over sizes of the peak beyond serial's, a worker."""
    serials = {each.group: each.usage.peak_memory_bytes for each in members if each.is_serial}
    known = [
        (each.usage.peak_memory_bytes - serial) / each.record.workers
        for each in curve.results
        if each.usage.peak_memory_bytes is not None and (serial := serials.get(each.group))
    ]
    return max(median(known), 0.0) if known else None
