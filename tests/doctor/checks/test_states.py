from __future__ import annotations

import pytest

from raceway.analysis.run.grading import Bounds
from raceway.doctor.checks.states import state_by, worst
from raceway.doctor.findings import State


@pytest.mark.parametrize(
    ("value", "state"),
    [(0.0, State.OK), (0.1, State.OK), (0.15, State.WARN), (0.2, State.WARN), (0.3, State.BAD)],
)
def test_less_is_better_up_to_both_bounds(value: float, state: State) -> None:
    assert state_by(Bounds(0.1, 0.2), value) is state


@pytest.mark.parametrize(
    ("value", "state"),
    [(1.0, State.OK), (0.9, State.OK), (0.8, State.WARN), (0.75, State.WARN), (0.7, State.BAD)],
)
def test_more_is_better_down_to_both_bounds(value: float, state: State) -> None:
    assert state_by(Bounds(0.9, 0.75), value) is state


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([State.OK, State.BAD, State.WARN], State.BAD),
        ([State.OK, State.WARN], State.WARN),
        ([State.UNKNOWN, State.OK], State.OK),
        ([], State.UNKNOWN),
    ],
)
def test_the_worst_that_is_known_counts(states: list[State], state: State) -> None:
    assert worst(states) is state
