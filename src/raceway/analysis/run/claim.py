"""What a claim about concurrency is, and how the cases of a run hold or break it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from raceway.analysis.run.payoff import Payoff, payoff_of
from raceway.analysis.run.plausible import MOST_WAITING, is_too_good, waiting_share
from raceway.analysis.run.ranking import is_telling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate

OVER_SERIAL = "speedup over serial"
COMPUTES_S = 10e-6
"""A shorter task costs less than handing it over: it shows what that costs, not how work runs."""
TOLD = {Payoff.PAYS: True, Payoff.AS_SERIAL: False}


class ClaimResult(StrEnum):
    """The finding on a claim."""

    HOLDS = "holds"
    FAILS = "does not hold"
    UNTESTED = "cannot be tested here"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEvidence:
    """One case for or against a claim."""

    result: Result
    value: float
    """A ratio, or cores kept busy."""
    estimate: Estimate | None = None
    """The ratio with its interval; None for cores."""
    agrees: bool | None = None
    """Whether it agrees with the claim; None if unclear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim, tested."""

    text: str
    finding: ClaimResult
    measured: str
    """What the values of the evidence are."""
    evidence: tuple[ClaimEvidence, ...] = ()
    reason: str = ""
    """Why it cannot be tested."""


def tested(text: str, measured: str, found: Iterable[ClaimEvidence], otherwise: str) -> Claim:
    """Return the claim, which holds if all clear evidence agrees."""
    evidence = tuple(found)
    told = [each.agrees for each in evidence if each.agrees is not None]
    if not told:
        reason = "too few launches to tell" if evidence else otherwise
        return Claim(text=text, finding=ClaimResult.UNTESTED, measured=measured,
                     evidence=evidence, reason=reason)  # fmt: skip
    finding = ClaimResult.HOLDS if all(told) else ClaimResult.FAILS
    return Claim(text=text, finding=finding, measured=measured, evidence=evidence)


def tells(result: Result) -> bool:
    """Whether a case may speak for or against any claim."""
    possible = not is_too_good(result) and waiting_share(result) <= MOST_WAITING
    return is_telling(result) and possible


def computes(result: Result) -> bool:
    """Whether its tasks take long enough to be work; so they do if serial has no time."""
    pass_s = result.serial.pass_s
    return pass_s is None or pass_s / result.record.tasks >= COMPUTES_S


def paying(results: Sequence[Result]) -> list[ClaimEvidence]:
    """Return the best case of each workload and interpreter: it pays, or none does."""
    best: dict[tuple[str, str], Result] = {}
    for each in results:
        key = (each.record.workload, each.record.interpreter)
        if each.speedup and (key not in best or each.speedup.centre > _speedup(best[key])):
            best[key] = each
    return [by_speedup(each, above) for each in best.values()]


def by_speedup(result: Result, told: Callable[[Result], bool | None]) -> ClaimEvidence:
    """Return a case's speedup over serial as evidence."""
    return ClaimEvidence(
        result=result,
        value=_speedup(result),
        estimate=result.speedup,
        agrees=told(result),
    )


def by_ratio(result: Result, ratio: Estimate) -> ClaimEvidence:
    """Return a ratio as evidence that agrees if it is shown to be above 1."""
    return ClaimEvidence(
        result=result, value=ratio.centre, estimate=ratio, agrees=TOLD.get(payoff_of(ratio))
    )


def above(result: Result) -> bool | None:
    """Whether a speedup surely pays; None if unclear."""
    bias = result.bias
    return TOLD.get(payoff_of(result.speedup, flattered=bias.flattered, slowed=bias.slowed))


def not_above(result: Result) -> bool | None:
    """Whether a speedup surely does not pay; None if unclear."""
    pays = above(result)
    return None if pays is None else not pays


def _speedup(result: Result) -> float:
    return result.speedup.centre if result.speedup else 0.0
