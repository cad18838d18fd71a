"""What the page's calculator knows: the prices of a run, as its script reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raceway.analysis.prices.observations import Work, computing_at_once
from raceway.analysis.prices.prices import Prices
from raceway.analysis.prices.tariff import tariff_of
from raceway.report.run.prices import TITLES, cells_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.prices.tariff import Tariff
    from raceway.record import Run

WORDS = {
    Work.COMPUTES: "computes and holds the GIL",
    Work.RELEASES: "computes without the GIL",
    Work.WAITS: "waits",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculator:
    """The calculator of a page, and the table of prices under it."""

    interpreter: str
    works: tuple[tuple[str, str], ...]
    """The kinds of work that have prices: value and words."""
    tables: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    """The prices of each: a title and rows of cells."""
    titles: tuple[tuple[str, str], ...]
    data: dict[str, Any]
    """For the script."""


def calculator_of(run: Run) -> Calculator | None:
    """Return the calculator of a run's first interpreter; None if it tells no prices."""
    labels = [each.label for each in run.header.environments]
    tariff = tariff_of([run], labels[0]) if labels else None
    if tariff is None or not tariff.is_known:
        return None
    known = {work: _priced(tariff, work) for work in tariff.raced}
    return Calculator(
        interpreter=tariff.interpreter,
        works=tuple((work.value, WORDS[work]) for work in known),
        tables=tuple(
            (WORDS[work], tuple(tuple(cell.plain for cell in cells_of(each)) for each in every))
            for work, every in known.items()
        ),
        titles=TITLES,
        data={
            "cores": tariff.cores,
            "prices": {work.value: list(map(rates_of, every)) for work, every in known.items()},
        },
    )


def rates_of(prices: Prices) -> dict[str, Any]:
    """Return what the script needs of a model; a MiB without a price is null."""
    rows = prices.observations
    return {
        "model": prices.model,
        "pass": prices.a_pass.centre,
        "task": prices.task.centre,
        "mib": prices.mebibyte.centre if prices.mebibyte else None,
        "factor": prices.stretch.centre,
        "start": prices.start.centre if prices.start else 0.0,
        "at_once": _at_once(prices),
        "range": {
            "cost": _ends([each.task_s for each in rows]),
            "tasks": _ends([float(each.tasks) for each in rows]),
        },
    }


def _at_once(prices: Prices) -> int | None:
    """Return how many tasks advance at the same time; None if all do."""
    if prices.work is Work.WAITS:
        return prices.at_once
    everything = prices.at_once is None
    huge = 1 << 30
    computed = computing_at_once(
        prices.family, prices.work, prices.workers, huge if everything else prices.at_once or 1
    )
    return None if computed == huge else computed


def _ends(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def _priced(tariff: Tariff, work: Work) -> list[Prices]:
    return [each for each in tariff.lists(work) if isinstance(each, Prices)]
