"""Groups whose lanes and clock are simulated."""

from __future__ import annotations

import pytest

from raceway.measure.group import group as groups
from raceway.measure.group.noise import Counters
from support.simulated import SimulatedTrack


@pytest.fixture
def track(monkeypatch: pytest.MonkeyPatch) -> SimulatedTrack:
    """Return a track whose clock is the group's."""
    simulated = SimulatedTrack()
    monkeypatch.setattr(groups, "time", simulated.clock)
    monkeypatch.setattr(Counters, "read", lambda: Counters(simulated.clock.now_s, None, None))
    return simulated
