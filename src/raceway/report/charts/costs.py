"""What a model costs besides its passes: the time to start, and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.case import SERIAL
from raceway.report.charts.data import NAMED, colour, rows_for
from raceway.report.charts.figure import WIDTH, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from raceway.report.charts.figure import Drawing

BAR_HEIGHT = 26
MIB = 2**20
STARTS = "From starting the model to its first answer, less a warm pass; median over all sizes."
MEMORY = (
    "Peak resident memory of the whole process tree, less that of serial on the same tasks; median"
    " over all sizes."
)
GROUP = ["workload", "size", "interpreter"]
"""Columns that identify a group."""


def cost_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield charts of each model's time to start and memory, as far as they are known."""
    timed = frame[frame["per_pass_s"].notna()]
    starts = timed["cold_s"] - timed["per_pass_s"]
    memory = beyond_serial(timed) / MIB
    for name, title, axis, words, values, caption in (
        ("starts", "Time to start", "time to start", "format({}, '.2s') + 's'", starts, STARTS),
        ("memory", "Memory", "peak memory beyond serial", "format({}, '.3~r') + ' MiB'", memory,
         MEMORY),
    ):  # fmt: skip
        rows = medians(timed.assign(value=values))
        if len(rows):
            yield Figure(
                name=name,
                title=title,
                caption=caption,
                described=f"The {axis}, one bar per model.",
                chart=bars(rows, axis, words),
                rows=rows_for(rows, "value"),
            )


def beyond_serial(frame: pd.DataFrame) -> pd.Series[float]:
    """Return each case's peak memory in bytes, less that of serial in its group."""
    serial = frame[frame["model"] == SERIAL].drop_duplicates(GROUP).set_index(GROUP)
    base = frame[GROUP].join(serial["peak_memory_bytes"].rename("base"), on=GROUP)["base"]
    return frame["peak_memory_bytes"] - base


def medians(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row per runner: the median of its positive `value`s."""
    known = frame[frame["value"].gt(0)]
    return known.groupby(["runner", "model"], sort=False)["value"].median().reset_index()


def bars(rows: pd.DataFrame, title: str, words: str) -> Drawing:
    """Return one bar per runner, labelled by the Vega expression `words`."""
    base = alt.Chart(NAMED).encode(
        x=alt.X("value:Q", title=title).axis(labelExpr=words.format("datum.value"), tickCount=5),
        y=alt.Y("runner:N", title=None, sort=list(rows.sort_values("value")["runner"])).axis(
            labelLimit=200
        ),
    )
    base = base.transform_calculate(words=words.format("datum.value"))
    drawn = base.mark_bar(height={"band": 0.7}).encode(
        color=colour(rows).legend(None),
        tooltip=[alt.Tooltip("runner:N", title="model"), alt.Tooltip("words:N", title=title)],
    )  # fmt: skip
    figures = base.mark_text(align="left", dx=4).encode(text=alt.Text("words:N"))
    return alt.layer(drawn, figures).properties(width=WIDTH, height=BAR_HEIGHT * len(rows))
