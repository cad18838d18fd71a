"""What the cases of runs say about prices: how much work of their own, and what it took in all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.run.conditions import run_capacity
from raceway.analysis.run.limits import APART
from raceway.analysis.run.plausible import is_too_good
from raceway.analysis.run.results import results_of
from raceway.analysis.run.usage import median_known
from raceway.case import Family, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raceway.analysis.run.results import Result
    from raceway.record import Run

MEBI = 2**20
ALL_WAITING = 0.95
"""The share of a plain loop's time that its declared waits must make up, to count as waiting."""


class Work(StrEnum):
    """What tasks do, as far as it decides how many run at once."""

    COMPUTES = "computes"
    """Bytecode, or C that holds the GIL."""
    RELEASES = "computes without the GIL"
    WAITS = "waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One case: what its tasks are, and what a pass over them took."""

    group: str
    workload: str
    model: str
    family: str
    work: Work
    tasks: int
    task_s: float
    """Seconds of a task in a plain loop, on average; where tasks wait, of its wait alone."""
    workers: int
    concurrency: int
    span_s: float
    """The shortest time in which the workers can do the tasks' own work."""
    payload_mib: float
    """There and back, all tasks together."""
    time_s: float
    """What a pass took."""
    start_s: float | None
    """From starting the model to its first answer, less a pass."""
    worker_bytes: float | None
    """Peak memory a worker, less that of the plain loop."""


def observations_of(runs: Sequence[Run], interpreter: str) -> list[Observation]:
    """Return what the runs of one machine say, one observation a case, medians over the runs.

    Left out are tensor work, impossible results, and work that waits and computes.
    """
    found: dict[tuple[str, str, int], list[Observation]] = {}
    for run in runs:
        for each in _of_run(run, interpreter):
            found.setdefault((each.group, each.model, each.workers), []).append(each)
    return [_middle(same) for same in found.values()]


def _of_run(run: Run, interpreter: str) -> Iterator[Observation]:
    cores = max(run.header.machine.usable_cores, 1)
    capacity = min(run_capacity(run) or cores, cores)
    free = {each.label for each in run.header.environments if each.gil_enabled is False}
    for result in results_of(run):
        if result.record.interpreter == interpreter and result.record.device == "cpu":
            work = work_of(result, without_gil=interpreter in free)
            if work:
                yield _observation(result, work, capacity)


def work_of(result: Result, *, without_gil: bool = False) -> Work | None:
    """Return what the tasks of a case do; None if prices do not follow from it."""
    record, serial = result.record, result.over or result.record
    if result.per_pass_s is None or result.serial.pass_s is None or is_too_good(result):
        return None
    if record.kind == Kind.CPU and not record.is_tensor:
        return Work.RELEASES if record.releases_gil or without_gil else Work.COMPUTES
    waits = serial.shortest_wait_s >= ALL_WAITING * result.serial.pass_s > 0
    return Work.WAITS if record.kind == Kind.IO and waits else None


def _observation(result: Result, work: Work, capacity: float) -> Observation:
    record = result.record
    total_s, time_s = _own_and_whole(result, work)
    known = result.conditions.parallel_capacity
    cores = min(known, capacity) if known and result.conditions.is_capacity_credible else capacity
    longest_s = total_s * (result.conditions.longest_task_share or 0.0)
    at_once = computing_at_once(record.family, work, record.workers, record.concurrency)
    span_s = spread_s(total_s / record.tasks, record.tasks, at_once, cores)
    return Observation(
        group=record.group, workload=record.workload, model=record.model, family=record.family,
        work=work, tasks=record.tasks, task_s=total_s / record.tasks,
        workers=record.workers, concurrency=record.concurrency,
        span_s=record.shortest_wait_s if work is Work.WAITS else max(span_s, longest_s),
        payload_mib=record.payload_bytes / MEBI, time_s=time_s,
        start_s=_start_s(result), worker_bytes=_worker_bytes(result),
    )  # fmt: skip


def _own_and_whole(result: Result, work: Work) -> tuple[float, float]:
    """Return the seconds of all tasks in a plain loop, and what the case took.

    Computing was paired with the plain loop turn by turn, so that drift is in neither.
    """
    time_s, serial_s = result.per_pass_s or 0.0, result.serial.pass_s or 0.0
    if work is Work.WAITS:
        return (result.over or result.record).shortest_wait_s, time_s
    return serial_s, serial_s / result.speedup.centre if result.speedup else time_s


def computing_at_once(family: str, work: Work, workers: int, concurrency: int) -> int:
    """Return how many tasks a model computes at the same time, were there cores enough."""
    if family in APART:
        return workers
    if work is Work.RELEASES and family == Family.THREADS:
        return concurrency
    return workers if work is Work.RELEASES else 1


def spread_s(task_s: float, tasks: int, at_once: int, cores: float) -> float:
    """Return the shortest time for equal tasks: some may have to wait for a last one to end."""
    return task_s * max(tasks / max(min(at_once, cores), 1.0), ceil(tasks / at_once))


def _start_s(result: Result) -> float | None:
    cold_s, pass_s = result.usage.cold_s, result.per_pass_s
    return None if cold_s is None or pass_s is None else cold_s - pass_s


def _worker_bytes(result: Result) -> float | None:
    mine = result.usage.peak_memory_bytes
    known = [each.peak_memory_bytes for each in result.over.launches] if result.over else []
    serial = median_known(known)
    return None if mine is None or serial is None else (mine - serial) / result.record.workers


def _middle(same: Sequence[Observation]) -> Observation:
    """Return one case in several runs as one; its times keep their ratio."""
    if len(same) == 1:
        return same[0]

    def middle(values: Iterable[float | None]) -> float | None:
        return median_known(values)

    task_s = median(each.task_s for each in same)
    return replace(
        same[0],
        task_s=task_s,
        span_s=task_s * median(each.span_s / each.task_s for each in same if each.task_s),
        time_s=task_s * median(each.time_s / each.task_s for each in same if each.task_s),
        start_s=middle(each.start_s for each in same),
        worker_bytes=middle(each.worker_bytes for each in same),
    )
