"""A trio nursery: structured concurrency with an event loop of its own.

Like the other loops, it stays open from pass to pass, so that tasks find their connections again.
Only in a thread can trio go on while its caller does not.
"""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Model, Scope, Workers
from raceway.lap import Lap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def nursery(job: Job) -> Iterator[Runner]:
    """Keep trio running; the clock is read inside."""
    import trio  # noqa: PLC0415 (an extra: imported where it is needed)

    async def lap(loops: int) -> Lap:
        answers: list[Any] = []

        async def answer(number: int, argument: Any) -> None:
            answers[number] = await job.trio_task(argument)  # type: ignore[misc] # it needs one

        start_ns = time.perf_counter_ns()
        for _ in range(loops):
            answers = [None] * len(job.arguments)
            async with trio.open_nursery() as children:
                for number, argument in enumerate(job.arguments):
                    children.start_soon(answer, number, argument)
        return Lap(time.perf_counter_ns() - start_ns, answers)

    with running() as token:
        yield lambda loops: trio.from_thread.run(lap, loops, trio_token=token)


@contextmanager
def running() -> Iterator[Any]:
    """Let trio run in a thread, and yield the token by which it is asked."""
    import trio  # noqa: PLC0415 (as above)

    begun: Future[tuple[Any, Any]] = Future()

    async def until_told() -> None:
        end = trio.Event()
        begun.set_result((trio.lowlevel.current_trio_token(), end))
        await end.wait()

    with ThreadPoolExecutor(1) as thread:
        run = thread.submit(trio.run, until_told)
        token, end = begun.result()
        try:
            yield token
        finally:
            trio.from_thread.run_sync(end.set, trio_token=token)
            run.result()


MODEL = Model(
    summary="a trio nursery",
    open=nursery,
    family=Family.EVENT_LOOP,
    workers=Workers.ALL,
    scope=Scope.FULL,
    needs=("trio_task",),
    requires=("trio",),
    extra="trio",
    colour="#8d4c9f",
    shape="M0,1.00L-0.95,0.31L-0.59,-0.81L0.59,-0.81L0.95,0.31Z",
)
