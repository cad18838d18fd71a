"""A heat map of every model's speedup over serial, on every workload and size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.report.charts.data import NAMED, rows_for, tips
from raceway.report.charts.figure import WIDTH, Figure
from raceway.report.charts.palette import colours_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from raceway.report.charts.figure import Drawing

ROW_HEIGHT = 22
SHOWN = ("group", "entry", "speedup", "gain", "takes", "reached", "launches", "grade")
"""Columns the chart needs."""
WORDS = (
    "datum.speedup < 0.01 ? '<0.01' : datum.speedup < 0.995 ? format(datum.speedup, '.2f')"
    " : format(datum.speedup, '.2r')"
)
"""The text of a cell."""
BEST = 8.0
"""The speedup with the strongest colour."""
READABLE_FROM = 6.5
"""Above this speedup, white text reads better."""


def speedup_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield the heat map, if anything was compared with serial."""
    rows = frame[frame["speedup"].gt(0)]
    if len(rows):
        best = best_of(rows)
        yield Figure(
            name="speedups",
            title="Speedup over serial",
            caption="Blue is faster than a plain loop, orange slower; with the best number of"
            " workers.",
            described="Speedup of each model over serial on each workload and size; the tables"
            " below have the same numbers.",
            chart=speedup_chart(best),
            rows=rows_for(best, *SHOWN),
        )


def best_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each model with its best number of workers, in the order of groups, named `entry`."""
    entry = rows["model"]
    for field, sign in (("device", " "), ("interpreter", " @")):
        several = rows.groupby("model")[field].transform("nunique") > 1
        entry = entry.where(~several, entry + sign + rows[field])
    named = rows.assign(entry=entry)
    best = named.loc[named.groupby(["group", "entry"], sort=False)["speedup"].idxmax()]
    return best.sort_index()


def speedup_chart(rows: pd.DataFrame) -> Drawing:
    """Return one cell per group and model, with the speedup in figures."""
    groups = list(dict.fromkeys(rows["group"]))
    order = {model: place for place, model in enumerate(colours_of(rows["model"]))}
    by_model = rows.assign(place=rows["model"].map(order)).sort_values("place", kind="stable")
    entries = list(dict.fromkeys(by_model["entry"]))
    base = alt.Chart(NAMED).encode(
        x=alt.X("entry:N", title=None, sort=entries).axis(
            orient="top", labelAngle=-30, labelLimit=160
        ),
        y=alt.Y("group:N", title=None, sort=groups).axis(labelLimit=160),
    )
    cells = base.mark_rect().encode(
        color=alt.Color("speedup:Q", legend=None).scale(
            type="log", domain=[1 / BEST, 1, BEST], range=["#d55e00", "#f2f2f2", "#0072b2"],
            clamp=True,
        ),
        tooltip=tips("case", "gain", "takes", "reached", "launches", "grade"),
    )  # fmt: skip
    strong = f"datum.speedup > {READABLE_FROM}"
    figures = (
        base.transform_calculate(words=WORDS)
        .mark_text(fontSize=11)
        .encode(
            text=alt.Text("words:N"),
            color=alt.ColorValue("#222222", condition={"test": strong, "value": "white"}),
        )
    )
    height = ROW_HEIGHT * len(groups)
    return alt.layer(cells, figures).properties(width=WIDTH, height=height)
