"""What people claim about concurrency beyond the tutorial, tested by a run's cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.claim import (
    COMPUTES_S,
    OVER_SERIAL,
    Claim,
    ClaimEvidence,
    ClaimResult,
    above,
    by_ratio,
    by_speedup,
    not_above,
    paying,
    tells,
    tested,
)
from raceway.analysis.run.curves import curves_of
from raceway.analysis.run.starts import start_ratio
from raceway.analysis.stats.intervals import estimate_around
from raceway.analysis.stats.pooled import mean_of
from raceway.case import Family, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Centre
    from raceway.record import Environment, Run

SMALL_S = 100e-6
"""About what it costs to hand a task to a process; a shorter one is small."""
CHUNKS = (("processes-chunked", "processes-fork"), ("pool", "pool-chunk1"))
"""Models with chunks of tasks, each with the same one that sends task by task."""
ALIKE = 1.02
"""A single thread that takes at most this many times as long costs nothing to speak of."""

Place = tuple[str, str, str]
"""Group, interpreter, model."""


def further_claims(run: Run, results: Sequence[Result]) -> Iterator[Claim]:
    """Yield the claims that are not the tutorial's."""
    timed = [each for each in results if each.per_pass_s is not None and tells(each)]
    alone = "" if run.header.machine.usable_cores > 1 else "there is one usable core"
    largest = [curve.largest for curve in curves_of(timed)]
    places = {(each.group, each.record.interpreter, each.record.model): each for each in timed}
    yield tested(
        "Chunks are what makes small tasks pay",
        OVER_SERIAL,
        [] if alone else _by_chunks(timed, places),
        alone or "no tasks of 10 to 100 µs were raced both in chunks and one by one",
    )
    yield tested(
        "Threads pay for C that releases the GIL",
        OVER_SERIAL,
        [] if alone else paying([each for each in largest if _releases_in_threads(each)]),
        alone or "no threads were raced on C that releases the GIL",
    )
    yield tested(
        "uvloop is faster than asyncio for waiting",
        "times as fast as asyncio",
        _by_uvloop(timed, places),
        "uvloop was not raced beside asyncio on waiting work",
    )
    yield tested(
        "Interpreters start faster than processes",
        "their time to start over that of interpreters",
        _by_start(timed, places),
        "interpreters were not raced beside processes",
    )
    yield from _about_free_threading(run, largest)


def _by_chunks(timed: Sequence[Result], places: Mapping[Place, Result]) -> Iterator[ClaimEvidence]:
    """Yield, of the smallest tasks that are work, that chunks pay and their like does not."""
    for chunked, single in CHUNKS:
        for curve in curves_of([each for each in timed if each.record.model == chunked]):
            beside = (
                (each, places.get((each.group, each.record.interpreter, single)))
                for each in curve.results
                if _is_small(each)
            )
            pair = next(((one, other) for one, other in beside if other), None)
            if pair and pair[0].speedup and pair[1].speedup:
                yield by_speedup(pair[0], above)
                yield by_speedup(pair[1], not_above)


def _is_small(result: Result) -> bool:
    serial_s = result.serial.pass_s
    small = serial_s is not None and COMPUTES_S <= serial_s / result.record.tasks < SMALL_S
    return small and result.record.kind == Kind.CPU


def _releases_in_threads(result: Result) -> bool:
    return result.record.releases_gil and result.record.family == Family.THREADS


def _by_uvloop(timed: Sequence[Result], places: Mapping[Place, Result]) -> Iterator[ClaimEvidence]:
    """Yield the ratio of asyncio's time to uvloop's at the largest size that both ran."""
    loops = [each for each in timed if (each.record.model, each.record.kind) == ("uvloop", Kind.IO)]
    for curve in curves_of(loops):
        for one in reversed(curve.results):
            other = places.get((one.group, one.record.interpreter, "asyncio"))
            ratio = one.peers.estimate(other.record, one.record, one.error) if other else None
            if ratio:
                yield by_ratio(one, ratio)
                break


def _by_start(timed: Sequence[Result], places: Mapping[Place, Result]) -> Iterator[ClaimEvidence]:
    """Yield how many times as long each model of processes takes to start as interpreters do."""
    pairs: dict[tuple[str, str], list[tuple[Result, Result]]] = {}
    for each in timed:
        record = each.record
        beside = places.get((each.group, record.interpreter, "interpreters"))
        if beside and record.family == Family.PROCESSES:
            pairs.setdefault((record.model, record.interpreter), []).append((each, beside))
    for members in pairs.values():
        if ratio := start_ratio(members):
            yield by_ratio(members[-1][0], ratio)


def _about_free_threading(run: Run, largest: Sequence[Result]) -> Iterator[Claim]:
    """Yield what each interpreter without a GIL costs beside the same version with one."""
    with_gil = [each for each in run.header.environments if not each.free_threaded]
    free = [each for each in run.header.environments if each.gil_enabled is False]
    for one in free:
        beside = next((each for each in with_gil if _version(each) == _version(one)), None)
        if beside:
            yield _cost_of(one, beside, largest)
    if not free:
        yield _cost_unknown("no free-threaded interpreter was raced")
    elif not any(_version(one) in map(_version, with_gil) for one in free):
        yield _cost_unknown("the same version with the GIL was not raced beside it")


def _version(environment: Environment) -> tuple[str, list[str]]:
    return (environment.implementation, environment.version.split(".")[:2])


COSTS = "Free threading costs a single thread {}"
COST_MEASURED = "time of a plain loop over that with the GIL"


def _cost_unknown(reason: str) -> Claim:
    return Claim(text=COSTS.format("time"), finding=ClaimResult.UNTESTED, measured=COST_MEASURED,
                 reason=reason)  # fmt: skip


def _cost_of(free: Environment, beside: Environment, largest: Sequence[Result]) -> Claim:
    """Return the claim with the cost in percent: the geometric mean over all that computes."""
    loops = {
        (each.group, each.record.interpreter): each
        for each in largest
        if each.is_serial and each.record.kind == Kind.CPU
    }
    evidence, centres = [], []
    for (group, label), one in loops.items():
        other = loops.get((group, beside.label)) if label == free.label else None
        centre = one.peers.centre(one.record, other.record) if other else None
        if centre:
            centres.append(centre)
            evidence.append(by_ratio(one, estimate_around(centre)))
    mean = mean_of(centres)
    if mean is None:
        return _cost_unknown("a plain loop was not measured in enough launches with both")
    return _judged_cost(mean, evidence)


def _judged_cost(mean: Centre, evidence: Sequence[ClaimEvidence]) -> Claim:
    cost = estimate_around(mean)
    finding = ClaimResult.UNTESTED
    if cost.low is not None and cost.low > 1:
        finding = ClaimResult.HOLDS
    elif cost.high is not None and cost.high < ALIKE:
        finding = ClaimResult.FAILS
    more = round(100 * (cost.centre - 1))
    return Claim(
        text=COSTS.format(f"{more} %" if finding is ClaimResult.HOLDS and more else "time"),
        finding=finding,
        measured=COST_MEASURED,
        evidence=tuple(evidence),
        reason="the interval is too wide" if finding is ClaimResult.UNTESTED else "",
    )
