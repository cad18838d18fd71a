"""`asyncio.gather` with eager tasks, which run at once up to their first wait."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from raceway.case import Family, Model, Scope, Workers
from raceway.lap import over_event_loop

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def eager_loop(job: Job) -> AbstractContextManager[Runner]:
    """Keep one event loop open whose tasks start without waiting for their turn."""
    return over_event_loop(job, asyncio.gather, loop_of_eager_tasks)


def loop_of_eager_tasks() -> asyncio.AbstractEventLoop:
    """Return an event loop; the factory came with Python 3.12."""
    loop = asyncio.new_event_loop()
    loop.set_task_factory(asyncio.eager_task_factory)  # type: ignore[attr-defined] # since 3.12
    return loop


MODEL = Model(
    summary="asyncio.gather with eager tasks",
    open=eager_loop,
    family=Family.EVENT_LOOP,
    workers=Workers.ALL,
    scope=Scope.FULL,
    needs=("async_task",),
    python=(3, 12),
    colour="#c283cd",
    shape="M-1,0.9L0,-0.9L1,0.9L0,0.3Z",
    recipe="""
import asyncio

def {name}(items):
    async def gathered():
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
        return await asyncio.gather(*map({coroutine}, items))

    return asyncio.run(gathered())
""",
)
