"""Impossible results: those that beat the hardware's limit beyond the error of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.case import Kind

if TYPE_CHECKING:
    from raceway.analysis.run.results import Result

KNOWN_TO = 1.05
"""Larger shares of the limit are impossible; limits have errors too, and caches help a little."""
UNKNOWN_TO = 2.0
"""The same without an interval: one launch on a busy machine may be that far off."""
COMPUTES = 0.5
"""A task that wants a CPU for less of its time than this is waiting."""


def is_too_good(result: Result) -> bool:
    """Whether even the lower end of the share of the limit is impossible."""
    if contradiction_of(result):
        return True
    share = result.share_of_limit
    if share is None:
        return False
    if result.limit and result.limit.of_serial:
        known = result.speedup
        least = share * known.low / known.centre if known and known.low else None
    else:
        interval, pass_s = result.interval_s, result.per_pass_s
        least = share * pass_s / interval.high if interval and interval.high and pass_s else None
    excuse = 1.0 if _waits(result) else result.bias.flattered
    if least is None:
        return share / excuse > UNKNOWN_TO
    return least / excuse > KNOWN_TO


def why_too_good(result: Result) -> str:
    """Return what is most likely wrong, as a question to the workload's author."""
    record = result.record
    if contradiction := contradiction_of(result):
        return contradiction
    if record.shortest_wait_s > 0:
        return "is wait_s right? it took less than the waits declared"
    if record.flops > 0 or record.moved_bytes > 0:
        return "are flops and moved_bytes right? it did more than the measured peak"
    if record.kind == Kind.CPU and _waits(result):
        return "does it wait? then declare kind=Kind.IO"
    return "does a task change its argument, or keep answers?"


def contradiction_of(result: Result) -> str:
    """Return the declaration that this case or its serial case contradicts; empty if none."""
    return result.record.contradiction or (result.over.contradiction if result.over else "")


def _waits(result: Result) -> bool:
    cores = result.serial_cores
    return cores is not None and cores < COMPUTES
