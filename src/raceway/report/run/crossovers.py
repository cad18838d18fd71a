"""Sizes and crossovers in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.axis import Axis
from raceway.analysis.run.crossover import CrossoverPlace
from raceway.text import numbers

if TYPE_CHECKING:
    from raceway.analysis.run.crossover import Crossover
    from raceway.analysis.run.engines import EngineGain


def crossover_text(crossover: Crossover | None, axis: str) -> str:
    """Return where a model starts to pay, for a table."""
    if crossover is None:
        return numbers.UNKNOWN
    if crossover.reach is CrossoverPlace.WITHIN:
        return f"{magnitude(crossover.magnitude, axis)} {interval(crossover, axis)}"
    if crossover.reach is CrossoverPlace.BELOW and crossover.high:
        return f"{crossover.reach}, at most {_number(crossover.high, axis)}"
    if crossover.reach is CrossoverPlace.BEYOND and crossover.low:
        return f"{crossover.reach}, at least {_number(crossover.low, axis)}"
    return str(crossover.reach)


def engine_text(gain: EngineGain, name: str) -> str:
    """Return from which size an engine beats all else: a cluster, this machine."""
    crossover, axis = gain.crossover, gain.curve.axis
    who = f"the cluster of {name}" if gain.joined else name
    beats = f"{who} beats {'this machine' if gain.joined else 'all other models'}"
    match crossover.reach:
        case CrossoverPlace.WITHIN:
            where = f"{magnitude(crossover.magnitude, axis)} {interval(crossover, axis)}"
            return f"{beats} from {where}"
        case CrossoverPlace.BELOW:
            return f"{beats} at {'every' if len(gain.curve.results) > 1 else 'the'} size measured"
        case CrossoverPlace.BEYOND:
            return f"{beats} at no size measured, perhaps beyond"
        case CrossoverPlace.NEVER:
            return f"{beats} at no size"


def interval(crossover: Crossover, axis: str) -> str:
    """Return the interval of a crossover, whose ends may lie beyond the sizes measured."""
    low = _number(crossover.low, axis) if crossover.low else "below the smallest"
    high = _number(crossover.high, axis) if crossover.high else "beyond the largest"
    return f"[{low}, {high}]"


def magnitude(value: float | None, axis: str) -> str:
    """Return the magnitude of a size: tasks at once, or time or bytes per task."""
    if value is None:
        return numbers.UNKNOWN
    return _number(value, axis) + (" at once" if axis == Axis.TASKS else " a task")


def _number(value: float, axis: str) -> str:
    if axis == Axis.TASKS:
        return numbers.count(round(value), "task")
    return (numbers.short_memory if axis == Axis.BYTES else numbers.short_seconds)(value)
