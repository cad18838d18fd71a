"""Interpreters and machines side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.report.charts.data import NAMED, colour, rows_for, shape
from raceway.report.charts.figure import TIP_RATIO, WIDTH, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from raceway.report.charts.figure import Drawing

ROW_HEIGHT = 20
CASE = ["workload", "size", "model", "workers", "device"]
"""What a case is, but for its interpreter."""


def interpreter_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield a chart for each interpreter of a run but the first, against the first."""
    timed = frame[frame["per_pass_s"].notna() & ~frame["computed"]]
    labels = list(dict.fromkeys(timed["interpreter"]))
    for label in labels[1:]:
        first = timed[timed["interpreter"] == labels[0]].set_index(CASE)["per_pass_s"]
        other = timed[timed["interpreter"] == label].set_index(CASE, drop=False)
        paired = other.assign(ratio=first / other["per_pass_s"]).dropna(subset=["ratio"])
        if len(paired):
            yield Figure(
                name=f"interpreters-{label}",
                title=f"{label} against {labels[0]}",
                caption=f"Right of 1 {label} is faster; medians, without intervals: a duel tells"
                " them apart.",
                described=f"How many times faster {label} is than {labels[0]}, a dot a case.",
                rows=rows_for(paired.reset_index(drop=True), "heat", "ratio"),
                chart=ratio_chart(
                    paired.reset_index(drop=True), f"time on {labels[0]} over {label}"
                ),
            )


def machine_figures(frame: pd.DataFrame) -> Iterator[Figure]:
    """Yield speedup and share of the limit of cases that several machines have measured."""
    for field, title, words in (
        ("speedup", "Speedup by machine", "speedup over serial"),
        ("share_of_limit", "Share of the limit by machine", "share of the limit"),
    ):
        known = frame[frame[field].gt(0)]
        machines = known.groupby("case")["machine"].transform("nunique")
        shared = known[machines > 1]
        if len(shared):
            yield Figure(
                name=f"machines-{field.replace('_', '-')}",
                title=title,
                caption="Figures without a unit, so that machines can be compared at all.",
                described=f"{words} of each case, a dot a machine.",
                rows=rows_for(shared.rename(columns={field: "ratio"}), "machine", "ratio"),
                chart=machine_chart(shared, words),
            )


def ratio_chart(rows: pd.DataFrame, title: str) -> Drawing:
    """Return a dot a case, by heat, over a line at 1."""
    dots = (
        alt.Chart(NAMED)
        .mark_point(filled=True, size=60)
        .encode(
            x=alt.X("ratio:Q", title=title).scale(type="log", nice=False, padding=12),
            y=alt.Y("heat:N", title=None, sort=list(dict.fromkeys(rows["heat"]))),
            color=colour(rows),
            shape=shape(rows),
            tooltip=[alt.Tooltip("case:N"), alt.Tooltip("ratio:Q", format=TIP_RATIO)],
        )
    )
    one = alt.Chart(alt.InlineData(values=[{"one": 1}])).mark_rule(color="#8a8a8a")
    height = ROW_HEIGHT * rows["heat"].nunique()
    return alt.layer(one.encode(x=alt.X("one:Q")), dots).properties(width=WIDTH, height=height)


def machine_chart(rows: pd.DataFrame, title: str) -> Drawing:
    """Return a dot a case and machine."""
    drawn: Drawing = (
        alt.Chart(NAMED)
        .mark_point(filled=True, size=60)
        .encode(
            x=alt.X("ratio:Q", title=title).scale(type="log", nice=False, padding=12),
            y=alt.Y("case:N", title=None).axis(labelLimit=260),
            color=alt.Color("machine:N", title=None).scale(scheme="dark2").legend(orient="top"),
            shape=alt.Shape("machine:N", title=None),
            tooltip=[alt.Tooltip("machine:N"), alt.Tooltip("ratio:Q", format=TIP_RATIO)],
        )
        .properties(width=WIDTH, height=ROW_HEIGHT * rows["case"].nunique())
    )
    return drawn
