"""Which way noise may have pulled a case, and how far at most.

Cores that others took make cases on several cores look slower than they are. Where serial itself
had to wait for a CPU, cases on one core look faster against it than they are. What was slow for
both sides of a pair pulls it nowhere.
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
"""Share of the usable cores, or of a core's time, from which on nothing was missing."""


@dataclass(frozen=True, slots=True)
class Bias:
    """Factors from 1 on; 1 is none."""

    slowed: float = 1.0
    """By how much longer than on free cores the case may have taken."""
    flattered: float = 1.0
    """By how much too large its speedup may be since serial was kept waiting."""
    cores_ran: float = inf
    """How many cores ran at once where some were taken away, the mean over launches."""


NO_BIAS = Bias()


def bias_of(
    record: Record, usage: Usage, serial: Usage | None, conditions: Conditions, usable_cores: int
) -> Bias:
    """Return which way noise may have pulled a case; none of what waits instead of computing."""
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
        slowed=_slowed(min(record.workers, usable_cores), known) if taken else 1.0,
        flattered=_flattered(usage, serial),
        cores_ran=fmean(known) if taken else inf,
    )


def _slowed(cores: int, ran: Sequence[float]) -> float:
    """Return the cores that the case could use over those that ran, in the mean of launches."""
    return exp(fmean(log(cores / min(max(each, 1.0), cores)) for each in ran))


def _flattered(usage: Usage, serial: Usage | None) -> float:
    """Return how much more of a core the case got than serial did; 1 beyond one core."""
    cores, own = usage.cpu_cores_used, _on_cpu(usage)
    if cores is None or cores > ONE_CORE or own is None or serial is None:
        return 1.0
    return max(min(own, 1.0) * _kept_waiting(_on_cpu(serial)), 1.0)


def _on_cpu(usage: Usage) -> float | None:
    """Return for which share of the time a case that wanted a CPU had one.

    By the time it stood in the run queue where that is known; else by CPU time over wall time.
    """
    return usage.cpu_cores_used if usage.ready_share is None else usage.ready_share


def _kept_waiting(share: float | None) -> float:
    """Return by how much longer something took that had a CPU for such a share of the time."""
    return 1 / share if share and share < ENOUGH else 1.0
