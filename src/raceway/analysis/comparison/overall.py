"""The verdict on all cases of a comparison together."""

from __future__ import annotations

from collections import defaultdict
from statistics import fmean, median_low
from typing import TYPE_CHECKING

from raceway.analysis.comparison.sessions import apart
from raceway.analysis.comparison.verdicts import shift_between
from raceway.analysis.stats.intervals import centre_of, estimate_around

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.analysis.comparison.samples import LaunchKey, Sample
    from raceway.analysis.comparison.sessions import SessionSpread
    from raceway.analysis.comparison.verdicts import Matchup, Row, Terms
    from raceway.analysis.stats.intervals import Estimate


def overall_of(rows: Sequence[Row], terms: Terms) -> Estimate | None:
    """Return the geometric mean of all ratios with an interval; None if there are none.

    Its error is that of the launches' means over cases, so that what all cases of a launch have in
    common counts in full. Each case is centred first, since launches may lack noisy groups.
    """
    judged = [row.matchup for row in rows if row.p_value is not None]
    middles = [_middle(matchup) for matchup in judged]
    a = _launch_means([matchup.a for matchup in judged], judged, middles)
    b = _launch_means([matchup.b for matchup in judged], judged, middles)
    together = [b[key] - a[key] for key in a if key in b]
    shift = centre_of(together) or shift_between(list(a.values()), list(b.values()))
    if shift and judged and judged[0].sessions:
        shift = apart(shift, _usual_spread(judged), judged[0].runs)
    return estimate_around(shift, terms.confidence) if shift else None


def _usual_spread(matchups: Sequence[Matchup]) -> SessionSpread:
    """Return the usual spread of sessions, which all cases of a session may share."""
    known = [each.sessions for each in matchups if each.sessions]
    usual = median_low(each.variance for each in known)
    return next(each for each in known if each.variance == usual)


def _middle(matchup: Matchup) -> float:
    """Return the middle between the two sides of a case."""
    return fmean(
        fmean(side.logs[matchup.normalisation].values()) for side in (matchup.a, matchup.b)
    )


def _launch_means(
    samples: Sequence[Sample], matchups: Sequence[Matchup], middles: Sequence[float]
) -> Mapping[LaunchKey, float]:
    """Return the mean over centred cases in each launch."""
    levels: defaultdict[LaunchKey, list[float]] = defaultdict(list)
    for sample, matchup, middle in zip(samples, matchups, middles, strict=True):
        for key, value in sample.logs[matchup.normalisation].items():
            levels[key].append(value - middle)
    return {key: fmean(each) for key, each in levels.items()}
