"""Tensor work against the device's peaks: operations per second over operations per byte.

The roofline model (Williams, Waterman and Patterson, CACM 52, 2009).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from raceway.report.charts.data import NAMED, colour, decades, rows_for, shape
from raceway.report.charts.figure import HEIGHT, WIDTH, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from raceway.record import Peak
    from raceway.report.charts.figure import Drawing

GIGA = 1e9


def roofline_figures(frame: pd.DataFrame, peaks: Sequence[Peak]) -> Iterator[Figure]:
    """Yield a roofline for each device and interpreter whose peaks were measured."""
    rows = frame[frame["per_pass_s"].notna() & frame["flops"].ge(1) & frame["moved_bytes"].ge(1)]
    widest = {
        (each.device, each.interpreter, each.precision): each
        for each in sorted(peaks, key=lambda each: each.workers)
    }
    for peak in widest.values():
        own = rows["device"].eq(peak.device) & rows["interpreter"].eq(peak.interpreter)
        own &= rows["precision"].eq(peak.precision)
        if own.any():
            shown = placed(rows[own])
            title = f"Roofline of {peak.device}, {peak.precision}"
            yield Figure(
                name=f"roofline-{peak.device}-{peak.interpreter}-{peak.precision}",
                title=title,
                caption="The closer a point is to the roof, the closer to what the device can do."
                " The slope is memory bandwidth, the flat part arithmetic.",
                described=f"{title}: operations per second of each case over operations per byte.",
                chart=roofline_chart(shown, peak),
                rows=rows_for(shown, "intensity", "gflops", "share_of_limit"),
                kind="tensor",
            )


def placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with operations per byte (`intensity`), and Gflop/s (`gflops`)."""
    return rows.assign(
        intensity=rows["flops"] / rows["moved_bytes"],
        gflops=rows["flops"] / rows["per_pass_s"] / GIGA,
    )


def roofline_chart(shown: pd.DataFrame, peak: Peak) -> Drawing:
    """Return the cases below the roof of a device."""
    ridge = peak.flops_per_s / peak.bytes_per_s
    least, most = shown["intensity"].min(), shown["intensity"].max()
    edges = [min(least, ridge) / 2, ridge, max(most, ridge) * 2]
    roof = [min(edge * peak.bytes_per_s, peak.flops_per_s) / GIGA for edge in edges]
    slopes = [{"intensity": edge, "roof": height} for edge, height in zip(edges, roof, strict=True)]
    x = alt.X("intensity:Q", title="operations per byte").scale(type="log", nice=False)
    x = x.axis(decades(edges, ""))
    y = alt.Y("roof:Q", title="Gflop/s").scale(type="log", nice=False, padding=12)
    y = y.axis(decades([*roof, *shown["gflops"]], ""))
    line = (
        alt.Chart(alt.InlineData(values=slopes))
        .mark_line(strokeWidth=2, color="#8a8a8a")
        .encode(x, y)
    )
    points = (
        alt.Chart(NAMED)
        .mark_point(filled=True, size=70, opacity=1)
        .encode(
            x,
            y=alt.Y("gflops:Q"),
            color=colour(shown),
            shape=shape(shown),
            tooltip=[
                alt.Tooltip("case:N"),
                alt.Tooltip("gflops:Q", title="Gflop/s", format=".4~r"),
                alt.Tooltip("share_of_limit:Q", title="share of limit", format=".0%"),
            ],
        )
    )
    return alt.layer(line, points).properties(width=WIDTH, height=HEIGHT)
