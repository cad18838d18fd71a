"""Cases without launches: which have a ratio, and which are judged by single runs."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.single_runs import EarlierRuns, shift_together, together_text
from raceway.analysis.comparison.verdicts import FEWEST_LAUNCHES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.analysis.comparison.samples import Sample
    from raceway.analysis.comparison.verdicts import Matchup
    from raceway.record import Record


def judged_by_earlier_runs(
    matchups: Sequence[Matchup], levels: Mapping[str, Sequence[float]]
) -> list[Matchup]:
    """Return the cases; plain benchmarks without launches are to be judged by single runs.

    `levels` holds the logarithms of each case's times in like runs.
    """
    newest = {
        each.case: median(each.b.logs[Normalisation.RAW].values())
        for each in matchups
        if _is_single(each)
    }
    earlier = EarlierRuns.of(levels, newest)
    judged = {
        each.case: replace(each, single=earlier.spread(each.case), drift=0.0, drift_cause="")
        for each in matchups
        if each.case in newest
    }
    shifts = [each.shift() for each in judged.values()]
    together = shift_together([shift.log for shift in shifts if shift])
    if together:
        cause = together_text(together)
        judged = {
            case: replace(each, drift=abs(together), drift_cause=cause)
            for case, each in judged.items()
        }
    return [judged.get(each.case, each) for each in matchups]


def no_ratio(a: Sample, b: Sample) -> str:
    """Return why two samples of a case have no ratio; empty if they have."""
    if a.record.is_other_work(b.record.work_digest):
        return "the work differs"
    if any(each.timeless and not each.launches for each in (a, b)):
        return "a time of zero has no ratio"
    figures = {_figure(each.record) for each in (a, b) if each.launches}
    return f"a {' and a '.join(sorted(figures))} do not compare" if len(figures) > 1 else ""


def _is_single(matchup: Matchup) -> bool:
    """Whether a plain benchmark has a time on both sides, and too few launches for a verdict.

    One with enough of them, most of which are too noisy, is told to be that.
    """
    sides = matchup.a, matchup.b
    raw = matchup.normalisation is Normalisation.RAW
    plain = not matchup.b.record.workload
    timed = all(each.launches for each in sides)
    few = min(each.launches + each.noisy for each in sides) < FEWEST_LAUNCHES
    return raw and plain and not matchup.doubt and timed and few


def _figure(record: Record) -> str:
    """Return what the time of a launch is: `median`, or what another tool tells instead."""
    told = [launch.told.middle for launch in record.launches if launch.told]
    return told[0][0] if told and told[0] else "median"
