"""All charts of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from altair.utils.schemapi import debug_mode

from raceway.analysis.frame import frame_of
from raceway.report.charts.costs import cost_figures
from raceway.report.charts.curves import curve_figures
from raceway.report.charts.roofline import roofline_figures
from raceway.report.charts.rounds import round_figures
from raceway.report.charts.scaling import scaling_figures
from raceway.report.charts.sides import interpreter_figures, machine_figures
from raceway.report.charts.speedups import speedup_figures
from raceway.report.labels import Labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import Run
    from raceway.report.charts.figure import Figure


def figures_of(run: Run, elsewhere: Sequence[Run] = ()) -> list[Figure]:
    """Return the charts of a run that say which model, from which size, and at what cost.

    `elsewhere` are runs of other machines to stand beside it.
    """
    frame = charted(run)
    both = pd.concat([frame, *map(charted, elsewhere)], ignore_index=True)
    with debug_mode(arg=False):  # checking each part of a chart takes longer than all the rest
        return [
            *speedup_figures(frame),
            *curve_figures(frame),
            *scaling_figures(frame, run.header.machine.usable_cores),
            *roofline_figures(frame, run.peaks),
            *interpreter_figures(frame),
            *machine_figures(both, run.header.machine.id),
            *cost_figures(frame),
        ]


def distributions_of(run: Run) -> list[Figure]:
    """Return the distribution of each heat's rounds: large, and for those who ask."""
    with debug_mode(arg=False):
        return list(round_figures(run.records, Labels(run)))


def charted(run: Run) -> pd.DataFrame:
    """Return the run's frame, with each case's heat and the name it is shown by."""
    frame, label = frame_of(run), Labels(run)
    names = {record.id: label(record) for record in run.records}
    return frame.reset_index(drop=True).assign(
        heat=frame["workload"] + "-" + frame["size"], runner=frame["case"].map(names)
    )
