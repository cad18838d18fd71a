from __future__ import annotations

import asyncio

from raceway.lap import Job
from raceway.models import asyncio as model


async def meet(everybody: asyncio.Barrier) -> str:
    """Answer once everybody is there."""
    async with asyncio.timeout(30):
        await everybody.wait()
    return "met"


def test_all_tasks_are_under_way_at_the_same_time() -> None:
    everybody = asyncio.Barrier(50)
    job = Job(abs, [everybody] * 50, async_task=meet)
    with model.MODEL.open(job) as runner:
        assert runner(1).answers == ["met"] * 50


def test_loops_come_one_after_the_other() -> None:
    everybody = asyncio.Barrier(3)
    with model.MODEL.open(Job(abs, [everybody] * 3, async_task=meet)) as runner:
        assert runner(4).answers == ["met"] * 3


def test_a_task_without_a_coroutine_runs_on_the_loop_itself() -> None:
    with model.MODEL.open(Job(lambda _: asyncio.get_running_loop(), (1, 2))) as runner:
        assert len(set(runner(1).answers)) == 1


def test_all_laps_run_on_one_loop() -> None:
    async def loop_of(_: int) -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    with model.MODEL.open(Job(abs, (1, 2), async_task=loop_of)) as runner:
        assert len({*runner(1).answers, *runner(2).answers}) == 1
