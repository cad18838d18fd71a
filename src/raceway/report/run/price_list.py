"""The machine's price list within a report: one line a model, few models, what matters most."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.prices.observations import Work
from raceway.analysis.prices.prices import Prices
from raceway.analysis.prices.tariff import tariff_of
from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.report.format.sanitize import printable
from raceway.report.run.prices import cell_of
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raceway.analysis.prices.tariff import Tariff
    from raceway.record import Run

HEADING = "Prices"
EXPLAINED = "of each model, ± half the 95 % interval; all: `raceway predict`"
COLUMNS = (
    Column("model", left=True),
    Column("a task"),
    Column("a wait", "a task that waits", spare=1),
    Column("a MiB", spare=2),
    Column("start", spare=3),
    Column("its work", "times a plain loop's", spare=4),
    Column("memory", "a worker's", spare=5),
)
MOST_MODELS = 7
"""With heading, titles and legend, ten lines."""


def price_texts(run: Run, width: int) -> Iterator[Text]:
    """Yield the prices of a run's first interpreter; nothing if too few cases tell any."""
    labels = [each.label for each in run.header.environments]
    if not labels:
        return
    found = known_prices(tariff_of([run], labels[0]))
    rows = [cells_of(found[model]) for model in chosen(found, MOST_MODELS)]
    if not rows:
        return
    at = f" @{printable(labels[0])}" if len(labels) > 1 else ""
    yield Text.assemble((f"{HEADING}{at}", "bold"), (f"  {EXPLAINED}", QUIET_STYLE))
    grid = Grid(COLUMNS, rows, width)
    yield grid.header()
    yield from map(grid.line, rows)
    yield Text(grid.legend(), QUIET_STYLE)


def known_prices(tariff: Tariff) -> dict[str, dict[Work, Prices]]:
    """Return what is known of each model, by what tasks do, in the order raced."""
    computes = Work.RELEASES if tariff.without_gil else Work.COMPUTES
    found: dict[str, dict[Work, Prices]] = {}
    for name, work in ((Work.COMPUTES, computes), (Work.WAITS, Work.WAITS)):
        for each in tariff.lists(work):
            if isinstance(each, Prices):
                found.setdefault(each.model, {})[name] = each
    return found


def chosen(found: Mapping[str, Mapping[Work, Prices]], most: int) -> list[str]:
    """Return so many models in the order raced: of each family those that most cases tell about."""
    families: dict[str, list[str]] = {}
    for model in sorted(found, key=lambda model: -cases_of(found[model])):
        families.setdefault(one_of(found[model]).family, []).append(model)
    in_turn = filter(None, chain.from_iterable(zip_longest(*families.values())))
    kept = [model for model, _ in zip(in_turn, range(most), strict=False)]
    return [model for model in found if model in kept]


def cases_of(prices: Mapping[Work, Prices]) -> int:
    """Return the number of cases that a model's prices rest on."""
    return sum(len(each.observations) for each in prices.values())


def one_of(prices: Mapping[Work, Prices]) -> Prices:
    """Return the prices of computing, else those of waiting."""
    return prices.get(Work.COMPUTES) or prices[Work.WAITS]


def cells_of(prices: Mapping[Work, Prices]) -> Sequence[Text]:
    """Return the cells of a model, in the order of the columns."""
    computes, waits, either = prices.get(Work.COMPUTES), prices.get(Work.WAITS), one_of(prices)
    seconds = numbers.short_seconds
    return [
        Text(printable(either.model)),
        cell_of(computes.task if computes else None, seconds),
        cell_of(waits.task if waits else None, seconds),
        cell_of(either.mebibyte, seconds),
        cell_of(either.start, seconds),
        cell_of(computes.stretch if computes else None, numbers.times),
        cell_of(either.worker_bytes, lambda value: numbers.memory(value, digits=2)),
    ]
