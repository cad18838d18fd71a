"""The verdict on each case: faster, slower, same, or unclear."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.sessions import apart
from raceway.analysis.comparison.single_runs import PRIOR_CONFIDENCE, single_shift
from raceway.analysis.run.speedup import paired
from raceway.analysis.stats.intervals import CONFIDENCE, Estimate, centre_of, estimate_around
from raceway.analysis.stats.shift import adjusted, between, chance_within, smallest_seen
from raceway.analysis.stats.shrinkage import shrunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.samples import Sample
    from raceway.analysis.comparison.sessions import SessionSpread
    from raceway.analysis.stats.intervals import Centre
    from raceway.analysis.stats.shrinkage import Prior

THRESHOLD = 0.02
"""The smallest change that counts, as a share."""
FEWEST_LAUNCHES = 3
"""Needed on each side for any verdict but `unclear`."""


class Verdict(StrEnum):
    """The verdict on B against A."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    """Shown to be within the threshold."""
    UNCLEAR = "unclear"
    MISSING = "missing"
    """Measured on side A only."""
    NEW = "new"
    """Measured on side B only."""


JUDGED = frozenset({Verdict.SLOWER, Verdict.FASTER, Verdict.SAME})
"""The verdicts that answer whether a case changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What counts as a change, and with which confidence."""

    threshold: float = THRESHOLD
    """The smallest change that counts: 0.02 means a ratio of 1.02, or of 1/1.02."""
    confidence: float = CONFIDENCE

    @property
    def bound(self) -> float:
        """The threshold as a logarithm."""
        return log(1 + self.threshold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matchup:
    """One case on both sides, and how they are compared."""

    a: Sample
    b: Sample
    normalisation: Normalisation
    drift: float = 0.0
    """The logarithm by which a side may have shifted regardless of the code; 0 if it cannot."""
    drift_cause: str = ""
    """The cause of such a shift, in words."""
    prior: Prior | None = None
    """The usual scatter of such launches, to shrink that of these few."""
    sessions: SessionSpread | None = None
    """The spread between sessions; None if both sides ran together."""
    runs: tuple[int, int] = (1, 1)
    """Sessions on each side."""
    single: SessionSpread | None = None
    """How far single runs lie apart, if the case has no launches and is judged by that."""
    doubt: str = ""
    """Why there can be no verdict; empty if there can."""

    @property
    def case(self) -> str:
        """The name of the case in the comparison."""
        return self.b.name

    def shift(self) -> Centre | None:
        """Return the logarithm of B's time over A's; None with fewer than two launches per side.

        If enough launches ran side by side, they are compared one by one, turn by turn.
        """
        shared = [key for key in self.a.times if key in self.b.times]
        if len(shared) >= FEWEST_LAUNCHES:
            return centre_of([log(paired(self.b.times[key], self.a.times[key])) for key in shared])
        logs_a, logs_b = (
            self.a.logs.get(self.normalisation, {}),
            self.b.logs.get(self.normalisation, {}),
        )
        if self.single:
            return single_shift(list(logs_a.values()), list(logs_b.values()), self.single)
        shift = shift_between(list(logs_a.values()), list(logs_b.values()), self.prior)
        return apart(shift, self.sessions, self.runs) if shift else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One case of a comparison."""

    matchup: Matchup
    verdict: Verdict
    reason: str = ""
    """Why it is unclear, missing or new."""
    estimate: Estimate | None = None
    """B's time over A's, with its interval."""
    detectable: float | None = None
    """The smallest true ratio above 1 that would have been called slower in 80 % of cases."""
    p_value: float | None = None
    """For a true change within the threshold, adjusted for the number of cases."""

    @property
    def case(self) -> str:
        """The name of the case in the comparison."""
        return self.matchup.case

    @property
    def single_runs(self) -> bool:
        """Whether it is judged by how far single runs lie apart, for want of launches."""
        return self.matchup.single is not None


def shift_between(
    a: Sequence[float], b: Sequence[float], prior: Prior | None = None
) -> Centre | None:
    """Return the shift between launches measured apart; None with fewer than two per side."""
    centres = [centre_of(logs) for logs in (a, b)]
    known = [shrunk(centre, prior) for centre in centres if centre]
    return between(*known) if len(known) == len(centres) else None


def rows_of(matchups: Sequence[Matchup], terms: Terms) -> list[Row]:
    """Return the verdict on each case; p-values are adjusted for the cases of the call."""
    shifts = [None if _obstacle(each) else each.shift() for each in matchups]
    chances = {
        place: chance_within(shift, terms.bound + matchup.drift)
        for place, (matchup, shift) in enumerate(zip(matchups, shifts, strict=True))
        if shift
    }
    family = [place for place in chances if not _by_prior(matchups[place])]
    chances |= zip(family, adjusted([chances[place] for place in family]), strict=True)
    return [
        _judged(matchup, shift, chances[place], _terms_of(matchup, terms))
        if shift
        else _undecided(matchup)
        for place, (matchup, shift) in enumerate(zip(matchups, shifts, strict=True))
    ]


def _by_prior(matchup: Matchup) -> bool:
    """Whether there are neither launches nor earlier runs."""
    return matchup.single is not None and not matchup.single.seen


def _terms_of(matchup: Matchup, terms: Terms) -> Terms:
    if not _by_prior(matchup):
        return terms
    return replace(terms, confidence=max(terms.confidence, PRIOR_CONFIDENCE))


def _judged(matchup: Matchup, shift: Centre, p_value: float, terms: Terms) -> Row:
    bound, half_width = terms.bound + matchup.drift, shift.half_width(terms.confidence)
    low, high = shift.log - half_width, shift.log + half_width
    significant = p_value <= 1 - terms.confidence
    if significant and low > bound:
        verdict = Verdict.SLOWER
    elif significant and high < -bound:
        verdict = Verdict.FASTER
    elif not matchup.drift and -terms.bound <= low and high <= terms.bound:
        verdict = Verdict.SAME
    else:
        verdict = Verdict.UNCLEAR
    return Row(
        matchup=matchup,
        verdict=verdict,
        reason=_why_unclear(matchup, shift, terms) if verdict is Verdict.UNCLEAR else "",
        estimate=estimate_around(shift, terms.confidence),
        detectable=smallest_seen(shift, bound, terms.confidence),
        p_value=p_value,
    )


def _why_unclear(matchup: Matchup, shift: Centre, terms: Terms) -> str:
    if matchup.drift and abs(shift.log) - shift.half_width(terms.confidence) <= matchup.drift:
        return matchup.drift_cause
    return "the interval is too wide"


def _undecided(matchup: Matchup) -> Row:
    a, b = matchup.a, matchup.b
    if a.raced and not b.raced:
        return Row(matchup=matchup, verdict=Verdict.MISSING, reason=_fate(b))
    if b.raced and not a.raced:
        return Row(matchup=matchup, verdict=Verdict.NEW, reason=_fate(a))
    rough = None if matchup.doubt else _rough(matchup)
    return Row(matchup=matchup, verdict=Verdict.UNCLEAR, reason=_obstacle(matchup), estimate=rough)


def _rough(matchup: Matchup) -> Estimate | None:
    """Return the ratio from too few or too noisy launches; None if there are none."""
    a, b = matchup.a, matchup.b
    logs_a, logs_b = (side.logs.get(matchup.normalisation) for side in (a, b))
    if logs_a and logs_b:
        ratio = exp(median(logs_b.values()) - median(logs_a.values()))
    elif matchup.normalisation is not Normalisation.SERIAL and a.pass_s and b.pass_s:
        ratio = b.pass_s / a.pass_s
    else:
        return None
    return Estimate(ratio, None, None, min(a.launches, b.launches))


def _fate(sample: Sample) -> str:
    """Return why a case was not measured on one side."""
    record = sample.record
    if record.reason:
        return f"{record.status}: {record.reason}"
    return str(record.status) if sample.failed else ""


def _obstacle(matchup: Matchup) -> str:
    """Return why there can be no interval; empty if there can."""
    fewest = min(len(side.logs.get(matchup.normalisation, ())) for side in (matchup.a, matchup.b))
    if not (matchup.a.raced and matchup.b.raced):
        return "not measured on both sides"
    if matchup.doubt:
        return matchup.doubt
    if matchup.single:
        return ""
    if fewest < FEWEST_LAUNCHES and (matchup.a.noisy or matchup.b.noisy):
        return "too noisy"
    if fewest < FEWEST_LAUNCHES:
        return f"{fewest} of the {FEWEST_LAUNCHES} launches a verdict needs"
    return ""
