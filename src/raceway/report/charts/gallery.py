"""All charts of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from altair.utils.schemapi import debug_mode

from raceway.analysis.run.frame import frame_of_results
from raceway.analysis.run.results import results_of
from raceway.report.charts.costs import cost_figures
from raceway.report.charts.curves import curve_figures
from raceway.report.charts.latencies import latency_figures
from raceway.report.charts.roofline import roofline_figures
from raceway.report.charts.rounds import round_figures
from raceway.report.charts.scaling import scaling_figures
from raceway.report.charts.sides import interpreter_figures, machine_figures
from raceway.report.charts.speedups import speedup_figures
from raceway.report.charts.words import worded
from raceway.report.format.labels import Labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.results import Result
    from raceway.record import Peak, Run
    from raceway.report.charts.figure import Figure


DRAWABLE = (1e-30, 1e30)
"""The numbers a chart can hold; files of strangers may have others."""


def figures_of(
    run: Run, elsewhere: Sequence[Run] = (), results: Sequence[Result] | None = None
) -> list[Figure]:
    """Return the charts of a run, except the distributions.

    `elsewhere` are runs of other machines to compare with; `results` are the run's, if known.
    """
    frame = charted(run, results_of(run) if results is None else results)
    beside = [charted(each, results_of(each)) for each in elsewhere]
    both = pd.concat([frame, *beside], ignore_index=True)
    with debug_mode(arg=False):  # validation takes longer than everything else
        return [
            *speedup_figures(frame),
            *curve_figures(frame),
            *latency_figures(run.records, Labels(run)),
            *scaling_figures(frame, run.header.machine.usable_cores),
            *roofline_figures(frame, [each for each in run.peaks if is_drawable(each)]),
            *interpreter_figures(frame),
            *machine_figures(both, run.header.machine.id),
            *cost_figures(frame),
        ]


def distributions_of(run: Run) -> list[Figure]:
    """Return the distribution of each group's rounds."""
    with debug_mode(arg=False):
        return list(round_figures(run.records, Labels(run)))


def is_drawable(peak: Peak) -> bool:
    """Whether a chart can hold a peak."""
    low, high = DRAWABLE
    return all(low <= each <= high for each in (peak.flops_per_s, peak.bytes_per_s))


def charted(run: Run, results: Sequence[Result]) -> pd.DataFrame:
    """Return the run's frame with each case's group, label (`runner`) and formatted values.

    Numbers that no chart can hold are left out.
    """
    frame, label = frame_of_results(run, results), Labels(run)
    names = {record.id: label(record) for record in run.records}
    groups = {record.id: record.group for record in run.records}
    amounts, (low, high) = frame.select_dtypes("float64"), DRAWABLE
    sound = amounts.eq(0) | (amounts.abs().ge(low) & amounts.abs().le(high))
    frame[amounts.columns] = amounts.where(sound)
    return worded(frame.reset_index(drop=True)).assign(
        group=frame["case"].map(groups), runner=frame["case"].map(names)
    )
