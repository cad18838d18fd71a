"""Interpreters and machines side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.analysis.run.axis import Axis
from raceway.report.charts.data import NAMED, colour, decades, rows_for, shape, tips
from raceway.report.charts.figure import HEIGHT, TIP_RATIO, WIDTH, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from raceway.report.charts.figure import Drawing

ROW_HEIGHT = 20
UNITLESS = {"speedup": "speedup over serial", "share_of_limit": "share of the limit"}
"""Figures that can be compared across machines."""
CASE = ["workload", "size", "model", "workers", "device"]
"""Columns that identify a case, but for its interpreter."""
AXES = (
    (Axis.COST, "time per task in serial", "s"),
    (Axis.TASKS, "tasks at once", ""),
    (Axis.BYTES, "bytes per task", "B"),
)
"""Along what sizes may differ, in words, and the unit."""


def interpreter_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield a chart for each interpreter of a run but the first, against the first."""
    timed = frame[frame["per_pass_s"].notna() & ~frame["computed"]]
    timed = timed.drop_duplicates([*CASE, "interpreter"])
    labels = list(dict.fromkeys(timed["interpreter"]))
    for label in labels[1:]:
        first = timed[timed["interpreter"] == labels[0]].set_index(CASE)["per_pass_s"]
        other = timed[timed["interpreter"] == label].set_index(CASE, drop=False)
        paired = other.assign(ratio=first / other["per_pass_s"]).dropna(subset=["ratio"])
        if len(paired):
            yield Figure(
                name=f"interpreters-{label}",
                title=f"{label} against {labels[0]}",
                caption=f"Right of 1, {label} is faster. These are medians without intervals; a"
                " duel gives a verdict.",
                described=f"How many times faster {label} is than {labels[0]}, one dot per case.",
                rows=rows_for(paired.reset_index(drop=True), "group", "ratio"),
                chart=ratio_chart(
                    paired.reset_index(drop=True), f"time on {labels[0]} over {label}"
                ),
            )


def machine_figures(frame: pd.DataFrame, here: str) -> Iterator[Figure]:
    """Yield speedups and shares of the limit of cases that another machine measured too."""
    frame = frame.drop_duplicates(["machine", "case"])
    mine = frame[frame["machine"] == here].set_index("case")
    for machine in dict.fromkeys(frame["machine"][frame["machine"] != here]):
        theirs = frame[frame["machine"] == machine].set_index("case", drop=False)
        for field, words in UNITLESS.items():
            both = theirs.assign(here=mine[field], there=theirs[field])
            both = both[both["here"].gt(0) & both["there"].gt(0)].reset_index(drop=True)
            if len(both):
                yield Figure(
                    name=f"machines-{field.replace('_', '-')}-{machine}",
                    title=f"{words.capitalize()}, here and on {machine}",
                    caption="Without units, figures compare across machines. On the line, both"
                    " machines are alike; above it, the other machine's figure is higher.",
                    described=f"{words} of each case on {machine}, over that on {here}.",
                    rows=rows_for(both, "here", "there"),
                    chart=machine_chart(both, words),
                )
    yield from crossover_figures(frame)


def crossover_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield the size from which each model pays, if several machines know it."""
    crossings = frame[frame["crossover_at"].notna()].assign(
        pair=frame["workload"] + ", " + frame["runner"]
    )
    each = crossings.drop_duplicates(["machine", "pair", "interpreter"])
    for axis, words, unit in AXES:
        told = each[each["axis"] == axis]
        shared = told[told.groupby("pair")["machine"].transform("nunique") > 1]
        if len(shared):
            x = alt.X("crossover_at:Q", title=words)
            yield Figure(
                name=f"machines-crossover-{'time' if axis is Axis.COST else axis}",
                title="Where a model starts to pay, by machine",
                caption=f"The size from which it beats serial by 5 %: {words}.",
                described=f"{words} from which each model beats serial, one dot per machine.",
                rows=rows_for(shared, "pair", "machine", "crossover_at", "pays"),
                chart=crossover_chart(
                    shared,
                    x.axis(decades(shared["crossover_at"], unit)),
                ),
            )


def ratio_chart(rows: pd.DataFrame, title: str) -> Drawing:
    """Return one dot per case, by group, over a line at 1."""
    dots = (
        alt.Chart(NAMED)
        .mark_point(filled=True, size=60)
        .encode(
            x=alt.X("ratio:Q", title=title).scale(type="log", nice=False, padding=12),
            y=alt.Y("group:N", title=None, sort=list(dict.fromkeys(rows["group"]))),
            color=colour(rows),
            shape=shape(rows),
            tooltip=[alt.Tooltip("case:N"), alt.Tooltip("ratio:Q", format=TIP_RATIO)],
        )
    )
    one = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(color="#8a8a8a")
    height = ROW_HEIGHT * rows["group"].nunique()
    return alt.layer(one.encode(x=alt.X("one:Q")), dots).properties(width=WIDTH, height=height)


def machine_chart(rows: pd.DataFrame, words: str) -> Drawing:
    """Return one dot per case, its figures here and there, around the line where both are equal."""
    values = [*rows["here"], *rows["there"]]
    scale = alt.Scale(type="log", nice=False, padding=12)
    x = alt.X("here:Q", title=f"{words}, here", scale=scale).axis(decades(values, "", "~g"))
    y = alt.Y("there:Q", title=f"{words}, there", scale=scale).axis(decades(values, "", "~g"))
    ends = [{"here": end, "there": end} for end in (min(values), max(values))]
    line = alt.Chart(alt.InlineData(values=ends)).mark_line(color="#8a8a8a", strokeWidth=1)
    dots = (
        alt.Chart(NAMED)
        .mark_point(filled=True, size=60)
        .encode(
            x, y, color=colour(rows), shape=shape(rows),
            tooltip=tips("case", ("here", TIP_RATIO), ("there", TIP_RATIO)),
        )
    )  # fmt: skip
    return alt.layer(line.encode(x, y), dots).properties(width=WIDTH, height=HEIGHT)


def crossover_chart(rows: pd.DataFrame, x: alt.X) -> Drawing:
    """Return one dot per model and machine."""
    drawn: Drawing = (
        alt.Chart(NAMED)
        .mark_point(filled=True, size=60)
        .encode(
            x=x.scale(type="log", nice=False, padding=12),
            y=alt.Y("pair:N", title=None).axis(labelLimit=260),
            color=alt.Color("machine:N", title=None).scale(scheme="dark2").legend(orient="top"),
            shape=alt.Shape("machine:N", title=None),
            tooltip=tips("machine", "pays"),
        )
        .properties(width=WIDTH, height=ROW_HEIGHT * rows["pair"].nunique())
    )
    return drawn
