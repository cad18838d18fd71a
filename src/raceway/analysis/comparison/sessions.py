"""The spread between sessions of the same code, which launches of one session cannot show.

Memory layout, placement and neighbours change between sessions, so the launches of a session agree
better with one another than with those of the next. The spread between sessions is taken from like
runs if there are any, else from a prior, and enters every comparison of runs measured apart. Sides
that ran together share it.
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
    """By normalisation and case: the log of a pass in each like run, oldest first."""

PRIORS = {str(Kind.IO): 0.004, str(Kind.CPU): 0.005, str(Kind.TENSOR): 0.006}
"""Standard deviation between quiet sessions beyond what their launches explain, by kind of work on
one core; from seven runs of one commit on two virtual cores."""
PRIOR_ON_CORES = 0.015
"""The same for any work on several cores."""
PRIOR_DEGREES = 12.0
"""Degrees of freedom that the prior counts for."""
FEWEST_RUNS = 4
"""Like runs needed to estimate their spread."""
NORMAL_MAD = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""


@dataclass(frozen=True, slots=True)
class SessionSpread:
    """The spread of a case's level between sessions."""

    variance: float
    """Of logarithms."""
    degrees: float
    seen: bool = False
    """Whether it comes from like runs, not only from the prior."""


def prior_spread(kind: str, *, on_cores: bool) -> SessionSpread:
    """Return the prior for such work."""
    deviation = PRIOR_ON_CORES if on_cores else PRIORS.get(kind, max(PRIORS.values()))
    return SessionSpread(deviation**2, PRIOR_DEGREES)


def spread_seen(
    series: Iterable[Sequence[float]], launch_variance: float, prior: SessionSpread | None
) -> SessionSpread | None:
    """Return the spread between sessions of one class of work; the prior if runs are too few.

    Each of `series` holds a case's levels in like runs, oldest first. `launch_variance`, which the
    scatter of launches explains, is subtracted. Only neighbours are compared, so that a step where
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
    """Return a shift with the error between sessions added, given each side's number of `runs`.

    Errors add up, with degrees of freedom after Satterthwaite (Biometrics Bulletin 2, 1946).
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
    """Return the variance of a level, from the distances of neighbours."""
    steps = [abs(later - former) for former, later in pairwise(levels)]
    return (NORMAL_MAD * median(steps)) ** 2 / 2
