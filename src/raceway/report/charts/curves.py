"""How long each model takes from the smallest size to the largest, one chart a workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.case import Kind
from raceway.report.charts.data import NAMED, colour, dash, decades, rows_for, shape, tips
from raceway.report.charts.figure import HEIGHT, TIP_RATIO, TIP_SECONDS, WIDTH, Figure
from raceway.report.labels import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from raceway.report.charts.figure import Drawing

LIMIT_COLOUR = "#c0392b"
SHOWN = (
    "magnitude", "time_s", "low_s", "high_s", "best_s", "speedup", "share_of_limit", "launches",
    "grade", "crossover_at", "crossover_low", "crossover_high",
)  # fmt: skip
"""Columns a chart needs."""


def curve_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield a chart for each workload that has a time at some size."""
    timed = frame[frame["per_pass_s"].notna() & frame["magnitude"].gt(0)]
    for (workload, kind), rows in timed.groupby(["workload", "kind"], sort=False):
        waits = kind == Kind.IO
        shown = per_unit(rows, waits=waits)
        yield Figure(
            name=f"curves-{workload}",
            title=f"{workload}: time by size",
            caption=(
                "Lower is faster. Bands are 95 % intervals, the dashed line is the limit the"
                " hardware sets, a dotted line marks from where a model beats serial by 5 %."
            ),
            described=(
                f"{KINDS.get(str(kind), str(kind))} workload {workload}: seconds of a"
                f" {'pass' if waits else 'task'} over {_size_words(waits=waits)}, a line a model;"
                " the table below holds the same numbers."
            ),
            chart=curve_chart(shown, waits=waits),
            rows=rows_for(shown, *SHOWN),
            kind=str(kind),
            workload=str(workload),
        )


def per_unit(rows: pd.DataFrame, *, waits: bool) -> pd.DataFrame:
    """Return the rows with their times a task, or a pass where tasks wait, by size."""
    per = 1 if waits else rows["tasks"]
    return rows.assign(
        time_s=rows["per_pass_s"] / per,
        low_s=rows["per_pass_low_s"] / per,
        high_s=rows["per_pass_high_s"] / per,
        best_s=rows["limit_s"] / per,
    ).sort_values("magnitude")


def curve_chart(shown: pd.DataFrame, *, waits: bool) -> Drawing:
    """Return lines of time over size, both logarithmic."""
    x = alt.X("magnitude:Q", title=_size_words(waits=waits)).scale(
        type="log", nice=False, padding=12
    )
    x = x.axis(decades(shown["magnitude"], "" if waits else "s"))
    times = [*shown["time_s"], *shown["best_s"]]
    y = alt.Y("time_s:Q", title=f"time of a {'pass' if waits else 'task'}").scale(type="log")
    y = y.axis(decades(times, "s"))
    base = alt.Chart(NAMED).encode(x, color=colour(shown))
    toggled = alt.selection_point(fields=["model"], bind="legend", name="models")
    opacity = alt.when(toggled).then(alt.value(1.0)).otherwise(alt.value(0.08))
    lines = base.mark_line().encode(y, detail="runner:N", opacity=opacity, **dash(shown))
    points = (
        base.mark_point(filled=True, size=60)
        .encode(y, shape=shape(shown), opacity=opacity, tooltip=tips(
            "case", ("time_s", TIP_SECONDS), ("low_s", TIP_SECONDS), ("high_s", TIP_SECONDS),
            ("speedup", TIP_RATIO), ("share_of_limit", ".0%"), "launches", "grade",
        ))
        .add_params(toggled)
    )  # fmt: skip
    bands = base.mark_rule(strokeWidth=5).encode(
        y=alt.Y("low_s:Q"), y2="high_s:Q",
        opacity=alt.when(toggled).then(alt.value(0.3)).otherwise(alt.value(0.03)),
    )  # fmt: skip
    limit = (
        alt.Chart(NAMED)
        .transform_filter("isValid(datum.best_s)")
        .mark_line(strokeDash=[6, 4], color=LIMIT_COLOUR, strokeWidth=1.5)
        .encode(x=alt.X("magnitude:Q"), y=alt.Y("min(best_s):Q"))
    )
    crossings = (
        base.transform_filter("isValid(datum.crossover_at)")
        .mark_rule(strokeDash=[2, 3], strokeWidth=1.5)
        .encode(
            x=alt.X("mean(crossover_at):Q"), detail="runner:N", opacity=opacity,
            tooltip=tips("model", ("crossover_at", TIP_SECONDS), ("crossover_low", TIP_SECONDS),
                         ("crossover_high", TIP_SECONDS), aggregate="mean"),
        )
    )  # fmt: skip
    marked = [crossings] if shown["crossover_at"].notna().any() else []
    layers = alt.layer(bands, limit, *marked, lines, points)
    return layers.properties(width=WIDTH, height=HEIGHT)


def _size_words(*, waits: bool) -> str:
    return "tasks at once" if waits else "time of a task by serial"
