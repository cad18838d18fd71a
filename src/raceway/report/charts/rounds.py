"""The distribution of rounds: every measured time of a heat, thinned where there are too many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from raceway.analysis.timing import launch_time_of
from raceway.report.charts.data import colour, decades, named
from raceway.report.charts.figure import TIP_SECONDS, WIDTH, Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raceway.record import Record
    from raceway.report.charts.figure import Drawing
    from raceway.report.labels import Labels

MOST_SHOWN = 80
"""Rounds of one case; of more, evenly spaced quantiles are shown, the extremes among them."""
ROW_HEIGHT = 34


def round_figures(records: Iterable[Record], label: Labels) -> Iterator[Figure]:
    """Yield the distribution of each heat's rounds."""
    heats: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if record.workload and any(map(launch_time_of, record.launches)):
            heats.setdefault((record.workload, record.size), []).append(record)
    for (workload, size), members in heats.items():
        yield Figure(
            name=f"rounds-{workload}-{size}",
            title=f"{workload}-{size}: every round",
            caption="Each dot is one round; a launch is a fresh set of processes. The scale is"
            " logarithmic.",
            described=f"Distribution of the rounds of {workload}-{size}, a strip a model.",
            chart=rounds_chart(members, label),
            kind=members[0].kind,
            workload=workload,
        )


def rounds_chart(records: Sequence[Record], label: Labels) -> Drawing:
    """Return a strip of dots a case."""
    rows = pd.DataFrame(
        [
            {"case": record.id, "model": record.model, "runner": label(record),
             "interpreter": record.interpreter, "size": record.size,
             "launch": launch, "time_s": time_s}
            for record in records
            for launch, time_s in thinned(list(passes_of(record)))
        ]
    )  # fmt: skip
    drawn: Drawing = (
        alt.Chart(named(rows, "launch", "time_s"))
        .transform_calculate(jitter="random()")
        .mark_circle(size=14, opacity=0.55)
        .encode(
            x=alt.X("time_s:Q", title="time of a pass")
            .scale(type="log", nice=False, padding=8)
            .axis(decades(rows["time_s"], "s")),
            y=alt.Y("runner:N", title=None).axis(labelLimit=200),
            yOffset=alt.YOffset("jitter:Q"),
            color=colour(rows).legend(None),
            tooltip=[
                alt.Tooltip("case:N"),
                alt.Tooltip("launch:N"),
                alt.Tooltip("time_s:Q", title="time (s)", format=TIP_SECONDS),
            ],
        )
        .properties(width=WIDTH, height=ROW_HEIGHT * rows["runner"].nunique())
    )
    return drawn


def passes_of(record: Record) -> Iterator[tuple[int, float]]:
    """Yield the launch and the seconds of a pass of each round that went well."""
    for launch in record.launches:
        if launch_time_of(launch):
            yield from (
                (launch.index + 1, ns / 1e9 / launch.loops) for ns in launch.rounds_ns if ns > 0
            )


def thinned(passes: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return at most so many of the passes, evenly spaced by rank, the extremes among them."""
    ranked = sorted(passes, key=lambda each: each[1])
    if len(ranked) <= MOST_SHOWN:
        return ranked
    step = (len(ranked) - 1) / (MOST_SHOWN - 1)
    return [ranked[round(place * step)] for place in range(MOST_SHOWN)]
