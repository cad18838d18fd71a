"""Measures the peaks of every device that tensor cases race on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.errors import LaneError
from raceway.measure.control.lanes import ask_once
from raceway.record import Peak

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.demand import Demand
    from raceway.measure.group.plan import Plan
    from raceway.measure.scratch.reaper import Reaper
    from raceway.plan.selection import Interpreter

PEAK_TIMEOUT_S = 120.0


async def measured_peaks(plan: Plan, reaper: Reaper) -> list[Peak]:
    """Return the peaks of each device and interpreter with tensor cases, unless they fail.

    There is one for each precision that is raced there.
    """
    wanted: dict[tuple[str, str], list[Demand]] = {}
    for entrant in plan.entrants:
        if entrant.demand.is_tensor:
            place = (entrant.case.interpreter, entrant.case.device)
            wanted.setdefault(place, []).append(entrant.demand)
    asked = [
        await peaks_of(plan, interpreter, device, demands, reaper)
        for interpreter in plan.interpreters
        for (label, device), demands in sorted(wanted.items(), key=lambda each: each[0])
        if label == interpreter.label
    ]
    return [peak for peaks in asked for peak in peaks]


async def peaks_of(
    plan: Plan, interpreter: Interpreter, device: str, demands: Sequence[Demand], reaper: Reaper
) -> list[Peak]:
    """Return the peaks of a device; none if they fail, so that limits stay unknown."""
    workers = plan.usable_cores if device == "cpu" else 1
    try:
        reply = await ask_once(
            interpreter, plan.catalogue, reaper, PEAK_TIMEOUT_S,
            do="peak", device=device, workers=workers,
            precisions=list(dict.fromkeys(each.precision for each in demands)),
            link=any(each.to_device_bytes or each.from_device_bytes for each in demands),
        )  # fmt: skip
    except LaneError:
        return []
    return [
        Peak(device=device, interpreter=interpreter.label, workers=workers, **each)
        for each in reply["peaks"]
    ]
