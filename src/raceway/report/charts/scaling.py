"""How the speedup grows with the number of workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.report.charts.data import NAMED, colour, dash, rows_for, shape, tips
from raceway.report.charts.figure import HEIGHT, WIDTH, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from raceway.report.charts.figure import Drawing


SHOWN = ("line", "workers", "speedup", "speedup_low", "speedup_high", "grade")
"""Columns the chart needs."""


def scaling_figures(frame: pd.DataFrame, usable_cores: int) -> Iterator[Figure]:
    """Yield a chart for each group in which a model was raced with several numbers of workers."""
    rows = frame[frame["speedup"].gt(0)]
    for (group, kind, workload), members in rows.groupby(["group", "kind", "workload"], sort=False):
        counts = members.groupby(["model", "device", "interpreter"])["workers"].transform("nunique")
        lines = members["model"] + members["device"] + members["interpreter"]
        several = members.assign(line=lines)[counts > 1]
        if len(several):
            yield Figure(
                name=f"scaling-{group}",
                title=f"{group}: speedup by workers",
                caption=f"The dashed line is the ideal: n workers are n times as fast, up to the"
                f" {usable_cores} usable cores.",
                described=f"Speedup of {group} over the number of workers, one line per model,"
                " beside the ideal.",
                chart=scaling_chart(several, usable_cores if kind == "cpu" else None),
                rows=rows_for(several, *SHOWN),
                kind=str(kind),
                workload=str(workload),
            )


def scaling_chart(rows: pd.DataFrame, usable_cores: int | None) -> Drawing:
    """Return lines of speedup over workers; the ideal stops at the usable cores, if given."""
    most = int(rows["workers"].max())
    ideal = [
        {"workers": count, "ideal": min(count, usable_cores or count)}
        for count in range(1, most + 1)
    ]
    base = alt.Chart(NAMED)
    x = alt.X("workers:Q", title="workers").axis(tickMinStep=1, format="d")
    y = alt.Y("speedup:Q", title="speedup over serial")
    lines = base.mark_line().encode(
        x, y, color=colour(rows), detail=alt.Detail("line:N"), **dash(rows)
    )
    points = base.mark_point(filled=True, size=60).encode(
        x, y, color=colour(rows), shape=shape(rows),
        tooltip=tips("case", "gain", "takes", "grade"),
    )  # fmt: skip
    dashed = (
        alt.Chart(alt.InlineData(values=ideal))
        .mark_line(strokeDash=[6, 4], color="#8a8a8a")
        .encode(x=alt.X("workers:Q"), y=alt.Y("ideal:Q"))
    )
    return alt.layer(dashed, lines, points).properties(width=WIDTH, height=HEIGHT)
