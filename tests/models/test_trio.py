"""trio stays open from pass to pass, in a thread, and holds what a workload sets up there."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from raceway.lap import Job
from raceway.measure.lane import trio_resource
from raceway.measure.lane.trio_resource import WithTrioResource
from raceway.models import trio as model

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

trio = pytest.importorskip("trio", reason="trio is not installed")
EVENTS: list[str] = []


@pytest.fixture(autouse=True)
def _no_events() -> None:
    EVENTS.clear()


@asynccontextmanager
async def session(*address: str) -> AsyncIterator[str]:
    """Take some time to enter and to leave."""
    await trio.sleep(0.01)
    EVENTS.append("entered")
    try:
        yield f"session{''.join(address)}"
    finally:
        await trio.sleep(0.01)
        EVENTS.append("left")


async def answer(number: int, resource: str) -> str:
    await trio.sleep(0)
    return f"{number} through {resource}"


async def negative(number: int) -> int:
    await trio.sleep(0)
    return -number


async def run_of(_: int) -> Any:
    await trio.sleep(0)
    return trio.lowlevel.current_trio_token()


async def refuse(number: int) -> int:
    raise ValueError(f"not {number}")


def threads() -> set[threading.Thread]:
    return set(threading.enumerate())


def job(task: Any, tasks: int = 3) -> Job:
    return Job(abs, range(tasks), trio_task=task)


def test_tasks_answer_in_order_lap_after_lap() -> None:
    with model.MODEL.open(job(negative, 20)) as runner:
        laps = [runner(loops) for loops in (1, 3)]

    assert [lap.answers for lap in laps] == [[-number for number in range(20)]] * 2
    assert all(lap.elapsed_ns > 0 for lap in laps)


def test_all_laps_are_in_one_run_of_trio() -> None:
    with model.MODEL.open(job(run_of)) as runner:
        assert len({*runner(1).answers, *runner(2).answers}) == 1


def test_all_tasks_are_under_way_at_the_same_time() -> None:
    there: list[int] = []

    async def meet(number: int) -> str:
        there.append(number)
        with trio.fail_after(30):
            while len(there) < 50:
                await trio.sleep(0)
        return "met"

    with model.MODEL.open(job(meet, 50)) as runner:
        assert runner(1).answers == ["met"] * 50


def test_no_thread_is_left_whether_a_task_failed_or_not() -> None:
    before = threads()
    with pytest.RaisesGroup(ValueError), model.MODEL.open(job(refuse, 1)) as runner:
        runner(1)
    with model.MODEL.open(job(negative)):
        pass

    assert threads() == before


def test_a_run_enters_its_setup_once_and_leaves_it_at_its_end() -> None:
    task = WithTrioResource(answer, session, (" of 7",))
    with model.MODEL.open(job(task, 2)) as runner:
        answers = runner(2).answers
        runner(1)
        assert EVENTS == ["entered"]

    assert answers == ["0 through session of 7", "1 through session of 7"]
    assert EVENTS == ["entered", "left"]
    assert trio_resource.runs == {}


def test_what_setup_raises_is_raised_by_the_tasks() -> None:
    def refused(*_: str) -> Any:
        raise ConnectionRefusedError("nobody listens")

    opened = model.MODEL.open(job(WithTrioResource(answer, refused), 1))
    with (
        pytest.RaisesGroup(pytest.RaisesExc(ConnectionRefusedError, match="nobody listens")),
        opened as runner,
    ):
        runner(1)


def test_without_setup_tasks_take_the_address_itself() -> None:
    with model.MODEL.open(job(WithTrioResource(answer, None, ("port 7",)), 1)) as runner:
        assert runner(1).answers == ["0 through port 7"]
