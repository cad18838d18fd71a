"""What a workload sets up for its tasks: once in each worker, left when the worker ends."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.lane import resource

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from support.spoken import Put

EVENTS: list[str] = []


@contextmanager
def connection(*address: str) -> Iterator[str]:
    """Note how it is entered and left, also by other processes."""
    name = f"{''.join(address)} of {threading.current_thread().name}"
    note(f"entered {name}")
    try:
        yield name
    finally:
        note(f"left {name}")


@asynccontextmanager
async def session(*address: str) -> AsyncIterator[str]:
    """Take some time to enter and to leave."""
    await asyncio.sleep(0.01)
    note("entered")
    try:
        yield f"session{''.join(address)}"
    finally:
        await asyncio.sleep(0.01)
        note("left")


def note(event: str) -> None:
    EVENTS.append(event)
    if path := os.environ.get("NOTED"):
        with Path(path).open("a") as file:
            file.write(f"{event} in {os.getpid()}\n")


def named(number: int, resource: str) -> str:
    return f"{number} through {resource}"


async def awaited(number: int, resource: str) -> str:
    await asyncio.sleep(0.001)
    return f"{number} through {resource}"


@pytest.fixture(autouse=True)
def _no_events() -> Iterator[None]:
    EVENTS.clear()
    yield
    resource.leave_all()


def test_a_task_is_given_what_setup_yields(lane: Any, put_workload: Put) -> None:
    put_workload(named, setup=connection)

    lane.told("prepare")

    assert lane.tasks.expected == [f"{number} through  of MainThread" for number in (-1, -2)]


def test_a_worker_enters_setup_once_and_leaves_it_when_its_case_closes(
    lane: Any, put_workload: Put
) -> None:
    put_workload(named, setup=connection)
    lane.told("prepare")
    lane.told("open")
    lane.told("go", rounds=5)
    assert EVENTS == ["entered  of MainThread"]

    lane.told("close")

    assert EVENTS == ["entered  of MainThread", "left  of MainThread"]


def test_each_thread_holds_its_own(lane: Any, put_workload: Put) -> None:
    barrier = threading.Barrier(2, timeout=60)

    def both(number: int, resource: str) -> str:
        if threading.current_thread() is not threading.main_thread():
            barrier.wait()
        return "" if resource.endswith(threading.current_thread().name) else f"{number} {resource}"

    put_workload(both, setup=connection, expected=lambda _: "")
    lane.told("prepare")
    lane.told("open", model="threads", workers=2)
    lane.told("close")

    assert len(EVENTS) == 4
    assert len({event.removeprefix("left ").removeprefix("entered ") for event in EVENTS}) == 2


def test_a_forked_process_does_not_share_its_parents() -> None:
    task = resource.WithResource(pid_of, own_pid)
    assert task(0) == os.getpid()

    child = os.fork()
    if not child:
        os._exit(0 if task(0) == os.getpid() else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@contextmanager
def own_pid() -> Iterator[int]:
    """Hold the process's number."""
    yield os.getpid()


def pid_of(_: int, resource: int) -> int:
    return resource


@pytest.mark.parametrize("model", ["processes-fork", "pool"])
def test_a_process_leaves_it_when_it_ends(
    lane: Any, put_workload: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    noted = tmp_path / "noted"
    monkeypatch.setenv("NOTED", str(noted))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    put_workload(named, setup=connection, expected=through_connection)
    lane.told("prepare")
    lane.told("open", model=model, workers=2)
    lane.told("close")

    lines = noted.read_text().splitlines()

    entered = {line.rpartition(" ")[2] for line in lines if line.startswith("entered")}
    assert entered
    assert {line.rpartition(" ")[2] for line in lines if line.startswith("left")} == entered


def test_an_event_loop_enters_it_once_for_all_tasks_and_leaves_it_at_its_end(
    lane: Any, put_workload: Put
) -> None:
    put_workload(named, async_task=awaited, async_setup=session, expected=through_session)
    lane.told("prepare")
    lane.told("open", model="asyncio")
    lane.told("go", rounds=3)
    assert EVENTS == ["entered"]

    lane.told("close")

    assert EVENTS == ["entered", "left"]


def through_connection(number: int) -> str:
    return f"{number} through  of MainThread"


def through_session(number: int) -> str:
    return f"{number} through session"


def test_what_setup_raises_fails_the_case_with_its_place(lane: Any, put_workload: Put) -> None:
    @contextmanager
    def refused() -> Iterator[None]:
        raise ConnectionRefusedError("nobody listens")
        yield

    put_workload(named, setup=refused)

    complaint = lane.error("prepare")

    assert complaint.startswith("ConnectionRefusedError: nobody listens (")
    assert "test_resource.py" in complaint


def test_setup_takes_the_address_of_the_server(lane: Any, put_workload: Put) -> None:
    put_workload(named, server=an_address, setup=connection)

    lane.told("prepare")

    assert lane.tasks.expected[0] == "-1 through port 7 of MainThread"


def test_tasks_without_setup_take_the_address_itself(lane: Any, put_workload: Put) -> None:
    put_workload(named, async_task=awaited, server=an_address)
    lane.told("prepare")

    lane.told("open", model="asyncio")
    lane.told("close")

    assert lane.tasks.expected == ["-1 through port 7", "-2 through port 7"]


@contextmanager
def an_address() -> Iterator[str]:
    """Serve nothing."""
    note("serving")
    yield "port 7"
    note("served")


def test_one_server_serves_all_cases_of_a_lane(lane: Any, put_workload: Put) -> None:
    put_workload(named, server=an_address)
    for _ in range(2):
        lane.told("prepare")
        lane.told("open")
        lane.told("close")
    assert EVENTS == ["serving"]

    lane.serving.close()

    assert EVENTS == ["serving", "served"]
