"""ray's own processes: what is lost of them fails the case, and nothing of them stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import LaneError
from raceway.measure.control import ending

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.measure.control.client import LaneClient
    from support.brought import Bring
    from support.lanes import StartLane, Strays

pytest.importorskip("ray")
pytestmark = pytest.mark.slow

PATIENCE_S = 240.0
"""ray takes its time to start where much else runs."""
WORK = """
import os, signal, time
def task(number):
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if number > 9:
        raise ValueError(f"{number} is too much")
    return {"given": number}
WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, expected=lambda number: {"given": number},
    sizes={"few": (1, 2, 3), "deadly": (1, -1), "wrong": (1, 10)},
)
"""


@pytest.fixture(autouse=True)
def _much_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lane take its time to end by itself, however busy the machine is."""
    monkeypatch.setattr(ending, "END_GRACE_S", PATIENCE_S)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)


@pytest.fixture
def lane_of(bring: Bring, start: StartLane) -> Callable[..., Any]:
    """Return a function that opens ray in a lane."""

    async def make(size: str = "few") -> LaneClient:
        lane = await start(bring(WORK))
        await lane.ask("prepare", PATIENCE_S, workload="mine", size=size, device="cpu")
        await lane.ask("open", PATIENCE_S, model="ray", workers=2, reference=False, audit=False)
        return lane

    return make


async def test_its_processes_and_files_are_gone_when_a_case_closes(
    lane_of: Callable[..., Any], strays: Strays, temporary: Path
) -> None:
    lane = await lane_of()
    await lane.ask("go", PATIENCE_S, rounds=2, anchored=False)
    assert list(temporary.glob("raceway-*/*/session_*"))  # noqa: ASYNC240 (nothing else waits)

    assert (await lane.ask("close", PATIENCE_S))["left_behind"] == []
    await lane.quit()
    assert strays() == []


async def test_a_task_that_kills_its_worker_fails_the_case(
    lane_of: Callable[..., Any],
) -> None:
    with pytest.raises(LaneError, match="a worker of ray ended while it ran a task"):
        await lane_of("deadly")


async def test_an_exception_of_a_task_is_told_as_its_own(lane_of: Callable[..., Any]) -> None:
    with pytest.raises(LaneError, match=r"^ValueError: 10 is too much"):
        await lane_of("wrong")


async def test_its_scheduler_that_dies_fails_the_case_and_leaves_nothing(
    lane_of: Callable[..., Any], strays: Strays
) -> None:
    lane = await lane_of()
    for process in lane.family():
        if process.name() == "raylet":
            process.kill()

    with pytest.raises(LaneError):
        await lane.ask("go", PATIENCE_S, rounds=2, anchored=False)
    await lane.end()
    assert strays() == []
