"""The claims of the tutorial that raceway grew from, each tested by a run's cases."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from raceway.analysis.run.curves import curves_of
from raceway.analysis.run.payoff import Payoff, payoff_of
from raceway.analysis.run.plausible import MOST_WAITING, is_too_good, waiting_share
from raceway.analysis.run.ranking import is_telling
from raceway.case import Family, Kind
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Run

ONE_CORE = 1.15
"""CPU time over wall time that still means one core; the excess is our own overhead."""


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
    """A speedup, or cores kept busy."""
    estimate: Estimate | None = None
    """The speedup with its interval; None for cores."""
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


def claims_of(run: Run, results: Sequence[Result]) -> list[Claim]:
    """Return the five claims, in the order of the tutorial."""
    told = [
        each
        for each in results
        if is_telling(each) and not is_too_good(each) and waiting_share(each) <= MOST_WAITING
    ]
    largest = _at_largest(told)
    tells = "" if len(told) == len(results) else " in a way that tells"
    alone = "" if run.header.machine.usable_cores > 1 else "there is one usable core"
    return [
        _claim(
            "Processes suit CPU-bound work",
            "speedup over serial",
            [] if alone else _paying(_of(largest, Kind.CPU, Family.PROCESSES)),
            alone or f"no processes were raced on CPU-bound work{tells}",
        ),
        *_about_threads(run, [] if alone else _of(largest, Kind.CPU, Family.THREADS), alone),
        _claim(
            "Threads and asyncio suit waiting",
            "speedup over serial",
            [
                each
                for family in (Family.THREADS, Family.EVENT_LOOP)
                for each in _paying(_of(largest, Kind.IO, family))
            ],
            f"neither threads nor asyncio were raced on waiting work{tells}",
        ),
        _claim(
            "asyncio uses one core",
            "cores kept busy",
            _on_one_core(_of(largest, Kind.CPU, Family.EVENT_LOOP)),
            f"no event loop was raced on CPU-bound work{tells}",
        ),
        _claim(
            "The GPU suits large computations",
            "speedup over the fastest on the CPU",
            list(_beats_cpu(told)),
            _why_no_gpu(run),
        ),
    ]


def _about_threads(run: Run, threads: Sequence[Result], alone: str) -> Iterator[Claim]:
    """Yield the claim about threads, separately for interpreters without the GIL."""
    free = {each.label for each in run.header.environments if not each.gil_enabled}
    with_gil = [each for each in threads if each.record.interpreter not in free]
    without = [each for each in threads if each.record.interpreter in free]
    for cases, addition in ((with_gil, ""), (without, ", even where it is off")):
        if cases or not (threads or addition):
            yield _claim(
                f"The GIL keeps threads from computing in parallel{addition}",
                "speedup over serial",
                [_by_speedup(each, _not_above) for each in cases if each.speedup],
                alone or "no threads were raced on CPU-bound work",
            )


def _claim(text: str, measured: str, found: Sequence[ClaimEvidence], otherwise: str) -> Claim:
    """Return the claim, which holds if all clear evidence agrees."""
    told = [each.agrees for each in found if each.agrees is not None]
    if not told:
        reason = "too few launches to tell" if found else otherwise
        return Claim(text=text, finding=ClaimResult.UNTESTED, measured=measured,
                     evidence=tuple(found), reason=reason)  # fmt: skip
    finding = ClaimResult.HOLDS if all(told) else ClaimResult.FAILS
    return Claim(text=text, finding=finding, measured=measured, evidence=tuple(found))


def _at_largest(results: Sequence[Result]) -> list[Result]:
    """Return each model's case of its largest measured size in each workload."""
    return [curve.largest for curve in curves_of(results)]


def _of(results: Sequence[Result], kind: Kind, family: Family) -> list[Result]:
    return [each for each in results if (each.record.kind, each.record.family) == (kind, family)]


def _paying(results: Sequence[Result]) -> list[ClaimEvidence]:
    """Return the best case of each workload: it pays, or none does."""
    best: dict[tuple[str, str], Result] = {}
    for each in results:
        key = (each.record.workload, each.record.interpreter)
        if each.speedup and (key not in best or each.speedup.centre > _speedup(best[key])):
            best[key] = each
    return [_by_speedup(each, _above) for each in best.values()]


def _by_speedup(result: Result, told: Callable[[Result], bool | None]) -> ClaimEvidence:
    return ClaimEvidence(
        result=result,
        value=_speedup(result),
        estimate=result.speedup,
        agrees=told(result),
    )


def _speedup(result: Result) -> float:
    return result.speedup.centre if result.speedup else 0.0


TOLD = {Payoff.PAYS: True, Payoff.AS_SERIAL: False}


def _above(result: Result) -> bool | None:
    """Whether a speedup surely pays; None if unclear."""
    bias = result.bias
    return TOLD.get(payoff_of(result.speedup, flattered=bias.flattered, slowed=bias.slowed))


def _not_above(result: Result) -> bool | None:
    above = _above(result)
    return None if above is None else not above


def _on_one_core(results: Sequence[Result]) -> list[ClaimEvidence]:
    return [
        ClaimEvidence(result=each, value=cores, agrees=cores <= ONE_CORE)
        for each in results
        if (cores := each.usage.cpu_cores_used) is not None
    ]


def _beats_cpu(results: Sequence[Result]) -> Iterator[ClaimEvidence]:
    """Yield whether the GPU beats the fastest CPU case at the largest size that both ran."""
    on_cpu: dict[tuple[str, str], Result] = {}
    for each in results:
        place = (each.group, each.record.interpreter)
        if not _on_gpu(each) and each.per_pass_s is not None:
            on_cpu[place] = min(
                on_cpu.get(place, each), each, key=lambda one: one.per_pass_s or inf
            )
    for curve in curves_of([each for each in results if _on_gpu(each)]):
        for gpu in reversed(curve.results):
            fastest = on_cpu.get((gpu.group, gpu.record.interpreter))
            ratio = gpu.peers.estimate(fastest.record, gpu.record, gpu.error) if fastest else None
            if ratio:
                agrees = TOLD.get(payoff_of(ratio))
                yield ClaimEvidence(result=gpu, value=ratio.centre, estimate=ratio, agrees=agrees)
                break


def _on_gpu(result: Result) -> bool:
    return result.record.device.startswith("cuda")


def _why_no_gpu(run: Run) -> str:
    """Return why no GPU was raced: the reason of its skipped cases."""
    reasons = (
        record.reason
        for record in run.records
        if record.status is Status.SKIPPED and record.device.startswith("cuda")
    )
    return next((reason for reason in reasons if reason), "no GPU was raced")
