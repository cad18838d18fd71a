"""One workload over its sizes: a curve for each model, workers, device and interpreter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

from raceway.analysis.run.crossover import CrossoverPoint
from raceway.analysis.run.speedup import launch_ratios
from raceway.analysis.stats.intervals import centre_of
from raceway.case import Kind
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.crossover import Crossover
    from raceway.analysis.run.results import Result

Runner = tuple[str, str, str, str, int]
"""Workload, model, device, interpreter, and workers where several numbers of them were raced."""
FEWEST_LAUNCHES = 3
"""Of one size, to count for a crossover."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The cases of one runner on one workload, from the smallest size to the largest."""

    workload: str
    kind: str
    results: tuple[Result, ...]
    """Those with a time."""
    crossover: Crossover | None = None
    """Where it begins to pay; None for serial itself, and where nothing could be told."""

    @property
    def largest(self) -> Result:
        """The case of the largest size."""
        return self.results[-1]


def curves_of(results: Sequence[Result]) -> list[Curve]:
    """Return the curves of a run, in the order in which their first cases appear.

    A pool that has one worker a task is the same pool at all sizes; one that was raced with
    several numbers of workers has a curve for each.
    """
    timed = [result for result in results if result.per_pass_s is not None]
    chosen = _with_several_workers(timed)
    found: dict[Runner, list[Result]] = {}
    for result in timed:
        runner = _runner(result)
        key = (*runner, result.record.workers if runner in chosen else 0)
        found.setdefault(key, []).append(result)
    return [_curve(members) for members in found.values()]


def _runner(result: Result) -> tuple[str, str, str, str]:
    record = result.record
    return (record.workload, record.model, record.device, record.interpreter)


def _with_several_workers(results: Sequence[Result]) -> set[tuple[str, str, str, str]]:
    """Return what was raced with several numbers of workers at one size."""
    counts = Counter((_runner(result), result.record.size) for result in results)
    return {runner for (runner, _), count in counts.items() if count > 1}


def magnitude_of(result: Result) -> float | None:
    """Return what makes a size large: tasks at once where they wait, else serial seconds of one.

    None if the serial case has no time.
    """
    if result.record.kind == Kind.IO:
        return float(result.record.tasks)
    serial_s = result.serial.pass_s
    return None if serial_s is None else serial_s / result.record.tasks


def extent_of(result: Result) -> float:
    """Return by what the sizes of one workload are ordered, whatever raced at them.

    Declared operations of a task, since the largest sizes may be left to the GPU, without a serial
    case; else the magnitude.
    """
    return result.record.flops / result.record.tasks or magnitude_of(result) or 0.0


def _curve(members: Sequence[Result]) -> Curve:
    from raceway.analysis.run.crossing import crossover_of  # noqa: PLC0415 (numpy: not before a title)

    ordered = sorted(members, key=extent_of)
    points = [point for each in ordered if (point := _point(each))]
    first = members[0].record
    return Curve(first.workload, first.kind, tuple(ordered), crossover_of(points))


def _point(result: Result) -> CrossoverPoint | None:
    """Return a size as the crossover sees it; None if it was too noisy or measured too seldom."""
    magnitude, serial_s = magnitude_of(result), result.serial.pass_s
    if result.is_serial or magnitude is None or serial_s is None or magnitude <= 0:
        return None
    ratios = launch_ratios(result.serial, result.timing)
    if result.conditions.grade is Grade.NOISY or len(ratios) < FEWEST_LAUNCHES:
        return None
    centre = centre_of([log(ratio) for ratio in ratios.values()])
    return (
        CrossoverPoint(magnitude=magnitude, serial_s=serial_s, log_speedup=centre)
        if centre
        else None
    )
