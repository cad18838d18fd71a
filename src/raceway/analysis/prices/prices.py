"""The price list of a machine: what each model asks for, besides the tasks' own work.

A pass over some tasks takes

    a pass + tasks × a task + MiB × a MiB + the work's own time × (1 + what workers add to it)

The work's own time is the shortest in which the model's workers can do it: of a model that computes
one task at a time, all tasks one after the other; else spread over the cores that really ran; of
waits, those of the workers. Waits are not stretched. Prices are fitted to the cases that were
raced, by model and by what tasks do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.prices.fit import Span, fitted
from raceway.analysis.prices.observations import Work, computing_at_once
from raceway.analysis.run.limits import APART
from raceway.analysis.stats.intervals import estimate_of
from raceway.case import SERIAL, Family
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.analysis.prices.fit import Fit
    from raceway.analysis.prices.observations import Observation

PASS, TASK, WORK, PAYLOAD = range(4)
"""The columns of a fit."""
FEWEST_CASES = 3
"""With fewer, even two prices would follow from nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What one model asks for, for one kind of work."""

    model: str
    family: str
    work: Work
    fit: Fit
    observations: tuple[Observation, ...]
    """The cases that the prices rest on."""
    start: Span | None
    """Seconds from starting the model to its first answer, less a pass."""
    worker_bytes: Span | None
    """Memory a worker, beyond a plain loop."""

    @property
    def workers(self) -> int:
        """The most workers it was raced with."""
        return max(each.workers for each in self.observations)

    @property
    def at_once(self) -> int | None:
        """The most tasks under way at once; None if it begins all of them."""
        beyond = any(each.concurrency > each.workers for each in self.observations)
        return None if beyond else max(each.concurrency for each in self.observations)

    @property
    def in_turn(self) -> bool:
        """Whether it computes one task after the other, so that work takes its full time."""
        return self.work is not Work.WAITS and _in_turn(self.observations)

    @property
    def carries(self) -> bool:
        """Whether what a MiB costs is known: it was measured, or nothing has to be moved."""
        return self.family not in APART or _moves(self.observations)

    @property
    def task(self) -> Span:
        """Seconds a task."""
        return self.fit.price(TASK)

    @property
    def a_pass(self) -> Span:
        """Seconds a pass, however many tasks."""
        return self.fit.price(PASS)

    @property
    def mebibyte(self) -> Span | None:
        """Seconds a MiB there and back; None if unknown."""
        return self.fit.price(PAYLOAD) if self.carries else None

    @property
    def stretch(self) -> Span:
        """How many times as long the work's own time becomes."""
        if self.work is Work.WAITS:
            return Span(1.0)
        span = self.fit.price(WORK)
        if not self.in_turn:
            return span
        ends = [None if end is None else 1 + end for end in (span.low, span.high)]
        return Span(1 + span.centre, *ends)


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A model that was raced, but has no prices for some work, and why."""

    model: str
    reason: str


def prices_of(observations: Iterable[Observation], work: Work) -> list[Prices | Unpriced]:
    """Return the prices of each model for some work, in the order raced; serial has none.

    What computes without the GIL tells what processes ask for as well as what holds it.
    """
    models: dict[str, list[Observation]] = {}
    for each in observations:
        models.setdefault(each.model, []).append(each)
    return [_priced(model, every, work) for model, every in models.items() if model != SERIAL]


def _priced(model: str, every: Sequence[Observation], work: Work) -> Prices | Unpriced:
    mine = [each for each in every if _tells_of(each, work)]
    if len(mine) < FEWEST_CASES:
        raced = f"only {numbers.count(len(mine), 'case')}" if mine else "no case"
        return Unpriced(model, f"{raced} of work that {work}; it takes {FEWEST_CASES}")
    family = mine[0].family
    return Prices(
        model=model, family=family, work=work, fit=_fit(mine, work), observations=tuple(mine),
        start=_usual(each.start_s for each in every),
        worker_bytes=_usual(each.worker_bytes for each in every),
    )  # fmt: skip


def _tells_of(each: Observation, work: Work) -> bool:
    """Whether a case tells about some work."""
    if each.work is work:
        return True
    indifferent = each.family in APART or each.family == Family.ONE_CORE
    return indifferent and Work.WAITS not in {each.work, work}


def _fit(mine: Sequence[Observation], work: Work) -> Fit:
    """Fit the columns that differ among the cases."""
    waits = work is Work.WAITS
    given = [each.span_s if waits or _in_turn(mine) else 0.0 for each in mine]
    amounts = [
        (
            1.0,
            float(each.tasks),
            0.0 if waits else each.span_s,
            each.payload_mib,
        )
        for each in mine
    ]
    return fitted(amounts, [each.time_s for each in mine], given)


def _in_turn(mine: Sequence[Observation]) -> bool:
    return all(
        computing_at_once(each.family, each.work, each.workers, each.concurrency) == 1
        for each in mine
    )


def _moves(mine: Sequence[Observation]) -> bool:
    return any(each.payload_mib > 0 for each in mine)


def _usual(values: Iterable[float | None]) -> Span | None:
    """Return the usual value of several cases, with the interval of their centre."""
    known = [each for each in values if each is not None]
    above = [each for each in known if each > 0]
    if len(above) <= len(known) / 2:
        return Span(0.0) if known else None
    estimate = estimate_of(above)
    return Span(estimate.centre, estimate.low, estimate.high) if estimate else None
