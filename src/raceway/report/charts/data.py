"""What all charts share: rows for Vega, and encodings of models."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import altair as alt

from raceway.case import CURRENT
from raceway.report.charts.figure import ROWS
from raceway.report.charts.palette import colours_of, shapes_of
from raceway.report.run.export import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

NAMED = alt.NamedData(name=ROWS)
"""The data of every chart, by name; `Figure` adds the rows."""
FILTERED = ("kind", "model", "size", "interpreter", "runner", "case")
"""Columns that the page filters by, and names."""
DIGITS = 5
"""Significant digits of numbers in a chart."""
TICKS = ((2.0, (1,)), (0.7, (1, 2, 5)), (0.2, (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)),
         (0.0, tuple(each / 20 for each in range(20, 200))))  # fmt: skip
"""Decades spanned at least, and which multiples of powers of ten are then marked."""
TITLES = {
    "case": "case",
    "model": "model",
    "group": "workload",
    "takes": "time",
    "gain": "speedup",
    "reached": "of the limit",
    "pays": "pays from",
    "launches": "launches",
    "grade": "conditions",
}


def rows_for(frame: pd.DataFrame, *fields: str) -> list[dict[str, Any]]:
    """Return the given columns for a chart, and those that the page filters by; NaN as None."""
    kept = [name for name in (*FILTERED, *fields) if name in frame]
    return [
        {str(name): _short(value) for name, value in row.items()}
        for row in frame[list(dict.fromkeys(kept))].to_dict("records")
    ]


def colour(rows: pd.DataFrame) -> alt.Color:
    """Return the colour encoding of models."""
    colours = colours_of(rows["model"])
    legend = alt.Legend(orient="bottom", symbolOpacity=1)
    return alt.Color("model:N", title=None, legend=legend).scale(
        domain=list(colours), range=list(colours.values())
    )  # fmt: skip


def dash(rows: pd.DataFrame) -> dict[str, alt.StrokeDash]:
    """Return the line style encoding of interpreters; nothing if there is only one."""
    if rows["interpreter"].nunique() < 2:  # noqa: PLR2004 (one needs no telling apart)
        return {}
    legend = alt.Legend(orient="top", title=None)
    labels = sorted(set(rows["interpreter"]), key=lambda label: (label != CURRENT, label))
    lines = alt.StrokeDash("interpreter:N", legend=legend).scale(domain=labels)
    return {"strokeDash": lines}


def decades(values: Iterable[float], unit: str, form: str = "~s") -> alt.Axis:
    """Return a logarithmic axis with ticks at powers of ten, more if the values span few.

    Numbers have SI prefixes unless another format is given.
    """
    known = [math.log10(value) for value in values if value > 0 and math.isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    within = next(steps for least, steps in TICKS if high - low >= least)
    powers = range(math.floor(low), math.ceil(high) + 1)
    ticks = [step * 10.0**power for power in powers for step in within]
    return alt.Axis(
        values=ticks, format=form, labelExpr=f"datum.label + '{unit}'", labelOverlap="greedy"
    )


def faded(toggled: alt.Parameter, shown: float, hidden: float) -> alt.OpacityValue:
    """Return the opacity of what the legend selects (`shown`), and of the rest (`hidden`).

    A value object is used because Altair validates shorthands against its schema, 3 ms each.
    """
    return alt.OpacityValue(hidden, condition={"param": toggled.name, "value": shown})


def shape(rows: pd.DataFrame) -> alt.Shape:
    """Return the shape encoding of models, in the same legend."""
    shapes = shapes_of(rows["model"])
    return alt.Shape("model:N", title=None).scale(domain=list(shapes), range=list(shapes.values()))


def tips(*fields: str | tuple[str, str]) -> list[alt.Tooltip]:
    """Return tooltips of text columns, by name, and of number columns, by name and format."""
    shown = []
    for field in fields:
        if isinstance(field, str):
            shown.append(alt.Tooltip(f"{field}:N", title=TITLES.get(field, field)))
        else:
            name, form = field
            shown.append(alt.Tooltip(f"{name}:Q", title=TITLES.get(name, name), format=form))
    return shown


def _short(value: Any) -> Any:
    """Return a value fit for JSON, with as many digits as can be seen."""
    value = plain(value)
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
