"""What work would take with each model by a machine's prices, and where the best one changes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING

from raceway.analysis.prices.borders import Line, Reign, reigns_of
from raceway.analysis.prices.fit import Span
from raceway.analysis.prices.observations import Work, computing_at_once, spread_s
from raceway.analysis.prices.prices import WORK, Prices, Unpriced, prices_of
from raceway.analysis.run.limits import APART
from raceway.case import SERIAL, Family

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.prices.observations import Observation

ALIKE = 1.10
"""Times within this ratio of the best one are as good: predictions are no better than that."""
NEAR = 1.25
"""An amount beyond the range measured by up to this is not called outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The work somebody has in mind."""

    task_s: float
    """Seconds of a task in a plain loop."""
    tasks: int
    payload_mib: float = 0.0
    """Of each task, there and back."""
    work: Work = Work.COMPUTES
    workers: int | None = None
    """None: as many as were raced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What the work would take with one model."""

    model: str
    family: str
    time: Span
    """Seconds of all tasks, by workers that have started."""
    start_s: float
    """Seconds to start it, if that is not done yet."""
    line: Line
    """The time by the seconds of a task."""
    outside: tuple[str, ...] = ()
    """In what the question lies beyond what was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The answer to a question."""

    question: Question
    predictions: tuple[Prediction, ...]
    """Fastest first."""
    unpriced: tuple[Unpriced, ...]
    reigns: tuple[Reign, ...]
    """Which model is best, by the seconds of a task, all else the same."""

    @property
    def best(self) -> Prediction:
        """The fastest one."""
        return self.predictions[0]

    @property
    def is_told(self) -> bool:
        """Whether any model but serial could be predicted."""
        return len(self.predictions) > 1

    @property
    def as_good(self) -> tuple[Prediction, ...]:
        """Others that may be as fast."""
        most_s = ALIKE * self.best.time.centre
        return tuple(each for each in self.predictions[1:] if each.time.centre <= most_s)


def forecast_of(question: Question, observations: Sequence[Observation], cores: float) -> Forecast:
    """Return what the work would take with each model; `cores` are those that really run at once.

    Serial needs no price: the cost of a task is that in a plain loop.
    """
    known = prices_of(observations, question.work)
    priced = [each for each in known if isinstance(each, Prices) and _can(each, question)]
    unpriced = [each for each in known if isinstance(each, Unpriced)]
    unpriced += [
        Unpriced(each.model, "no case that moves bytes, so what a MiB costs is not known")
        for each in known
        if isinstance(each, Prices) and not _can(each, question)
    ]
    predictions = [_serial(question), *(_prediction(each, question, cores) for each in priced)]
    return Forecast(
        question=question,
        predictions=tuple(sorted(predictions, key=lambda each: each.time.centre)),
        unpriced=tuple(unpriced),
        reigns=reigns_of([each.line for each in predictions], ALIKE),
    )


def _can(prices: Prices, question: Question) -> bool:
    return prices.carries or not question.payload_mib


def _serial(question: Question) -> Prediction:
    line = Line(SERIAL, 0.0, float(question.tasks))
    return Prediction(
        model=SERIAL, family=Family.ONE_CORE, time=Span(line.at(question.task_s)), start_s=0.0,
        line=line,
    )  # fmt: skip


def _prediction(prices: Prices, question: Question, cores: float) -> Prediction:
    fixed, work = amounts_of(prices, question, cores)
    given = work if prices.work is Work.WAITS or prices.in_turn else 0.0
    priced = 0.0 if prices.work is Work.WAITS else work
    idle = prices.fit.predicted([*fixed, 0.0, question.payload_mib * question.tasks])
    slope = given + priced * prices.fit.prices[WORK]
    return Prediction(
        model=prices.model,
        family=prices.family,
        time=prices.fit.predicted(
            [*fixed, priced * question.task_s, question.payload_mib * question.tasks],
            given * question.task_s,
        ),
        start_s=prices.start.centre if prices.start else 0.0,
        line=Line(prices.model, idle.centre, slope),
        outside=tuple(_outside(prices, question)),
    )


def amounts_of(
    prices: Prices, question: Question, cores: float
) -> tuple[tuple[float, float], float]:
    """Return passes and tasks, and the work's own time over the seconds of a task."""
    tasks = question.tasks
    if prices.work is Work.WAITS:
        return (1.0, float(tasks)), float(ceil(tasks / min(_under_way(prices, question), tasks)))
    workers = question.workers or prices.workers
    at_once = computing_at_once(prices.family, prices.work, workers, _under_way(prices, question))
    return (1.0, float(tasks)), spread_s(1.0, tasks, at_once, cores)


def _under_way(prices: Prices, question: Question) -> int:
    """Return how many tasks would be under way at once."""
    if prices.at_once is None:
        return question.tasks
    return question.workers or prices.at_once


def _outside(prices: Prices, question: Question) -> Iterator[str]:
    """Yield in what the question lies beyond the cases that the prices rest on."""
    rows = prices.observations
    asked = question.workers or prices.workers
    payloads = [each.payload_mib / each.tasks for each in rows]
    for what, value, known in (
        ("cost of a task", question.task_s, [each.task_s for each in rows]),
        ("number of tasks", float(question.tasks), [float(each.tasks) for each in rows]),
        ("payload", question.payload_mib, payloads if prices.family in APART else [0.0, inf]),
        ("workers", float(asked), [float(each.workers) for each in rows]),
    ):
        if not min(known) / NEAR <= value <= max(known) * NEAR:
            yield what
