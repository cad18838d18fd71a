"""The price list of a machine as a table: what each model asks for, with how well it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from raceway.analysis.prices.observations import Work
from raceway.analysis.prices.prices import Prices, Unpriced
from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.report.format.layout import INDENT
from raceway.report.format.sanitize import printable
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raceway.analysis.prices.fit import Span
    from raceway.analysis.prices.tariff import Tariff

COLUMNS = (
    Column("model", left=True),
    Column("a task"),
    Column("its work", "times as long as in a plain loop, on the cores that really run"),
    Column("a MiB", "there and back"),
    Column("start", spare=1),
    Column("a pass", "however many tasks", spare=3),
    Column("memory", "a worker's, beyond a plain loop", spare=2),
)
TITLES = tuple((column.title, column.meaning) for column in COLUMNS)
UNCERTAIN = 9.995
"""Relative half-widths above this are not told in percent."""


def price_lines(
    tariff: Tariff, works: Sequence[Work], width: int, *, reasons: bool
) -> Iterator[Text]:
    """Yield the prices by what tasks do; with `reasons`, also why models have none."""
    lists = {work: tariff.lists(work) for work in works}
    rows = {
        work: [cells_of(each) for each in every if isinstance(each, Prices)]
        for work, every in lists.items()
    }
    grid = Grid(COLUMNS, [cells for each in rows.values() for cells in each], width)
    for work, cells in rows.items():
        if cells:
            yield Text(f"Prices where a task {work}", "bold")
            yield grid.header()
            yield from map(grid.line, cells)
        if reasons:
            yield from without_prices([each for each in lists[work] if isinstance(each, Unpriced)])
    if any(rows.values()):
        yield Text(f"± is half the 95 % interval; {grid.legend()}", QUIET_STYLE)


def without_prices(unpriced: Sequence[Unpriced]) -> Iterator[Text]:
    """Yield the models that have no prices, by reason."""
    reasons: dict[str, list[str]] = {}
    for each in unpriced:
        reasons.setdefault(each.reason, []).append(printable(each.model))
    for reason, models in reasons.items():
        yield Text(f"{INDENT}cannot tell: {', '.join(models)} ({reason})", QUIET_STYLE)


def price_data(prices: Prices) -> dict[str, Any]:
    """Return the prices of a model as plain values; unknown ones are None."""
    rows = prices.observations
    return {
        "model": prices.model,
        "family": prices.family,
        "work": prices.work.value,
        "cases": [each.group for each in rows],
        "task": span_data(prices.task),
        "pass": span_data(prices.a_pass),
        "work_factor": span_data(prices.stretch),
        "mebibyte": span_data(prices.mebibyte),
        "start": span_data(prices.start),
        "worker_bytes": span_data(prices.worker_bytes),
        "scatter": prices.fit.scatter if prices.fit.degrees else None,
        "workers": prices.workers,
    }


def span_data(span: Span | None) -> dict[str, float | None] | None:
    """Return a figure and its interval as plain values."""
    return {"value": span.centre, "low": span.low, "high": span.high} if span else None


def cells_of(prices: Prices) -> list[Text]:
    """Return the cells of a model, in the order of the columns."""
    waits = prices.work is Work.WAITS
    return [
        Text(printable(prices.model)),
        cell_of(prices.task, numbers.short_seconds),
        Text("" if waits else numbers.times(prices.stretch.centre)),
        cell_of(prices.mebibyte, numbers.short_seconds),
        cell_of(prices.start, numbers.short_seconds),
        cell_of(prices.a_pass, numbers.short_seconds),
        cell_of(prices.worker_bytes, lambda value: numbers.memory(value, digits=2)),
    ]


def cell_of(span: Span | None, words: Callable[[float | None], str]) -> Text:
    """Return a figure with how well it is known."""
    if span is None:
        return Text(numbers.UNKNOWN)
    text = Text(words(span.centre) if span.centre else "0")
    if span.centre and span.low is not None and span.high is not None:
        width = max(span.high / span.centre - 1, 1 - span.low / span.centre)
        text.append(f" ±{numbers.percent(width) if width < UNCERTAIN else '?'}", QUIET_STYLE)
    return text
