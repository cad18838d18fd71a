"""Measures the peaks of every device that tensor cases race on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.errors import LaneError
from raceway.measure.control.lanes import ask_once
from raceway.record import Peak

if TYPE_CHECKING:
    from raceway.measure.group.plan import Plan
    from raceway.measure.scratch.reaper import Reaper
    from raceway.plan.selection import Interpreter

PEAK_TIMEOUT_S = 120.0


async def measured_peaks(plan: Plan, reaper: Reaper) -> list[Peak]:
    """Return the peak of each device and interpreter with tensor cases, unless it fails."""
    wanted = {
        (entrant.case.interpreter, entrant.case.device)
        for entrant in plan.entrants
        if entrant.demand.flops or entrant.demand.moved_bytes
    }
    asked = [
        await measured_peak(plan, interpreter, device, reaper)
        for interpreter in plan.interpreters
        for label, device in sorted(wanted)
        if label == interpreter.label
    ]
    return [peak for peak in asked if peak]


async def measured_peak(
    plan: Plan, interpreter: Interpreter, device: str, reaper: Reaper
) -> Peak | None:
    """Return the peak of a device; None if it fails, so that limits stay unknown."""
    workers = plan.usable_cores if device == "cpu" else 1
    try:
        reply = await ask_once(
            interpreter, plan.catalogue, reaper, PEAK_TIMEOUT_S,
            do="peak", device=device, workers=workers,
        )  # fmt: skip
    except LaneError:
        return None
    return Peak(
        device=device, interpreter=interpreter.label, precision="fp32", workers=workers, **reply
    )
