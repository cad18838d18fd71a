"""How far sessions differ though nothing changed: what launches of one session cannot show.

Memory layout, placement and neighbours change from one session to the next, so that launches of a
session agree better with one another than with those of the next. The spread between sessions is
taken from like runs where there are some, else from what was seen of such work elsewhere, and
enters every comparison of runs measured apart; sides that ran together have it in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.stats.intervals import Centre
from raceway.case import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from raceway.analysis.comparison.normalisation import Normalisation

    PastLevels = Mapping[Normalisation, Mapping[str, Sequence[float]]]
    """Of like runs, oldest first: by normalisation and case, the log of a pass in each run."""

PRIORS = {str(Kind.IO): 0.004, str(Kind.CPU): 0.005, str(Kind.TENSOR): 0.006}
"""Standard deviation between quiet sessions beyond what their launches explain, by kind of work on
one core; seen on seven runs of one commit on two virtual cores."""
PRIOR_ON_CORES = 0.015
"""The same of any work on several cores."""
PRIOR_DEGREES = 12.0
"""How many sessions what was seen elsewhere is worth."""
FEWEST_RUNS = 4
"""Like runs from which on they tell their spread."""
NORMAL_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


@dataclass(frozen=True, slots=True)
class SessionSpread:
    """How far the level of a case lies apart from one session to the next."""

    variance: float
    """Of logarithms."""
    degrees: float
    seen: bool = False
    """Whether like runs told it, and not only what is usual elsewhere."""


def prior_spread(kind: str, *, on_cores: bool) -> SessionSpread:
    """Return what was seen elsewhere of such work."""
    deviation = PRIOR_ON_CORES if on_cores else PRIORS.get(kind, max(PRIORS.values()))
    return SessionSpread(deviation**2, PRIOR_DEGREES)


def spread_seen(
    series: Iterable[Sequence[float]], launch_variance: float, prior: SessionSpread | None
) -> SessionSpread | None:
    """Return how far sessions of one class of work lie apart; the prior if too few runs tell.

    `series` holds a case each: its levels in like runs, oldest first. What scatter of launches
    explains, `launch_variance`, is taken off. Only neighbours are compared, so that a step where
    the code changed hardly counts.
    """
    enough = [each for each in series if len(each) >= FEWEST_RUNS]
    if not enough:
        return prior
    total = median(_neighbour_variance(each) for each in enough)
    seen, degrees = max(total - launch_variance, 0.0), max(map(len, enough)) - 1.0
    if prior is None:
        return SessionSpread(max(seen, total / 2), degrees, seen=True)
    weight = prior.degrees + degrees
    pooled = (prior.degrees * prior.variance + degrees * seen) / weight
    return SessionSpread(pooled, weight, seen=True)


def apart(shift: Centre, spread: SessionSpread | None, runs: tuple[int, int]) -> Centre:
    """Return a shift between so many sessions a side with the error of sessions in it.

    Errors add up, degrees of freedom by Satterthwaite (Biometrics Bulletin 2, 1946).
    """
    if spread is None:
        return shift
    between = spread.variance * sum(1 / each for each in runs)
    variance = shift.error**2 + between
    if variance <= 0:
        return shift
    spent = shift.error**4 / shift.degrees + between**2 / spread.degrees
    return Centre(shift.log, variance**0.5, variance**2 / spent, shift.launches)


def _neighbour_variance(levels: Sequence[float]) -> float:
    """Return the variance of one level, by how far neighbours lie apart."""
    steps = [abs(later - former) for former, later in pairwise(levels)]
    return (NORMAL_MAD * median(steps)) ** 2 / 2
