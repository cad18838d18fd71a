"""Each model's time over the sizes of a workload."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import altair as alt
import numpy as np

from raceway.analysis.run.axis import Axis
from raceway.case import Kind
from raceway.report.charts.data import NAMED, colour, dash, decades, faded, rows_for, shape, tips
from raceway.report.charts.figure import HEIGHT, WIDTH, Figure
from raceway.report.format.labels import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from raceway.report.charts.figure import Drawing

LIMIT_COLOUR = "#c0392b"
SHOWN = (
    "extent", "time_s", "low_s", "high_s", "best_s", "takes", "gain", "reached", "pays", "launches",
    "grade", "crossover_at", "crossover_low", "crossover_high",
)  # fmt: skip
"""Columns the chart needs."""


def curve_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield a chart for each workload with any time."""
    for (workload, kind), rows in frame.groupby(["workload", "kind"], sort=False):
        waits, scale = kind == Kind.IO, Scale.of(rows)
        shown = per_unit(placed(rows, scale), waits=waits)
        if shown.empty:
            continue
        yield Figure(
            name=f"curves-{workload}",
            title=f"{workload}: time by size",
            caption=(
                "Lower is faster. Bars are 95 % intervals. The dashed line is the limit set by the"
                " hardware. A dotted line marks the size from which a model beats serial by 5 %,"
                " the band around it its interval."
            ),
            described=(
                f"{KINDS.get(str(kind), str(kind))} workload {workload}: seconds per"
                f" {'pass' if waits else 'task'} over {scale.title}, one line per model;"
                " the table below has the times."
            ),
            chart=curve_chart(shown, scale, waits=waits),
            rows=rows_for(shown, *SHOWN),
            kind=str(kind),
            workload=str(workload),
        )


class Scale(Enum):
    """What the horizontal axis measures: its title and unit."""

    TASKS = ("tasks at once", "")
    """If sizes differ mainly by their number of tasks."""
    BYTES = ("bytes per task", "B")
    """If sizes differ mainly by what is handed over."""
    FLOPS = ("floating-point operations per task", "")
    """If declared: the largest sizes may run on a GPU only, without serial."""
    SECONDS = ("time per task in serial", "s")

    @classmethod
    def of(cls, rows: pd.DataFrame) -> Scale:
        """Return the scale for the sizes of one workload."""
        if rows["axis"].eq(Axis.TASKS).all():
            return cls.TASKS
        if rows["axis"].eq(Axis.BYTES).all():
            return cls.BYTES
        return cls.FLOPS if rows["flops"].ge(rows["tasks"]).all() else cls.SECONDS

    @property
    def title(self) -> str:
        """The title of the axis."""
        return self.value[0]

    @property
    def unit(self) -> str:
        """The unit after each number."""
        return self.value[1]


def placed(rows: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """Return the rows with a time and a place on the scale, `extent`; crossovers are converted."""
    extents = rows["flops"] / rows["tasks"] if scale is Scale.FLOPS else rows["magnitude"]
    rows = rows.assign(extent=extents)
    sizes = rows.dropna(subset="magnitude").drop_duplicates("magnitude").sort_values("magnitude")
    if scale is Scale.FLOPS and not sizes.empty:
        known, there = (np.log(sizes[name].to_numpy()) for name in ("magnitude", "extent"))
        for column in ("crossover_at", "crossover_low", "crossover_high"):
            rows[column] = np.exp(np.interp(np.log(rows[column].to_numpy()), known, there))
    return rows[rows["per_pass_s"].notna() & rows["extent"].gt(0)]


def per_unit(rows: pd.DataFrame, *, waits: bool) -> pd.DataFrame:
    """Return the rows by size, with times per task, or per pass if tasks wait."""
    per = 1 if waits else rows["tasks"]
    return rows.assign(
        time_s=rows["per_pass_s"] / per,
        low_s=rows["per_pass_low_s"] / per,
        high_s=rows["per_pass_high_s"] / per,
        best_s=rows["limit_s"] / per,
    ).sort_values("extent")


def curve_chart(shown: pd.DataFrame, scale: Scale, *, waits: bool) -> Drawing:
    """Return lines of time over size, both axes logarithmic."""
    x = alt.X("extent:Q", title=scale.title).scale(type="log", nice=False, padding=12)
    x = x.axis(decades(shown["extent"], scale.unit))
    times = [*shown["time_s"], *shown["best_s"]]
    y = alt.Y("time_s:Q", title=f"time per {'pass' if waits else 'task'}")
    y = y.scale(type="log", nice=False, padding=12).axis(decades(times, "s"))
    base = alt.Chart(NAMED).encode(x, color=colour(shown))
    toggled = alt.selection_point(fields=["model"], bind="legend", name="models")
    opacity, runner = faded(toggled, 1.0, 0.08), alt.Detail("runner:N")
    lines = base.mark_line().encode(y, detail=runner, opacity=opacity, **dash(shown))
    points = (
        base.mark_point(filled=True, size=60)
        .encode(y, shape=shape(shown), opacity=opacity, tooltip=tips(
            "case", "takes", "gain", "reached", "pays", "launches", "grade",
        ))
        .add_params(toggled)
    )  # fmt: skip
    bands = base.mark_rule(strokeWidth=5).encode(
        y=alt.Y("low_s:Q"), y2=alt.Y2("high_s:Q"), opacity=faded(toggled, 0.3, 0.03)
    )
    marked = crossing_marks(base, shown, toggled)
    layers = alt.layer(bands, limit_line(), *marked, lines, points)
    return layers.properties(width=WIDTH, height=HEIGHT)


def limit_line() -> alt.Chart:
    """Return the dashed line of the limit."""
    known = alt.Chart(NAMED).transform_filter("isValid(datum.best_s)")
    line: alt.Chart = known.mark_line(strokeDash=[6, 4], color=LIMIT_COLOUR, strokeWidth=1.5)
    return line.encode(x=alt.X("extent:Q"), y=alt.Y("min(best_s):Q"))


def crossing_marks(
    base: alt.Chart, shown: pd.DataFrame, toggled: alt.Parameter
) -> Iterator[alt.Chart]:
    """Yield where models begin to pay, as far as known: the bands of the intervals, the lines."""
    runner = alt.Detail("runner:N")
    if (shown["crossover_low"].notna() & shown["crossover_high"].notna()).any():
        yield (
            base.transform_filter("isValid(datum.crossover_low) && isValid(datum.crossover_high)")
            .mark_rect()
            .encode(
                x=alt.X("mean(crossover_low):Q"), x2=alt.X2("mean(crossover_high):Q"),
                detail=runner, opacity=faded(toggled, 0.07, 0.01),
            )
        )  # fmt: skip
    if shown["crossover_at"].notna().any():
        yield (
            base.transform_filter("isValid(datum.crossover_at)")
            .mark_rule(strokeDash=[2, 3], strokeWidth=1.5)
            .encode(
                x=alt.X("mean(crossover_at):Q"), detail=runner,
                opacity=faded(toggled, 1.0, 0.08), tooltip=tips("model", "pays"),
            )
        )  # fmt: skip
