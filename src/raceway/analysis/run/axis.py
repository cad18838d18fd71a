"""What makes one size of a workload larger than another: what a task costs, or how many there are.

Sizes stand in the order declared; the axis says along what they are compared, and from where on a
model pays.
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
    """Along what the sizes of a workload differ most."""

    COST = "cost"
    """Seconds of a task of serial."""
    TASKS = "tasks"
    """Tasks under way at once."""


def axes_of(results: Iterable[Result]) -> dict[str, Axis]:
    """Return the axis of each workload."""
    members: dict[str, list[Result]] = {}
    for result in results:
        members.setdefault(result.record.workload, []).append(result)
    return {workload: axis_of(each) for workload, each in members.items()}


def axis_of(members: Sequence[Result]) -> Axis:
    """Return the axis of one workload: where its sizes are spread furthest.

    Where they are not spread at all, tasks that wait are counted, others are timed.
    """
    costs, tasks = (
        _spread(magnitude_of(each, axis) for each in members) for axis in (Axis.COST, Axis.TASKS)
    )
    if max(costs, tasks) == 0:
        return Axis.TASKS if members[0].record.kind == Kind.IO else Axis.COST
    return Axis.TASKS if tasks > costs else Axis.COST


def magnitude_of(result: Result, axis: Axis) -> float | None:
    """Return how large a size is along an axis; None if its serial case has no time."""
    if axis is Axis.TASKS:
        return float(result.record.tasks)
    serial_s = result.serial.pass_s
    return None if serial_s is None else serial_s / result.record.tasks


def _spread(magnitudes: Iterable[float | None]) -> float:
    """Return the logarithm of the largest over the smallest, without what is only noise."""
    known = [each for each in magnitudes if each]
    return round(log(max(known) / min(known)), 1) if known else 0.0
