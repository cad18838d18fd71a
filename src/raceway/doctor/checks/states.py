"""Which state follows from a measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.doctor.findings import Check, Finding, State
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.analysis.run.grading import Bounds

NOT_TOLD = "the system does not tell"
STATES = {Grade.QUIET: State.OK, Grade.DISTURBED: State.WARN, Grade.NOISY: State.BAD}


def not_told(check: Check) -> Finding:
    """Return the finding of a check without data, which is no problem."""
    return Finding(check, State.UNKNOWN, NOT_TOLD)


def state_by(bounds: Bounds, value: float) -> State:
    """Return the state of a value by its bounds."""
    return STATES[bounds.grade(value)]


def worst(states: Iterable[State]) -> State:
    """Return the worst known state; unknown if none is known."""
    all_of_them = set(states)
    known = (state for state in (State.BAD, State.WARN, State.OK) if state in all_of_them)
    return next(known, State.UNKNOWN)


def finding_of(check: Check, state: State, seen: str, consequence: str, remedy: str) -> Finding:
    """Return the finding, without consequence and remedy if all is well."""
    if state is State.OK:
        return Finding(check, state, seen)
    return Finding(check, state, seen, consequence, remedy)
