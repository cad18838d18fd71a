"""What a model costs before it has done anything: the time to start, and memory."""

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
HEAT = ["workload", "size", "interpreter"]
"""Columns that are alike in a heat."""


def cost_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield the start and the memory of each model, as far as they are known."""
    timed = frame[frame["per_pass_s"].notna()]
    starts = timed.assign(value=(timed["cold_s"] - timed["per_pass_s"]).clip(lower=0))
    memory = timed.assign(value=beyond_serial(timed).clip(lower=0) / MIB)
    if starts["value"].gt(0).any():
        yield Figure(
            name="starts",
            title="Time to start",
            caption="From opening the model to its first answer, beyond a warm pass; median over"
            " all sizes.",
            described="Seconds each model takes to start, a bar a model.",
            chart=bars(medians(starts), "time to start", "format({}, '.2s') + 's'"),
            rows=rows_for(medians(starts), "value"),
        )
    if memory["value"].gt(0).any():
        yield Figure(
            name="memory",
            title="Memory",
            caption="Peak resident memory of the whole process tree beyond that of serial on the"
            " same tasks; median over all sizes.",
            described="Mebibytes of memory each model takes beyond serial, a bar a model.",
            chart=bars(medians(memory), "peak memory beyond serial", "format({}, '.3~r') + ' MiB'"),
            rows=rows_for(medians(memory), "value"),
        )


def beyond_serial(frame: pd.DataFrame) -> pd.Series[float]:
    """Return the bytes that each case takes at its peak beyond the serial one of its heat."""
    serial = frame[frame["model"] == SERIAL].drop_duplicates(HEAT).set_index(HEAT)
    base = frame[HEAT].join(serial["peak_memory_bytes"].rename("base"), on=HEAT)["base"]
    return frame["peak_memory_bytes"] - base


def medians(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a row a runner: the median of its column `value`."""
    known = frame[frame["value"].gt(0)]
    return known.groupby(["runner", "model"], sort=False)["value"].median().reset_index()


def bars(rows: pd.DataFrame, title: str, words: str) -> Drawing:
    """Return a bar a runner, which `words` writes out."""
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
