"""Impossible results: those that beat the hardware's limit beyond the error of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.case import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.results import Result
    from raceway.record import Launch

KNOWN_TO = 1.05
"""Larger shares of the limit are impossible; limits have errors too, and caches help a little."""
UNKNOWN_TO = 2.0
"""The same without an interval: one launch on a busy machine may be that far off."""
COMPUTES = 0.5
"""A task that wants a CPU for less of its time than this is waiting."""
MOST_WAITING = 0.2
"""Work declared as CPU-bound that waits for more of its time than this is declared wrongly."""
FEWEST_PASSES = 3
"""Passes that must have been timed to say so."""


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
    if record.to_device_bytes > 0 or record.from_device_bytes > 0:
        return "are the bytes to and from the device right? it copied faster than the measured link"
    if record.is_tensor:
        return "are flops and moved_bytes right? it did more than the measured peak"
    if record.kind == Kind.CPU and _waits(result):
        return "does it wait? then declare kind=Kind.IO"
    return "does a task change its argument, or keep answers?"


def contradiction_of(result: Result) -> str:
    """Return the declaration that this case or its serial case contradicts; empty if none."""
    over = result.over.contradiction if result.over else ""
    return result.record.contradiction or over or false_kind(result)


def false_kind(result: Result) -> str:
    """Return what is wrong with `kind=Kind.CPU` if serial waits; empty if too little is known."""
    waiting = waiting_share(result)
    passes = sum(len(launch.rounds_ns) for launch in _serial_launches(result))
    if waiting <= MOST_WAITING or passes < FEWEST_PASSES:
        return ""
    return f"declared as computing, but it waits {waiting:.0%} of its time: declare kind=Kind.IO"


def waiting_share(result: Result) -> float:
    """Return the least share of its time for which CPU-bound work waits in serial; 0 if unknown.

    Neither time in the run queue is waiting, nor time that other virtual machines stole.
    """
    if result.record.kind != Kind.CPU:
        return 0.0
    known = [each for each in map(_waiting, _serial_launches(result)) if each is not None]
    stolen = [noise.steal_share or 0.0 for _, noise in result.conditions.by_launch]
    return min(known, default=0.0) - max(stolen, default=0.0)


def _serial_launches(result: Result) -> Sequence[Launch]:
    serial = result.record if result.is_serial else result.over
    return serial.launches if serial else ()


def _waiting(launch: Launch) -> float | None:
    """Return the share of its rounds in which a launch wanted no CPU; None if unknown."""
    wall_s = sum(launch.rounds_ns) / 1e9
    if launch.cpu_s is None or launch.queue_s is None or not wall_s:
        return None
    return 1 - (launch.cpu_s + launch.queue_s) / wall_s


def _waits(result: Result) -> bool:
    cores = result.serial_cores
    return cores is not None and cores < COMPUTES
