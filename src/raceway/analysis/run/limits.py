"""The shortest time the hardware allows for one pass of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.case import SERIAL, Family, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.record import Peak, Record

APART = {Family.PROCESSES, Family.INTERPRETERS, Family.ENGINES}
"""Families whose workers do not share a GIL, nor objects."""
DISTURBED = 4.0
"""How many times too low a peak may have been measured; beyond, the declared operations are wrong.

Seen: 2.6 times, on a machine whose cores had other work while the peak was measured.
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the machine offered a group."""

    usable_cores: int
    parallel_capacity: float | None = None
    """Cores that really ran side by side when all usable ones were busy."""
    longest_task_share: float | None = None
    """The longest task's share of the serial time."""
    peaks: Sequence[Peak] = ()
    computing_s: float | None = None
    """CPU seconds of a pass, the least of all models: what tasks compute besides waiting."""
    all_waits_s: float = 0.0
    """The declared waits of a pass, one after the other."""
    has_gil: bool = True


@dataclass(frozen=True, slots=True)
class Limit:
    """The shortest possible time of a pass, in seconds."""

    limit_s: float
    capacity_s: float | None = None
    """The same on the cores that really ran; None if cores do not set the limit."""
    of_serial: bool = False
    """Whether it is a share of the serial time."""


def limit_of(record: Record, serial_s: float | None, ground: Ground) -> Limit | None:
    """Return the limit of a case; None if unknown.

    Waiting: the shortest time that the declared waits take, and what is computed after them, if the
    workload says so. Tensor: operations over the measured
    peak or bytes over the measured bandwidth or link, whichever is longer. CPU-bound: the serial
    time (seconds per pass of the serial case on the same interpreter), spread over the cores.
    """
    if record.first_wait_s > 0 and ground.computing_s is not None:
        return _mixed_limit(record, ground.computing_s, ground)
    if record.shortest_wait_s > 0:
        return Limit(record.shortest_wait_s)
    if record.is_tensor:
        return _tensor_limit(record, ground.peaks)
    if record.kind == Kind.CPU and serial_s is not None:
        return _cpu_limit(record, serial_s, ground)
    return None


def _cpu_limit(record: Record, serial_s: float, ground: Ground) -> Limit:
    """Return T1 / min(workers, cores, tasks), never below the longest task.

    The work and span laws (Brent, JACM 21, 1974): T1 is the work, the longest task the span. The
    cores of a cluster that was there before are as many as its workers.
    """
    at_once = 1 if record.model == SERIAL else min(record.workers, record.tasks)
    span_s = serial_s * (ground.longest_task_share or 0.0)

    def spread_over(cores: float) -> float:
        # One core is always there: the serial time was measured on it.
        return max(serial_s / max(min(at_once, cores), 1.0), span_s)

    if record.engine and record.engine.joined:
        return Limit(limit_s=spread_over(record.engine.workers), of_serial=True)
    capacity = ground.parallel_capacity
    return Limit(
        limit_s=spread_over(ground.usable_cores),
        capacity_s=None if capacity is None else spread_over(capacity),
        of_serial=True,
    )


def _mixed_limit(record: Record, computing_s: float, ground: Ground) -> Limit:
    """Return the limit of tasks that wait and then compute, the largest of three lower bounds.

    The waits at the case's concurrency; a first wait, and then all computing on the cores that can
    share it (one under the GIL); the mean load of as many tasks as are under way at once, each of
    which takes its wait and its computing.
    """
    at_once = _computing_at_once(record, ground)
    load_s = (ground.all_waits_s + computing_s) / record.concurrency

    def within(cores: float) -> float:
        spread_s = computing_s / max(min(at_once, cores), 1.0)
        return max(record.shortest_wait_s, record.first_wait_s + spread_s, load_s)

    if record.engine and record.engine.joined:
        return Limit(within(record.engine.workers))
    capacity = ground.parallel_capacity if at_once > 1 else None
    return Limit(
        limit_s=within(ground.usable_cores),
        capacity_s=None if capacity is None else within(capacity),
    )


def _computing_at_once(record: Record, ground: Ground) -> int:
    """Return how many tasks a case can compute at the same time, were there cores enough."""
    if record.family in APART:
        return record.workers
    in_threads = record.family == Family.THREADS or record.workers > 1  # a loop's, too
    return record.concurrency if in_threads and (record.releases_gil or not ground.has_gil) else 1


def _tensor_limit(record: Record, peaks: Sequence[Peak]) -> Limit | None:
    """Return the roofline's time (Williams, Waterman, Patterson, CACM 52, 2009).

    Copies between host and device take their bytes over the measured link; both ways can be busy
    at once. A CPU's peak of operations is scaled to the case's workers. Its bandwidth is not, since
    a few cores can use all of it.
    """
    peak = _peak_of(record, peaks)
    if peak is None:
        return None
    reachable = peak.flops_per_s * _share_of_workers(record, peak)
    demands = (
        (record.flops, reachable),
        (record.moved_bytes, peak.bytes_per_s),
        (record.to_device_bytes, peak.to_device_bytes_per_s),
        (record.from_device_bytes, peak.from_device_bytes_per_s),
    )
    times_s = [amount / speed for amount, speed in demands if amount > 0 and speed > 0]
    return Limit(max(times_s)) if times_s else None


def raised(peaks: Sequence[Peak], passes: Iterable[tuple[Record, float | None]]) -> list[Peak]:
    """Return the peaks of operations, none below what the run's own cases did (pass in seconds).

    A peak is measured in a moment of its own, and that moment may have been a bad one.
    """
    done = [(record, pass_s) for record, pass_s in passes if record.flops > 0 and pass_s]
    return [_raised(peak, done) for peak in peaks]


def _raised(peak: Peak, done: Sequence[tuple[Record, float]]) -> Peak:
    rates = (
        record.flops / pass_s / _share_of_workers(record, peak)
        for record, pass_s in done
        if _fits(peak, record)
    )
    credible = [rate for rate in rates if rate <= DISTURBED * peak.flops_per_s]
    return replace(peak, flops_per_s=max([peak.flops_per_s, *credible]))


def _share_of_workers(record: Record, peak: Peak) -> float:
    """Return the share of a CPU's peak that a case's workers can reach; of a GPU all."""
    on_cpu = record.device == "cpu"
    return min(record.workers, peak.workers) / peak.workers if on_cpu else 1.0


def _peak_of(record: Record, peaks: Sequence[Peak]) -> Peak | None:
    """Return the best peak of the record's device, interpreter and precision."""
    fitting = [peak for peak in peaks if _fits(peak, record)]
    return max(fitting, key=lambda peak: peak.flops_per_s, default=None)


def _fits(peak: Peak, record: Record) -> bool:
    """Whether a peak is that of the record's device, interpreter and precision."""
    return (peak.device, peak.interpreter, peak.precision) == (
        record.device, record.interpreter, record.precision,
    )  # fmt: skip
