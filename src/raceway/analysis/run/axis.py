"""The axis of a workload's sizes: the cost of a task, the number of tasks, or their bytes.

Sizes keep the order declared; crossovers are measured along the axis.
"""

from __future__ import annotations

from enum import StrEnum
from math import log
from typing import TYPE_CHECKING

from raceway.case import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.analysis.run.results import Result


class Axis(StrEnum):
    """That in which the sizes of a workload differ most."""

    COST = "cost"
    """Seconds per task in serial."""
    TASKS = "tasks"
    """Tasks under way at once."""
    BYTES = "bytes"
    """Bytes that are handed over with a task, as far as declared."""


def axes_of(results: Iterable[Result]) -> dict[str, Axis]:
    """Return the axis of each workload."""
    members: dict[str, list[Result]] = {}
    for result in results:
        members.setdefault(result.record.workload, []).append(result)
    return {workload: axis_of(each) for workload, each in members.items()}


def axis_of(members: Sequence[Result]) -> Axis:
    """Return the axis along which the sizes of a workload spread most.

    If they do not differ, it is the number of tasks for work that waits, else the cost. Where more
    bytes cost as much more, it is the cost, since that tells of other work as well.
    """
    spreads = {axis: _spread(magnitude_of(each, axis) for each in members) for axis in Axis}
    if max(spreads.values()) == 0:
        return Axis.TASKS if members[0].record.kind == Kind.IO else Axis.COST
    return max(Axis, key=spreads.__getitem__)  # the first of equal ones


def magnitude_of(result: Result, axis: Axis) -> float | None:
    """Return the magnitude of a size along an axis.

    None if its serial case has no time, or nothing is declared of its bytes.
    """
    if axis is Axis.TASKS:
        return float(result.record.tasks)
    if axis is Axis.BYTES:
        return result.record.payload_bytes / result.record.tasks or None
    serial_s = result.serial.pass_s
    return None if serial_s is None else serial_s / result.record.tasks


def _spread(magnitudes: Iterable[float | None]) -> float:
    """Return the logarithm of largest over smallest, rounded to ignore noise."""
    known = [each for each in magnitudes if each]
    return round(log(max(known) / min(known)), 1) if known else 0.0
