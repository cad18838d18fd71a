"""In which direction noise may have biased a case, and how far at most.

If others took cores away, cases on several cores look slower than they are. If serial had to wait
for a CPU, cases on one core look faster than they are. A machine that is slow for both sides of a
pair does not bias it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, log
from statistics import fmean
from typing import TYPE_CHECKING

from raceway.analysis.run.peers import ONE_CORE
from raceway.case import SERIAL, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.conditions import Conditions
    from raceway.analysis.run.usage import Usage
    from raceway.record import Record

ENOUGH = 0.95
"""Share of the usable cores, or of a core's time, that counts as all of it."""


@dataclass(frozen=True, slots=True)
class Bias:
    """Factors of at least 1; 1 means no bias."""

    slowed: float = 1.0
    """The case's time over its time on free cores, at most."""
    flattered: float = 1.0
    """The factor by which its speedup may be too large, since serial had to wait for a CPU."""
    cores_ran: float = inf
    """Mean number of cores that ran at once over launches; infinite if none was taken away."""


NO_BIAS = Bias()


def bias_of(
    record: Record, usage: Usage, serial: Usage | None, conditions: Conditions, usable_cores: int
) -> Bias:
    """Return the bias of a case; work that waits has none."""
    if record.kind == Kind.IO:
        return NO_BIAS
    if record.model == SERIAL:
        return Bias(slowed=_kept_waiting(_on_cpu(usage)))
    known = [
        min(noise.parallel_capacity, usable_cores)  # beyond, the burst of one core was disturbed
        for _, noise in conditions.by_launch
        if noise.parallel_capacity is not None
    ]
    taken = bool(known) and fmean(known) < ENOUGH * usable_cores
    return Bias(
        slowed=_slowed(_wanted(record, usage, usable_cores), known) if taken else 1.0,
        flattered=_flattered(usage, serial),
        cores_ran=fmean(known) if taken else inf,
    )


def _wanted(record: Record, usage: Usage, usable_cores: int) -> float:
    """Return how many cores could have served a case: threads that share the GIL want just one.

    Without the time in the run queue, as many as it has workers.
    """
    most = float(min(record.workers, usable_cores))
    if usage.ready_share is None or usage.cores_wanted is None:
        return most
    return min(max(usage.cores_wanted, 1.0), most)


def _slowed(cores: float, ran: Sequence[float]) -> float:
    """Return the cores that the case wanted over those that ran, geometric mean of launches."""
    return exp(fmean(log(cores / min(max(each, 1.0), cores)) for each in ran))


def _flattered(usage: Usage, serial: Usage | None) -> float:
    """Return the case's share of a core over serial's, at least 1; 1 if it used several cores."""
    cores, own = usage.cpu_cores_used, _on_cpu(usage)
    if cores is None or cores > ONE_CORE or own is None or serial is None:
        return 1.0
    return max(min(own, 1.0) * _kept_waiting(_on_cpu(serial)), 1.0)


def _on_cpu(usage: Usage) -> float | None:
    """Return the share of the time in which a case that wanted a CPU had one.

    It is taken from the time in the run queue if known, else from CPU time over wall time.
    """
    return usage.cpu_cores_used if usage.ready_share is None else usage.ready_share


def _kept_waiting(share: float | None) -> float:
    """Return how many times as long work took that had a CPU for this share of the time."""
    return 1 / share if share and share < ENOUGH else 1.0
