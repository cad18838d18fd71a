"""Real lanes whose tasks do what a test says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.control import ending
from support.lanes import PATIENCE_S, TASK

if TYPE_CHECKING:
    from raceway.measure.control.client import LaneClient
    from support.brought import Bring
    from support.lanes import BringTask, OpenCase, StartLane, StartWith


@pytest.fixture(autouse=True)
def _little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait long for what will not end by itself."""
    monkeypatch.setattr(ending, "END_GRACE_S", 0.3)


@pytest.fixture
def bring_task(bring: Bring) -> BringTask:
    """Return a function that returns the catalogue with a workload whose tasks do this."""
    return lambda body: bring(TASK.format(body=body))


@pytest.fixture
def start_with(bring_task: BringTask, start: StartLane) -> StartWith:
    """Return a function that starts a lane whose tasks do this, and prepares them."""

    async def make(body: str = "pass", *command: str) -> LaneClient:
        lane = await start(bring_task(body), *([command] if command else []))
        await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
        return lane

    return make


@pytest.fixture
def open_case() -> OpenCase:
    """Return a function that opens what a lane has prepared."""

    async def make(lane: LaneClient, model: str = "serial", timeout_s: float = PATIENCE_S) -> Any:
        return await lane.ask(
            "open", timeout_s, model=model, workers=2, reference=False, audit=False
        )

    return make
