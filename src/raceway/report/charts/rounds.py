"""The distribution of a group's rounds, thinned if there are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import altair as alt

from raceway.analysis.run.timing import launch_time_of
from raceway.report.charts.data import DIGITS, NAMED
from raceway.report.charts.figure import TIP_SECONDS, WIDTH, Figure
from raceway.report.charts.palette import colours_of
from raceway.report.format.thinning import thinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raceway.record import Record
    from raceway.report.charts.figure import Drawing
    from raceway.report.format.labels import Labels

MOST_SHOWN = 6_000
"""Rounds of all cases together; beyond, evenly spaced quantiles and the extremes are shown."""
MOST_OF_ONE, FEWEST_OF_ONE = 80, 8
"""Rounds shown of one case."""
ROW_HEIGHT = 34


def round_figures(records: Sequence[Record], label: Labels) -> Iterator[Figure]:
    """Yield the distribution of each group's rounds, each on a scale of its own."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        if record.workload and any(map(launch_time_of, record.launches)):
            groups.setdefault(record.group, []).append(record)
    raced = [record for members in groups.values() for record in members]
    if not raced:
        return
    most = min(max(MOST_SHOWN // len(raced), FEWEST_OF_ONE), MOST_OF_ONE)
    drawn = rounds_chart(colours_of(record.model for record in raced)).to_dict(validate=False)
    for group, members in groups.items():
        rows = [row_of(record, label(record), most) for record in members]
        height = ROW_HEIGHT * len({row["runner"] for row in rows})
        yield Figure(
            name=f"rounds-{group}",
            title=f"{group}: every round",
            caption="Each dot is one round; a launch is a fresh set of processes. The scale is"
            " logarithmic.",
            described=f"Distribution of the rounds of {group}, one strip per model.",
            chart={**drawn, "height": height},
            rows=rows,
            kind=members[0].kind,
            workload=members[0].workload,
        )


def rounds_chart(colours: Mapping[str, str]) -> Drawing:
    """Return one strip of dots per case; slow to make, so one serves the rows of all groups."""
    axis = alt.Axis(format="~s", labelExpr="datum.label + 's'", labelOverlap="greedy", tickCount=6)
    drawn: Drawing = (
        alt.Chart(NAMED)
        .transform_flatten(["launch", "time_s"])
        .transform_calculate(jitter="random()")
        .mark_circle(size=14, opacity=0.55)
        .encode(
            x=alt.X("time_s:Q", title="time per pass")
            .scale(type="log", nice=False, padding=8)
            .axis(axis),
            y=alt.Y("runner:N", title=None).axis(labelLimit=200),
            yOffset=alt.YOffset("jitter:Q"),
            color=alt.Color("model:N", legend=None).scale(
                domain=list(colours), range=list(colours.values())
            ),
            tooltip=[
                alt.Tooltip("runner:N", title="model"),
                alt.Tooltip("launch:N"),
                alt.Tooltip("time_s:Q", title="time per pass (s)", format=TIP_SECONDS),
            ],
        )
        .properties(width=WIDTH)
    )
    return drawn


def row_of(record: Record, runner: str, most: int) -> dict[str, Any]:
    """Return a case with at most `most` rounds as parallel lists, `launch` and `time_s`."""
    shown = thinned(sorted(passes_of(record), key=lambda each: each[1]), most)
    return {
        "model": record.model, "runner": runner, "interpreter": record.interpreter,
        "size": record.size, "launch": [launch for launch, _ in shown],
        "time_s": [float(f"{time_s:.{DIGITS}g}") for _, time_s in shown],
    }  # fmt: skip


def passes_of(record: Record) -> Iterator[tuple[int, float]]:
    """Yield the launch and the seconds per pass of each valid round."""
    for launch in record.launches:
        if launch_time_of(launch):
            yield from (
                (launch.index + 1, ns / 1e9 / launch.loops) for ns in launch.rounds_ns if ns > 0
            )
