"""All that runs of one machine tell about prices, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raceway.analysis.prices.forecast import forecast_of
from raceway.analysis.prices.observations import Work, observations_of
from raceway.analysis.prices.prices import Prices, prices_of
from raceway.analysis.run.conditions import run_capacity
from raceway.analysis.run.usage import median_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.prices.forecast import Forecast, Question
    from raceway.analysis.prices.observations import Observation
    from raceway.analysis.prices.prices import Unpriced
    from raceway.record import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """The prices of one machine and interpreter."""

    runs: tuple[str, ...]
    """Ids of the runs they follow from."""
    machine: str
    interpreter: str
    cores: float
    """Cores that really run at once: the median over the runs."""
    observations: tuple[Observation, ...]
    without_gil: bool = False
    """Whether the interpreter has no GIL to hold."""

    def lists(self, work: Work) -> list[Prices | Unpriced]:
        """Return the prices of each model for some work."""
        return prices_of(self.observations, work)

    @property
    def raced(self) -> list[Work]:
        """The kinds of work that were raced and have prices."""
        known = {each.work for each in self.observations}
        return [
            work
            for work in Work
            if work in known and any(isinstance(each, Prices) for each in self.lists(work))
        ]

    @property
    def priced(self) -> list[Prices]:
        """The prices of all that was raced, by work."""
        return [
            each for work in self.raced for each in self.lists(work) if isinstance(each, Prices)
        ]

    @property
    def is_known(self) -> bool:
        """Whether any price is known."""
        return bool(self.priced)

    def forecast(self, question: Question) -> Forecast:
        """Return what work would take."""
        if self.without_gil and question.work is Work.COMPUTES:
            question = replace(question, work=Work.RELEASES)
        return forecast_of(question, self.observations, self.cores)


def tariff_of(runs: Sequence[Run], interpreter: str) -> Tariff:
    """Return the prices that some runs of one machine tell for an interpreter."""
    usable = max(*(run.header.machine.usable_cores for run in runs), 1)
    ran = median_known(map(run_capacity, runs))
    environments = [each for run in runs for each in run.header.environments]
    return Tariff(
        runs=tuple(run.header.run_id for run in runs),
        machine=runs[-1].header.machine.id,
        interpreter=interpreter,
        cores=min(ran or usable, usable),
        observations=tuple(observations_of(runs, interpreter)),
        without_gil=any(
            each.label == interpreter and each.gil_enabled is False for each in environments
        ),
    )
