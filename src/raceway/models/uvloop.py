"""`asyncio.gather` on uvloop's event loop, written in Cython over libuv."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from raceway.case import Family, Model, Scope, Workers
from raceway.lap import over_event_loop

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def libuv_loop(job: Job) -> AbstractContextManager[Runner]:
    """Keep one of uvloop's event loops open."""
    import uvloop  # noqa: PLC0415 (an extra: imported where it is needed)

    return over_event_loop(job, asyncio.gather, uvloop.new_event_loop)


MODEL = Model(
    summary="asyncio.gather on uvloop",
    open=libuv_loop,
    family=Family.EVENT_LOOP,
    workers=Workers.ALL,
    scope=Scope.DEFAULT,
    needs=("async_task",),
    requires=("uvloop",),
    extra="uvloop",
    colour="#8b6a87",
    shape="M-0.5,-1L0.5,-1L0.5,1L-0.5,1Z",
    recipe="""
import asyncio
import uvloop

def {name}(items):
    async def gathered():
        return await asyncio.gather(*map({coroutine}, items))

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(gathered())
""",
)
