"""A prediction on the terminal and as data: the best model, all models, the borders, the prices."""

from __future__ import annotations

from itertools import chain
from math import inf
from typing import TYPE_CHECKING, Any

from rich.text import Text

from raceway.analysis.prices.observations import MEBI, Work
from raceway.case import SERIAL
from raceway.report.format.grid import QUIET_STYLE, Column, Grid
from raceway.report.format.labels import joined
from raceway.report.format.layout import INDENT
from raceway.report.format.sanitize import printable
from raceway.report.run.prices import price_data, price_lines, span_data, without_prices
from raceway.report.run.sentences import DOUBTFUL, LOSES, WINS
from raceway.report.run.terminal import print_lines
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from raceway.analysis.prices.fit import Span
    from raceway.analysis.prices.forecast import Forecast, Prediction, Question
    from raceway.analysis.prices.tariff import Tariff

SCHEMA = "raceway-prediction/1"
COLUMNS = (
    Column("model", left=True),
    Column("predicted"),
    Column("interval", left=True, spare=1),
    Column("of serial"),
    Column("with start", "if it has not been started yet", spare=2),
    Column("beyond", "in what this lies outside of what was measured", left=True),
)


def show_tariff(tariff: Tariff, forecast: Forecast | None, console: Console) -> None:
    """Print a prediction, if there is one, and the prices."""
    answer = forecast_lines(forecast, console.width) if forecast else ()
    works = [forecast.question.work] if forecast else tariff.raced or list(Work)
    prices = price_lines(tariff, works, console.width, reasons=forecast is None)
    print_lines(chain(answer, origin_lines(tariff), prices), console)


def forecast_lines(forecast: Forecast, width: int) -> Iterator[Text]:
    """Yield the answer, a table of all models, and the borders."""
    yield Text(asked(forecast.question), "bold")
    yield from _answer(forecast)
    yield from _borders(forecast)
    rows = [_cells(each, forecast) for each in forecast.predictions]
    grid = Grid(COLUMNS, rows, width)
    yield grid.header()
    yield from map(grid.line, rows)
    yield from without_prices(forecast.unpriced)
    if legend := grid.legend():
        yield Text(legend, QUIET_STYLE)
    yield Text()


def asked(question: Question) -> str:
    """Return the work in words: `1,000 tasks of 5 ms that wait`."""
    does = {
        Work.COMPUTES: "that compute and hold the GIL",
        Work.RELEASES: "that compute without the GIL",
        Work.WAITS: "that wait",
    }
    payload = (
        f", {numbers.short_memory(question.payload_mib * MEBI)} each there and back"
        if question.payload_mib
        else ""
    )
    on = f", {numbers.count(question.workers, 'worker')}" if question.workers else ""
    tasks = numbers.count(question.tasks, "task")
    return f"{tasks} of {numbers.short_seconds(question.task_s)} {does[question.work]}{payload}{on}"


def origin_lines(tariff: Tariff) -> Iterator[Text]:
    """Yield where the prices come from."""
    runs = ", ".join(map(printable, tariff.runs))
    at = "" if tariff.interpreter == "current" else f" @{printable(tariff.interpreter)}"
    yield Text(
        f"From run{'s' if len(tariff.runs) > 1 else ''} {runs} of {printable(tariff.machine)}{at},"
        f" where {numbers.cores(tariff.cores)} cores really run at once",
        QUIET_STYLE,
    )


def prediction_data(tariff: Tariff, forecast: Forecast | None) -> dict[str, Any]:
    """Return prices and prediction as plain values."""
    return {
        "schema": SCHEMA,
        "runs": list(tariff.runs),
        "machine": tariff.machine,
        "interpreter": tariff.interpreter,
        "cores": tariff.cores,
        "prices": [price_data(each) for each in tariff.priced],
        "prediction": _forecast_data(forecast) if forecast else None,
    }


def _forecast_data(forecast: Forecast) -> dict[str, Any]:
    question = forecast.question
    return {
        "task_s": question.task_s,
        "tasks": question.tasks,
        "payload_bytes": question.payload_mib * MEBI,
        "work": question.work.value,
        "workers": question.workers,
        "best": forecast.best.model,
        "as_good": [each.model for each in forecast.as_good],
        "models": [
            {
                "model": each.model,
                "family": each.family,
                "time": span_data(each.time),
                "start_s": each.start_s,
                "outside": list(each.outside),
            }
            for each in forecast.predictions
        ],
        "unpriced": [{"model": each.model, "reason": each.reason} for each in forecast.unpriced],
        "borders": [
            {
                "best": each.model,
                "from_task_s": each.from_s,
                "to_task_s": None if each.to_s == inf else each.to_s,
            }
            for each in forecast.reigns
        ],
    }


def _answer(forecast: Forecast) -> Iterator[Text]:
    best = forecast.best
    style = LOSES if best.model == SERIAL else WINS
    text = Text.assemble(INDENT, ("best: ", ""), (printable(best.model), style))
    text.append(f", {numbers.short_seconds(best.time.centre)}")
    if forecast.as_good:
        names = joined([printable(each.model) for each in forecast.as_good])
        text.append(f"; {names} within 10 %", QUIET_STYLE)
    yield text
    if best.outside:
        yield Text(f"{INDENT}extrapolated: {_beyond(best)} beyond what was measured", DOUBTFUL)
    fresh = min(forecast.predictions, key=lambda each: each.time.centre + each.start_s)
    if fresh is not best:
        total_s = fresh.time.centre + fresh.start_s
        yield Text(
            f"{INDENT}if nothing has been started yet: {printable(fresh.model)},"
            f" {numbers.short_seconds(total_s)} with its start"
        )


def _borders(forecast: Forecast) -> Iterator[Text]:
    """Yield from which cost of a task another model is best."""
    first, *later = forecast.reigns
    if not later:
        yield Text(f"{INDENT}border: none; {printable(first.model)} at every cost of a task")
        return
    told = [f"{printable(first.model)} below"]
    told += [
        f"from {numbers.short_seconds(each.from_s)} a task {printable(each.model)}"
        for each in later
    ]
    yield Text(f"{INDENT}border: {', '.join(told)}")


def _cells(each: Prediction, forecast: Forecast) -> list[Text]:
    serial = next(one for one in forecast.predictions if one.model == SERIAL)
    style = WINS if each is forecast.best and each.model != SERIAL else ""
    gain = serial.time.centre / each.time.centre if each.time.centre else None
    with_start = each.time.centre + each.start_s if each.start_s else None
    return [
        Text(printable(each.model), style),
        Text(numbers.short_seconds(each.time.centre)),
        Text(_interval(each.time)),
        Text("" if each is serial else numbers.times(gain, digits=2)),
        Text(numbers.short_seconds(with_start) if with_start else ""),
        Text(_beyond(each), DOUBTFUL),
    ]


def _interval(span: Span) -> str:
    if span.low is None or span.high is None:
        return ""
    return f"[{numbers.short_seconds(span.low)}, {numbers.short_seconds(span.high)}]"


def _beyond(each: Prediction) -> str:
    return ", ".join(each.outside)
