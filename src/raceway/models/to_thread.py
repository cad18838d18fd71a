"""`asyncio.to_thread`: an event loop that hands blocking functions to a pool of threads."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Model, Scope
from raceway.lap import over_event_loop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def handed_to_threads(job: Job) -> Iterator[Runner]:
    """Give the loop a pool of as many threads as there are workers; its default is 32 at most."""

    async def task(argument: Any) -> Any:
        return await asyncio.to_thread(job.task, argument)

    def loop_with_threads() -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        loop.set_default_executor(ThreadPoolExecutor(job.workers))
        return loop

    awaited = replace(job, async_task=task)
    with over_event_loop(awaited, asyncio.gather, loop_with_threads) as runner:
        yield runner


MODEL = Model(
    summary="asyncio.to_thread, blocking functions in a pool of threads",
    open=handed_to_threads,
    family=Family.EVENT_LOOP,
    scope=Scope.FULL,
    most_waiting_workers=1_000,
    colour="#ae66c4",
    shape="M0,-1.00L0.26,-0.36L0.95,-0.31L0.43,0.14L0.59,0.81L0,0.45L-0.59,0.81L-0.43,0.14L-0.95,-0.31L-0.26,-0.36Z",
    recipe="""
import asyncio
from concurrent.futures import ThreadPoolExecutor

def {name}(items):
    async def gathered():
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor({workers}))
        return await asyncio.gather(*(asyncio.to_thread({function}, item) for item in items))

    return asyncio.run(gathered())
""",
)
