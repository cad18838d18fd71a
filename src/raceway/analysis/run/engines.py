"""From which size an engine beats all else that raced: a cluster, this whole machine.

Its time is compared, launch by launch, with that of the fastest other case of each group, as
crossovers compare with serial. The fastest of several looks better than it is, so that an engine
gains no more than is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.run.axis import magnitude_of
from raceway.analysis.run.crossover import CrossoverPoint
from raceway.analysis.run.plausible import is_too_good
from raceway.analysis.run.ranking import is_telling
from raceway.case import Family

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.crossover import Crossover
    from raceway.analysis.run.curves import Curve
    from raceway.analysis.run.results import Result


@dataclass(frozen=True, slots=True)
class EngineGain:
    """Where an engine beats the fastest of all other models."""

    curve: Curve
    crossover: Crossover

    @property
    def joined(self) -> bool:
        """Whether its cluster was there before, perhaps on other machines."""
        engine = self.curve.largest.record.engine
        return engine is not None and engine.joined


def engine_gains(members: Sequence[Result], curves: Sequence[Curve]) -> Iterator[EngineGain]:
    """Yield where each engine beats the others on one workload and interpreter, if known."""
    from raceway.analysis.run.crossing import crossover_of  # noqa: PLC0415 (numpy: not before a title)

    others = [each for each in members if not is_engine(each) and is_fair(each)]
    for curve in curves:
        if is_engine(curve.largest):
            points = [point for each in curve.results if (point := _point(each, others, curve))]
            points.sort(key=lambda point: point.magnitude)
            if crossover := crossover_of(points):
                yield EngineGain(curve, crossover)


def is_engine(result: Result) -> bool:
    """Whether it was raced by an engine."""
    return result.record.family == Family.ENGINES


def is_fair(result: Result) -> bool:
    """Whether its time can be compared with others'."""
    return result.per_pass_s is not None and is_telling(result) and not is_too_good(result)


def _point(result: Result, others: Sequence[Result], curve: Curve) -> CrossoverPoint | None:
    """Return a size of an engine beside its fastest rival; None if it says nothing."""
    rivals = [each for each in others if each.group == result.group]
    rival = min(rivals, key=lambda each: each.per_pass_s or 0.0, default=None)
    magnitude = magnitude_of(result, curve.axis)
    if rival is None or rival.per_pass_s is None or not magnitude or not is_fair(result):
        return None
    centre = result.peers.centre(rival.record, result.record)
    return (
        CrossoverPoint(magnitude=magnitude, serial_s=rival.per_pass_s, log_speedup=centre)
        if centre
        else None
    )
