"""`asyncio.TaskGroup` on one event loop: what structured concurrency costs beside `gather`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Model, Scope, Workers
from raceway.lap import over_event_loop

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def task_groups(job: Job) -> AbstractContextManager[Runner]:
    """Keep one event loop open."""
    return over_event_loop(job, in_a_group)


async def in_a_group(*coroutines: Coroutine[Any, Any, Any]) -> list[Any]:
    """Await all at once; the first error ends the others."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in coroutines]
    return [task.result() for task in tasks]


MODEL = Model(
    summary="asyncio.TaskGroup on one event loop",
    open=task_groups,
    family=Family.EVENT_LOOP,
    workers=Workers.ALL,
    scope=Scope.FULL,
    needs=("async_task",),
    colour="#7a7c3a",
    shape="M-1,-0.5L1,-0.5L1,0.5L-1,0.5Z",
    recipe="""
import asyncio

def {name}(items):
    async def grouped():
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task({coroutine}(item)) for item in items]
        return [task.result() for task in tasks]

    return asyncio.run(grouped())
""",
)
