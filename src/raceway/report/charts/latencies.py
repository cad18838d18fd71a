"""How long single tasks that wait took, as percentile curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from raceway.analysis.run.latency import latency_of
from raceway.report.charts.data import DIGITS, NAMED, colour, decades, faded, shape
from raceway.report.charts.figure import HEIGHT, TIP_SECONDS, WIDTH, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.record import Record
    from raceway.report.charts.figure import Drawing
    from raceway.report.format.labels import Labels

SHORTEST_S = 1e-9
"""A logarithmic axis has no place for 0."""
MARKS = (1, 2, *(10**power for power in range(1, 10)))
"""One task of so many took longer: 0, 50, 90, 99 % and so on were answered."""


def latency_figures(records: Sequence[Record], label: Labels) -> Iterator[Figure]:
    """Yield a chart for each group in which single tasks were timed."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        if record.workload and latency_of(record):
            groups.setdefault(record.group, []).append(record)
    for group, members in groups.items():
        rows = [row_of(record, label(record)) for record in members]
        yield Figure(
            name=f"latency-{group}",
            title=f"{group}: time from hand-over to answer",
            caption="Lower is faster, flatter is steadier. At 95 %, nineteen of twenty tasks had"
            " their answer within that time of being handed to the model; it holds the waiting for"
            " a free worker.",
            described=f"Percentiles of the latency of {group}, one line per model; the table below"
            " has the most used of them.",
            chart=latency_chart(rows),
            rows=rows,
            kind=members[0].kind,
            workload=members[0].workload,
        )


def row_of(record: Record, runner: str) -> dict[str, Any]:
    """Return a case with its curve as parallel lists: one task of `of` took longer than `time_s`.

    Empty lists if no task was timed.
    """
    latency = latency_of(record)
    points = list(latency.curve()) if latency else []
    return {
        "kind": record.kind, "model": record.model, "size": record.size, "case": record.id,
        "interpreter": record.interpreter, "runner": runner, "workers": record.workers,
        "of": [_short(1 / (1 - share)) for share, _ in points],
        "time_s": [_short(max(time_s, SHORTEST_S)) for _, time_s in points],
    }  # fmt: skip


def latency_chart(rows: Sequence[dict[str, Any]]) -> Drawing:
    """Return a line per case over the share of tasks answered; both axes logarithmic."""
    frame = pd.DataFrame(rows)
    most = max(max(row["of"]) for row in rows)
    toggled = alt.selection_point(fields=["model"], bind="legend", name="models")
    opacity = faded(toggled, 1.0, 0.08)
    x = alt.X("of:Q", title="share of tasks answered").scale(type="log", nice=False, padding=8)
    x = x.axis(
        values=[mark for mark in MARKS if mark <= most],
        labelExpr="format(1 - 1 / datum.value, '.8~%')",
    )
    y = alt.Y("time_s:Q", title="time from hand-over to answer")
    y = y.scale(type="log", nice=False, padding=12)
    y = y.axis(decades((time_s for row in rows for time_s in row["time_s"]), "s"))
    base = (
        alt.Chart(NAMED)
        .transform_flatten(["of", "time_s"])
        .transform_calculate(answered="format(1 - 1 / datum.of, '.4~%')")
        .encode(x, y, color=colour(frame))
    )
    lines = base.mark_line().encode(detail=alt.Detail("runner:N"), opacity=opacity, **_dash(frame))
    points = base.mark_point(filled=True, size=22).encode(
        shape=shape(frame),
        opacity=opacity,
        tooltip=[
            alt.Tooltip("runner:N", title="model"),
            alt.Tooltip("answered:N", title="tasks answered"),
            alt.Tooltip("time_s:Q", title="within (s)", format=TIP_SECONDS),
        ],
    )
    drawn = alt.layer(lines, points.add_params(toggled))
    return drawn.properties(width=WIDTH, height=HEIGHT)


def _dash(frame: pd.DataFrame) -> dict[str, alt.StrokeDash]:
    """Return the line style encoding of what tells a model's cases apart, if it has several."""
    for field, title in (("workers", "workers"), ("interpreter", None)):
        if frame.groupby("model")[field].nunique().max() > 1:
            legend = alt.Legend(orient="top", title=title)
            values = sorted(set(frame[field]))
            return {"strokeDash": alt.StrokeDash(f"{field}:N", legend=legend).scale(domain=values)}
    return {}


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
