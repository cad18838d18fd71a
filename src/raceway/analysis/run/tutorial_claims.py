"""The claims of the tutorial that raceway grew from, each tested by a run's cases."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from raceway.analysis.run.claim import (
    OVER_SERIAL,
    ClaimEvidence,
    by_ratio,
    by_speedup,
    computes,
    not_above,
    paying,
    tells,
    tested,
)
from raceway.analysis.run.curves import curves_of
from raceway.analysis.run.plausible import COMPUTES
from raceway.case import Family, Kind
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.claim import Claim
    from raceway.analysis.run.results import Result
    from raceway.record import Run

ONE_CORE = 1.15
"""CPU time over wall time that still means one core; the excess is our own overhead."""


def tutorial_claims(run: Run, results: Sequence[Result]) -> Iterator[Claim]:
    """Yield the five claims, in the order of the tutorial."""
    told = [each for each in results if tells(each)]
    largest = [curve.largest for curve in curves_of(told)]
    clearly = "" if len(told) == len(results) else " in a way that tells"
    alone = "" if run.header.machine.usable_cores > 1 else "there is one usable core"
    computing = [each for each in largest if each.record.kind == Kind.CPU and computes(each)]
    with_gil = [each for each in computing if not each.record.releases_gil]
    yield tested(
        "Processes suit CPU-bound work",
        OVER_SERIAL,
        [] if alone else paying(_of(computing, Family.PROCESSES)),
        alone or f"no processes were raced on CPU-bound work{clearly}",
    )
    yield from _about_threads(run, [] if alone else _of(with_gil, Family.THREADS), alone)
    waiting = [each for each in largest if _waits(each)]
    yield tested(
        "Threads and asyncio suit waiting",
        OVER_SERIAL,
        [*paying(_of(waiting, Family.THREADS)), *paying(list(filter(_on_one_loop, waiting)))],
        f"neither threads nor asyncio were raced on waiting work{clearly}",
    )
    yield tested(
        "asyncio uses one core",
        "cores kept busy",
        _on_one_core(list(filter(_on_one_loop, with_gil))),
        f"no event loop was raced on CPU-bound work{clearly}",
    )
    yield tested(
        "The GPU suits large computations",
        "speedup over the fastest on the CPU",
        _beats_cpu(told),
        _why_no_gpu(run),
    )


def _about_threads(run: Run, threads: Sequence[Result], alone: str) -> Iterator[Claim]:
    """Yield the claim about threads, separately for interpreters without the GIL."""
    free = {each.label for each in run.header.environments if not each.gil_enabled}
    with_gil = [each for each in threads if each.record.interpreter not in free]
    without = [each for each in threads if each.record.interpreter in free]
    for cases, addition in ((with_gil, ""), (without, ", even where it is off")):
        if cases or not (threads or addition):
            yield tested(
                f"The GIL keeps threads from computing in parallel{addition}",
                OVER_SERIAL,
                [by_speedup(each, not_above) for each in cases if each.speedup],
                alone or "no threads were raced on CPU-bound work that holds the GIL",
            )


def _of(results: Sequence[Result], family: Family) -> list[Result]:
    return [each for each in results if each.record.family == family]


def _waits(result: Result) -> bool:
    """Whether its tasks wait, by what they declare, or else by what serial did."""
    record, cores = result.record, result.serial_cores
    known = record.shortest_wait_s > 0 or cores is None or cores < COMPUTES
    return record.kind == Kind.IO and known and not record.blocking


def _on_one_loop(result: Result) -> bool:
    """Whether its tasks run on an event loop alone, and not in threads that a loop waits for."""
    return result.record.family == Family.EVENT_LOOP and result.record.workers == 1


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
                yield by_ratio(gpu, ratio)
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
