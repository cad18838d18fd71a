"""How much each case changed from side A to side B."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.report.charts.data import NAMED
from raceway.report.charts.figure import TIP_RATIO, WIDTH, Figure
from raceway.report.format.sanitize import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.comparison.verdicts import Row
    from raceway.report.charts.figure import Drawing

ROW_HEIGHT = 15
LABEL_WIDTH = 330
"""Pixels, for the longest name shown."""
LABEL = (
    "length(datum.label) > 48"
    " ? slice(datum.label, 0, 15) + '…' + slice(datum.label, -32) : datum.label"
)
"""A long name without its middle: names of tests differ at their ends."""
COLOURS = {
    "slower": "#d55e00", "faster": "#00a37a", "unclear": "#b8860b", "same": "#8a8a8a",
    "missing": "#cc79a7", "new": "#2b8fd0",
}  # fmt: skip


def change_figures(rows: Sequence[Row], threshold: float) -> Iterator[Figure]:
    """Yield the chart, if any case has a ratio with an interval."""
    known = [
        {
            "case": printable(row.case),
            "kind": printable(row.matchup.b.record.kind),
            "model": printable(row.matchup.b.record.model),
            "size": printable(row.matchup.b.record.size),
            "interpreter": printable(row.matchup.b.record.interpreter),
            "verdict": str(row.verdict),
            "ratio": row.estimate.centre,
            "low": row.estimate.low,
            "high": row.estimate.high,
        }
        for row in rows
        if row.estimate and row.estimate.low is not None
    ]
    if known:
        yield Figure(
            name="changes",
            title="Change by case",
            caption="B's time over A's, with its interval. Right of 1 is slower; the band is the"
            " threshold.",
            described="Ratio of B's time to A's for each case, with its interval; the table below"
            " has the same numbers.",
            chart=change_chart([str(row["case"]) for row in known], threshold),
            rows=known,
        )


def change_chart(cases: Sequence[str], threshold: float) -> Drawing:
    """Return a point and an interval per case on a logarithmic scale, and the threshold's band."""
    set_by_reader = alt.param(name="threshold", value=threshold)
    x = alt.X("ratio:Q", title="B's time over A's").scale(type="log", nice=False, padding=12)
    x = x.axis(orient="top", format=".3~r")
    base = alt.Chart(NAMED).encode(
        y=alt.Y("case:N", title=None, sort=list(cases)).axis(
            labelLimit=LABEL_WIDTH, labelExpr=LABEL
        ),
        color=alt.Color("verdict:N", title=None).scale(
            domain=list(COLOURS), range=list(COLOURS.values())
        ).legend(orient="top"),
    )  # fmt: skip
    band = (
        alt.Chart(alt.InlineData(values=[{"at": 0}]))
        .transform_calculate(from_ratio="1 / (1 + threshold)", to_ratio="1 + threshold")
        .mark_rect(opacity=0.18, color="#8a8a8a")
        .encode(x=alt.X("from_ratio:Q"), x2=alt.X2("to_ratio:Q"))
    )
    intervals = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"))
    points = base.mark_point(filled=True, size=40).encode(
        x,
        tooltip=[
            alt.Tooltip("case:N"),
            alt.Tooltip("verdict:N"),
            alt.Tooltip("ratio:Q", format=TIP_RATIO),
            alt.Tooltip("low:Q", title="from", format=TIP_RATIO),
            alt.Tooltip("high:Q", title="to", format=TIP_RATIO),
        ],
    )
    drawn = alt.layer(band, intervals, points).add_params(set_by_reader)
    return drawn.properties(width=WIDTH, height=ROW_HEIGHT * len(cases))
