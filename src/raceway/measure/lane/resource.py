"""Inside a lane and its workers: what a workload sets up for its tasks, once in each worker.

Standard library only. A resource is made where a task first asks for it, in a pass that is not
timed, so that models need not know of it. It is left when its worker ends: a thread's with the
case, a process's at its exit, an event loop's before it closes.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager, AbstractContextManager

    from raceway.case import Workload

EXIT_PRIORITY = 100
"""For multiprocessing, whose processes skip atexit: before queues and managers end."""


@dataclass(frozen=True, slots=True)
class WithResource:
    """A task that is given its worker's resource. It can be pickled."""

    task: Callable[..., Any]
    setup: Callable[..., AbstractContextManager[Any]] | None
    given: tuple[Any, ...] = ()
    """What `setup` takes: the address of the workload's server, if it has one."""

    def __call__(self, argument: Any) -> Any:
        """Run the task on an argument."""
        return self.task(argument, resource=worker_resource(self.setup, self.given))


@dataclass(frozen=True, slots=True)
class WithLoopResource:
    """A task to await that is given its event loop's resource."""

    task: Callable[..., Any]
    setup: Callable[..., AbstractAsyncContextManager[Any]] | None
    given: tuple[Any, ...] = ()

    async def __call__(self, argument: Any) -> Any:
        """Run the task on an argument."""
        resource = await loop_resource(self.setup, self.given)
        return await self.task(argument, resource=resource)


def task_of(work: Workload, given: tuple[Any, ...]) -> Callable[..., Any]:
    """Return the task of a workload, with its resource if it takes one."""
    takes_none = work.setup is None and not given
    return work.task if takes_none else WithResource(work.task, work.setup, given)


def async_task_of(work: Workload, given: tuple[Any, ...]) -> Callable[..., Any] | None:
    """Return the same for the task to await; None if there is none."""
    if work.async_task is None or (work.async_setup is None and not given):
        return work.async_task
    return WithLoopResource(work.async_task, work.async_setup, given)


class Held(NamedTuple):
    """What a thread holds."""

    pid: int
    """A forked child must not use its parent's."""
    setup: Callable[..., Any]
    resource: Any


class HeldHere(WeakKeyDictionary[threading.Thread, Held]):
    """What each thread holds. It is empty in the process that it is sent to."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Send nothing of it."""
        return HeldHere, ()


class LeavingHere(dict[int, ExitStack]):
    """How each process leaves what its threads hold. It is empty where it is sent to."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Send nothing of it."""
        return LeavingHere, ()


_held = HeldHere()
"""By thread, not in a `threading.local`: gevent's threads are greenlets, which would share that."""
_leaving = LeavingHere()
"""By process, how to leave what its threads hold."""
_loops: dict[Any, tuple[AsyncGenerator[Any, None], asyncio.Task[Any]]] = {}
"""By event loop, what holds its resource, and the resource itself, or soon."""


def worker_resource(setup: Callable[..., Any] | None, given: tuple[Any, ...]) -> Any:
    """Return what this thread holds, entering `setup` if it holds nothing yet."""
    if setup is None:
        return given[0]
    thread, pid = threading.current_thread(), os.getpid()
    held = _held.get(thread)
    if held is None or held.pid != pid or held.setup != setup:
        held = _held[thread] = Held(pid, setup, _stack().enter_context(setup(*given)))
    return held.resource


def leave_all() -> None:
    """Leave all that threads of this process hold, the last one first."""
    _held.clear()
    if stack := _leaving.pop(os.getpid(), None):
        stack.close()


def _stack() -> ExitStack:
    """Return how to leave what this process holds, at its end at the latest."""
    mine = ExitStack()
    stack = _leaving.setdefault(os.getpid(), mine)  # another thread may be as far
    if stack is mine:
        atexit.register(leave_all)
        if util := sys.modules.get("multiprocessing.util"):
            util.Finalize(None, leave_all, exitpriority=EXIT_PRIORITY)
    return stack


async def loop_resource(setup: Callable[..., Any] | None, given: tuple[Any, ...]) -> Any:
    """Return what this event loop holds, entering `setup` if it holds nothing yet.

    The loop leaves it: before it closes, it closes the asynchronous generators begun in it.
    """
    if setup is None:
        return given[0]
    import asyncio  # noqa: PLC0415 (slow to import, and running already)

    loop = asyncio.get_running_loop()
    if loop not in _loops:
        held = holding(loop, setup, given)
        _loops[loop] = held, loop.create_task(begun(held))
    _, made = _loops[loop]
    return made.result() if made.done() else await asyncio.shield(made)


async def begun(held: AsyncGenerator[Any, None]) -> Any:
    """Return what a generator yields first."""
    return await anext(held)


async def holding(
    loop: Any, setup: Callable[..., Any], given: tuple[Any, ...]
) -> AsyncGenerator[Any, None]:
    """Hold a resource until closed."""
    try:
        async with setup(*given) as resource:
            yield resource
    finally:
        del _loops[loop]
