"""Workloads with servers in real lanes: servers that die or hang, and lanes that are killed."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from raceway.errors import LaneError
from raceway.plan.catalogue import discover
from raceway.workloads.echo_shared import SIZES
from support.lanes import PATIENCE_S
from support.servers import servers_below

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from raceway.measure.control.client import LaneClient
    from support.lanes import StartLane, StillRunning, Strays

    Serving = Callable[..., Awaitable[LaneClient]]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")

CATALOGUE = discover()
TOLD = {
    "tcp-echo": "ServerGoneError: the echo server does not answer any more: ",
    "http": "ServerGoneError: the HTTP server does not answer any more: ",
    "postgres": "ServerGoneError: PostgreSQL does not answer any more: ",
}
"""How the tasks of a workload tell that its server is gone."""
SLOW = {"postgres"}
"""Those whose server takes seconds to start."""
each_workload = pytest.mark.parametrize(
    "workload",
    [pytest.param(each, marks=[pytest.mark.slow] if each in SLOW else []) for each in TOLD],
)


def skip_unless_possible(workload: str) -> None:
    """Skip what cannot run here."""
    work = CATALOGUE.workloads[workload]
    for package in work.requires:
        pytest.importorskip(package, reason=f"{package} is not installed")
    if reason := work.obstacle() if work.obstacle else "":
        pytest.skip(reason)


@pytest.fixture
def serving(start: StartLane) -> Serving:
    """Return a function that starts a lane and opens a case of a workload in it."""

    async def make(workload: str, model: str = "serial") -> LaneClient:
        skip_unless_possible(workload)
        lane = await start(CATALOGUE)
        asked: dict[str, Any] = {"workload": workload, "size": "10", "device": "cpu"}
        await lane.ask("prepare", PATIENCE_S, **asked)
        how = {"model": model, "workers": 2, "reference": False, "audit": False}
        await lane.ask("open", PATIENCE_S, **how)
        return lane

    return make


def servers_of(lane: LaneClient) -> list[psutil.Process]:
    """Return the servers of a lane and all that they have started."""
    servers = servers_below(lane.process.pid)
    assert servers
    return [process for each in servers for process in (each, *each.children(recursive=True))]


@pytest.mark.parametrize("model", ["serial", "processes-fork", "asyncio"])
@each_workload
async def test_a_server_that_dies_in_mid_case_fails_it_and_is_named(
    serving: Serving, strays: Strays, workload: str, model: str
) -> None:
    lane = await serving(workload, model)
    for process in servers_of(lane):
        process.kill()

    with pytest.raises(LaneError, match=f"^{TOLD[workload]}"):
        await lane.ask("go", PATIENCE_S, rounds=1, anchored=False)

    await lane.end()
    assert strays() == []


@each_workload
async def test_a_killed_lane_leaves_no_server(
    serving: Serving, strays: Strays, still_running: StillRunning, workload: str
) -> None:
    lane = await serving(workload)
    servers = servers_of(lane)
    lane.process.kill()

    await lane.end()

    assert still_running(servers) == []
    assert strays() == []


@each_workload
async def test_a_server_that_hangs_ends_with_its_lane(
    serving: Serving, strays: Strays, still_running: StillRunning, workload: str
) -> None:
    lane = await serving(workload)
    servers = servers_of(lane)
    for process in servers:
        process.send_signal(signal.SIGSTOP)

    await lane.quit()

    assert still_running(servers) == []
    assert strays() == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")
async def test_shared_memory_of_a_killed_lane_is_removed(start: StartLane, strays: Strays) -> None:
    lane = await start(CATALOGUE)
    await lane.ask("prepare", PATIENCE_S, workload="echo-shared", size="1KiB", device="cpu")
    maps = psutil.Process(lane.process.pid).memory_maps()
    memory = [Path(each.path) for each in maps if "/psm_" in each.path]
    assert all(path.exists() for path in memory)
    lane.process.kill()

    await lane.end()

    assert strays() == []
    assert len(memory) == len(SIZES)
    assert [path for path in memory if path.exists()] == []
