"""`asyncio.gather` on one event loop; a task without a coroutine function blocks it."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Model, Workers
from raceway.lap import Lap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def gather(job: Job) -> Iterator[Runner]:
    """Keep one event loop open; the clock is read inside the coroutine.

    `Runner.run` is avoided: its signal handler formats the task, with all its answers.
    """

    async def blocking(argument: Any) -> Any:
        return job.task(argument)

    task = job.async_task or blocking

    async def lap(loops: int) -> Lap:
        answers: list[Any] = []
        start_ns = time.perf_counter_ns()
        for _ in range(loops):
            answers = await asyncio.gather(*map(task, job.arguments))
        return Lap(time.perf_counter_ns() - start_ns, answers)

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        yield lambda loops: loop.run_until_complete(lap(loops))


MODEL = Model(
    summary="asyncio.gather on one event loop",
    open=gather,
    family=Family.EVENT_LOOP,
    workers=Workers.ALL,
    colour="#8f560d",
    shape="square",
    recipe="""
import asyncio

def {name}(items):
    async def gathered():
        return await asyncio.gather(*map({coroutine}, items))

    return asyncio.run(gathered())
""",
)
