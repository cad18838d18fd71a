"""One workload over its sizes: a curve for each model, workers, device and interpreter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.run.axis import Axis, axes_of, magnitude_of
from raceway.analysis.run.crossover import CrossoverPoint
from raceway.analysis.run.plausible import is_too_good
from raceway.analysis.run.ranking import is_telling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.crossover import Crossover
    from raceway.analysis.run.results import Result

Runner = tuple[str, str, str, str, int]
"""Workload, model, device, interpreter, and workers (0 unless several numbers were raced)."""


@dataclass(frozen=True, slots=True)
class Curve:
    """The cases of one runner on one workload, sizes in the order declared."""

    workload: str
    kind: str
    results: tuple[Result, ...]
    """The cases with a time."""
    crossover: Crossover | None = None
    """Where it starts to pay; None for serial itself, and if nothing is known."""
    axis: Axis = Axis.COST

    @property
    def largest(self) -> Result:
        """The case of the last size."""
        return self.results[-1]


def curves_of(results: Sequence[Result]) -> list[Curve]:
    """Return the curves of a run, in order of first appearance.

    A pool with one worker per task is one curve, whatever its size. One that was raced with several
    numbers of workers has a curve for each.
    """
    timed = [result for result in results if result.per_pass_s is not None]
    chosen, axes = _with_several_workers(timed), axes_of(results)
    found: dict[Runner, list[Result]] = {}
    for result in timed:
        runner = _runner(result)
        key = (*runner, result.record.workers if runner in chosen else 0)
        found.setdefault(key, []).append(result)
    return [_curve(members, axes[members[0].record.workload]) for members in found.values()]


def _runner(result: Result) -> tuple[str, str, str, str]:
    record = result.record
    return (record.workload, record.model, record.device, record.interpreter)


def _with_several_workers(results: Sequence[Result]) -> set[tuple[str, str, str, str]]:
    """Return the runners with several numbers of workers at one size."""
    counts = Counter((_runner(result), result.record.size) for result in results)
    return {runner for (runner, _), count in counts.items() if count > 1}


def _curve(members: Sequence[Result], axis: Axis) -> Curve:
    from raceway.analysis.run.crossing import crossover_of  # noqa: PLC0415 (numpy: not before a title)

    points = sorted(
        (point for each in members if (point := _point(each, axis))),
        key=lambda point: point.magnitude,
    )
    first = members[0].record
    return Curve(first.workload, first.kind, tuple(members), crossover_of(points), axis)


def _point(result: Result, axis: Axis) -> CrossoverPoint | None:
    """Return a size as a point of the crossover; None if it says nothing, or has one launch."""
    magnitude, serial_s = magnitude_of(result, axis), result.serial.pass_s
    if result.over is None or magnitude is None or serial_s is None or magnitude <= 0:
        return None
    if is_too_good(result) or not is_telling(result):
        return None
    centre = result.peers.centre(result.over, result.record)
    return (
        CrossoverPoint(magnitude=magnitude, serial_s=serial_s, log_speedup=centre)
        if centre
        else None
    )
