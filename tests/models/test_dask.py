"""dask's clusters: started here, or there already; what is lost of them fails the case."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import LaneError
from raceway.measure.control import ending
from raceway.plan.catalogue import discover
from raceway.plan.engines import engines_of
from support.dask_cluster import Cluster, dask_cluster
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from raceway.measure.control.client import LaneClient
    from support.brought import Bring
    from support.lanes import StartLane, Strays

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow

WORK = """
import os, signal, time
def task(number):
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(number)
    return {"slept": number}
WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, expected=lambda number: {"slept": number},
    sizes={"few": (0.01, 0.02, 0.0, 0.0), "deadly": (0.0, -1.0)},
)
"""
SETS_UP = """
import os, threading
from contextlib import contextmanager
ENTERED = []
@contextmanager
def setup():
    ENTERED.append(1)
    yield threading.get_ident()
def task(number, resource):
    return resource == threading.get_ident() and len(ENTERED) == 1
WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, setup=setup, sizes={"few": range(6)},
    expected=lambda number: True,
)
"""


OWN_CLASS = """
from dataclasses import dataclass
@dataclass(frozen=True)
class Point:
    x: int
def task(point):
    return Point(-point.x)
WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, expected=task, sizes={"few": (Point(1), Point(2))}
)
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """Return a cluster of two workers."""
    with dask_cluster(tmp_path) as started:
        yield started


@pytest.fixture(autouse=True)
def _much_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a lane take its time to end by itself, however busy the machine is."""
    monkeypatch.setattr(ending, "END_GRACE_S", PATIENCE_S)
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)


@pytest.fixture
def lane_of(bring: Bring, start: StartLane, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that opens dask in a lane, perhaps on a cluster that is there."""

    async def make(
        source: str = WORK, size: str = "few", workers: int = 2, address: str | None = None
    ) -> LaneClient:
        bring(source)
        sys.modules.pop("raceway_workload_mine")
        catalogue = discover([tmp_path / "mine.py"], engines=engines_of(address, []))
        lane = await start(catalogue)
        await lane.ask("prepare", PATIENCE_S, workload="mine", size=size, device="cpu")
        await opened(lane, workers)
        return lane

    return make


async def opened(lane: LaneClient, workers: int = 2) -> dict[str, Any]:
    return await lane.ask(
        "open", PATIENCE_S, model="dask", workers=workers, reference=False, audit=False
    )


async def went(lane: LaneClient, rounds: int = 2) -> dict[str, Any]:
    return await lane.ask("go", PATIENCE_S, rounds=rounds, anchored=False)


async def closed(lane: LaneClient) -> None:
    assert (await lane.ask("close", PATIENCE_S))["left_behind"] == []
    await lane.quit()


@pytest.mark.parametrize("source", [WORK, SETS_UP, OWN_CLASS])
async def test_a_cluster_that_is_there_races_what_nobody_installed_there(
    cluster: Cluster, lane_of: Callable[..., Any], strays: Strays, source: str
) -> None:
    lane = await lane_of(source, address=cluster.address)

    assert len((await went(lane))["rounds_ns"]) == 2
    assert (await lane.ask("close", PATIENCE_S))["left_behind"] == []
    how = {"model": "dask", "workers": 2, "times": 1, "kept": 200, "most_s": 0.0}
    assert (await lane.ask("latency", PATIENCE_S, **how))["latency_count"] > 0
    await lane.quit()
    assert strays() == []
    assert all(process.poll() is None for process in (cluster.scheduler, *cluster.workers))


async def test_built_in_work_is_raced_on_a_cluster_that_is_there(
    cluster: Cluster, start: StartLane
) -> None:
    lane = await start(discover(engines=engines_of(cluster.address, [])))
    await lane.ask("prepare", PATIENCE_S, workload="primes", size="100", device="cpu")
    engine = (await opened(lane))["engine"]

    assert engine.pop("round_trip_s") > 0
    assert engine == {"workers": 2, "hosts": 1, "joined": True}
    await went(lane)
    await closed(lane)


async def test_a_cluster_of_other_workers_says_how_many_there_are(
    cluster: Cluster, lane_of: Callable[..., Any]
) -> None:
    with pytest.raises(LaneError, match=r"^the cluster at tcp://.* has no 3 workers .*--workers 2"):
        await lane_of(workers=3, address=cluster.address)


async def test_no_more_of_a_cluster_races_than_was_asked_for(
    cluster: Cluster, lane_of: Callable[..., Any]
) -> None:
    lane = await lane_of(workers=1, address=cluster.address)

    (round_ns,) = (await went(lane, 1))["rounds_ns"]

    assert round_ns >= 0.03e9
    await closed(lane)


async def test_an_address_at_which_nobody_answers_is_named(
    lane_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")

    with pytest.raises(LaneError, match=r"^no dask scheduler answers at tcp://127\.0\.0\.1:1 \("):
        await lane_of(address="tcp://127.0.0.1:1")


async def test_a_worker_that_dies_on_a_cluster_fails_the_case(
    cluster: Cluster, lane_of: Callable[..., Any]
) -> None:
    lane = await lane_of(address=cluster.address)
    await went(lane)
    cluster.workers[0].kill()
    cluster.workers[0].wait()

    with pytest.raises(LaneError, match="of 2 workers of dask, 1 ended: tcp://"):
        await went(lane, 60)


async def test_a_scheduler_that_dies_fails_the_case(
    cluster: Cluster, lane_of: Callable[..., Any], strays: Strays
) -> None:
    lane = await lane_of(address=cluster.address)
    await went(lane)
    cluster.scheduler.kill()
    cluster.scheduler.wait()

    with pytest.raises(LaneError, match="dask's scheduler has gone"):
        await went(lane)
    await lane.end()
    assert strays() == []


async def test_a_task_that_kills_its_worker_fails_the_case(
    lane_of: Callable[..., Any],
) -> None:
    with pytest.raises(LaneError, match="a worker of dask ended while it ran a task"):
        await lane_of(size="deadly")


async def test_a_worker_here_that_is_killed_fails_the_case_and_leaves_nothing(
    lane_of: Callable[..., Any], strays: Strays
) -> None:
    lane = await lane_of()
    victim = next(
        process for process in lane.family() if "spawn_main" in " ".join(process.cmdline())
    )
    os.kill(victim.pid, signal.SIGKILL)

    with pytest.raises(LaneError, match=r"of 2 workers of dask, 1 ended|a worker of dask ended"):
        await went(lane, 60)
    await lane.end()
    assert strays() == []
