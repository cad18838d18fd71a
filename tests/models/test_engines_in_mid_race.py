"""What is killed of dask or ray in mid-race: its own case fails with the cause, others go on."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from raceway.errors import ExitCode
from raceway.record import Status
from support.dask_cluster import dask_cluster
from support.mid_race import (
    is_called,
    killed,
    killed_in_mid_race,
    write_held,
)

if TYPE_CHECKING:
    from pathlib import Path

    import psutil

    from support.mid_race import Kill, MidRace, Outcome

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs signals"),
]
PACKAGES = {"dask": "distributed", "ray": "ray"}
WORKERS = {"dask": ("spawn_main",), "ray": ("ray::IDLE", "ray::run")}
"""In the command lines of an engine's workers."""
DIED = {
    ("dask", "busy"): r"a worker of dask ended while it ran a task \(tcp://127\.0\.0\.1:\d+\)",
    ("dask", "idle"): r"of 2 workers of dask, 1 ended: tcp://127\.0\.0\.1:\d+",
    ("ray", "busy"): r"a worker of ray ended while it ran a task",
    ("ray", "idle"): r"of 2 workers of ray, 1 ended",
}
ONCE = [Status.OK, Status.FAILED, Status.OK]
"""The launches of a case whose cluster is a new one each time."""
FOR_GOOD = [Status.OK, Status.FAILED, Status.FAILED]
NO_CLUSTER = {
    "DASK_SCHEDULER_ADDRESS": "", "RAY_ADDRESS": "",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "3s",
}  # fmt: skip


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Return a folder with the work to race."""
    write_held(tmp_path)
    return tmp_path


def raced(folder: Path, engine: str, kill: Kill, **where: str) -> Outcome:
    """Race an engine beside two other models, and kill something of it."""
    pytest.importorskip(PACKAGES[engine])
    options = ("work.py", f"--models=serial,threads,{engine}", "--workers=2")
    return killed_in_mid_race(folder, kill, *options, more={**NO_CLUSTER, **where})


def check(outcome: Outcome, engine: str, reason: str, launches: list[Status]) -> None:
    """Hold that the engine alone failed, for that reason, in those launches, and left nothing."""
    record = outcome.record(engine)

    assert outcome.failed == [record], outcome.said
    assert re.fullmatch(reason, record.reason), record.reason
    assert [launch.status for launch in record.launches] == launches
    assert outcome.exit_code == ExitCode.FAILED
    assert outcome.went_on()
    assert outcome.left == []


def workers_in(family: list[psutil.Process], engine: str) -> list[psutil.Process]:
    """Return the workers of an engine."""
    return [each for each in family if is_called(each, *WORKERS[engine])]


@pytest.mark.parametrize("state", ["busy", "idle"])
@pytest.mark.parametrize("engine", ["dask", "ray"])
def test_a_worker_that_is_killed_fails_its_own_case_in_that_launch_alone(
    work: Path, engine: str, state: str
) -> None:
    def kill(race: MidRace) -> None:
        busy = race.held()
        idle = [each for each in workers_in(race.family(), engine) if each not in busy]
        killed(busy if state == "busy" else idle)

    check(raced(work, engine, kill), engine, DIED[engine, state], ONCE)


def test_the_raylet_of_ray_that_is_killed_fails_its_own_case(work: Path) -> None:
    def kill(race: MidRace) -> None:
        race.held()
        killed([each for each in race.family() if each.name() == "raylet"])

    check(raced(work, "ray", kill), "ray", "ray's raylet has gone.*", ONCE)


def test_a_worker_of_a_dask_cluster_that_is_there_fails_what_needs_it(
    work: Path, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    with dask_cluster(tmp_path) as cluster:

        def kill(race: MidRace) -> None:
            killed(race.held())

        outcome = raced(work, "dask", kill, DASK_SCHEDULER_ADDRESS=cluster.address)

    # Workers started by hand are on the host's own address; the last look may find it gone.
    ended = "|".join(
        DIED["dask", how].replace(r"127\.0\.0\.1", r"[\d.]+") for how in ("busy", "idle")
    )
    check(outcome, "dask", ended, FOR_GOOD)
    assert outcome.record("dask").launches[-1].reason.endswith("--workers 1")


def test_the_scheduler_of_a_dask_cluster_that_is_there_fails_what_needs_it(
    work: Path, tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    with dask_cluster(tmp_path) as cluster:

        def kill(race: MidRace) -> None:
            race.held()
            cluster.scheduler.kill()

        outcome = raced(work, "dask", kill, DASK_SCHEDULER_ADDRESS=cluster.address)

    check(outcome, "dask", "dask's scheduler has gone, or cannot be reached any more", FOR_GOOD)
    assert outcome.record("dask").launches[-1].reason.startswith("no dask scheduler answers at tcp")
