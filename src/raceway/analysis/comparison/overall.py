"""What may be said of all cases of a comparison together."""

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
    """Return the geometric mean of all ratios that have an interval; None if none has.

    Its error is that of the mean over cases in each launch, so that what all cases of a launch
    have in common counts in full. Each case counts from its own middle, since a launch may lack
    cases whose groups were too noisy.
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
    """Return how far sessions usually lie apart: all cases of a session may do so together."""
    known = [each.sessions for each in matchups if each.sessions]
    usual = median_low(each.variance for each in known)
    return next(each for each in known if each.variance == usual)


def _middle(matchup: Matchup) -> float:
    """Return the middle between both sides of a case."""
    return fmean(
        fmean(side.logs[matchup.normalisation].values()) for side in (matchup.a, matchup.b)
    )


def _launch_means(
    samples: Sequence[Sample], matchups: Sequence[Matchup], middles: Sequence[float]
) -> Mapping[LaunchKey, float]:
    """Return the mean over cases in each launch, each case less its middle."""
    levels: defaultdict[LaunchKey, list[float]] = defaultdict(list)
    for sample, matchup, middle in zip(samples, matchups, middles, strict=True):
        for key, value in sample.logs[matchup.normalisation].items():
            levels[key].append(value - middle)
    return {key: fmean(each) for key, each in levels.items()}
