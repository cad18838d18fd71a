"""`asyncio.gather` on one event loop; a task without a coroutine function blocks it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from raceway.case import Family, Model, Workers
from raceway.lap import over_event_loop

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def event_loop(job: Job) -> AbstractContextManager[Runner]:
    """Keep one event loop open."""
    return over_event_loop(job, asyncio.gather)


MODEL = Model(
    summary="asyncio.gather on one event loop",
    open=event_loop,
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
