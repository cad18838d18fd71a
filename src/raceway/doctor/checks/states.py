"""What state follows from what was measured."""

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
    """Return the finding of a check that has nothing to go by, which is no problem."""
    return Finding(check, State.UNKNOWN, NOT_TOLD)


def state_by(bounds: Bounds, value: float) -> State:
    """Return the state of a value by the bounds of what is ok, and of what is a warning."""
    return STATES[bounds.grade(value)]


def worst(states: Iterable[State]) -> State:
    """Return the worst of what is known; unknown if nothing is."""
    all_of_them = set(states)
    known = (state for state in (State.BAD, State.WARN, State.OK) if state in all_of_them)
    return next(known, State.UNKNOWN)


def judged(check: Check, state: State, seen: str, consequence: str, remedy: str) -> Finding:
    """Return the finding; where all is well, nothing follows from it."""
    if state is State.OK:
        return Finding(check, state, seen)
    return Finding(check, state, seen, consequence, remedy)
