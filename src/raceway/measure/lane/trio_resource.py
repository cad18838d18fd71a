"""Inside a lane: what a workload sets up for its tasks on trio, once in each run of trio.

Standard library only; trio is imported where it runs already. A system task of trio enters the
setup where a task first asks for it, and leaves it when the run ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from raceway.case import Workload


@dataclass(frozen=True, slots=True)
class WithTrioResource:
    """A task for trio that is given what its run holds."""

    task: Callable[..., Any]
    setup: Callable[..., AbstractAsyncContextManager[Any]] | None
    given: tuple[Any, ...] = ()
    """What `setup` takes: the address of the workload's server, if it has one."""

    async def __call__(self, argument: Any) -> Any:
        """Run the task on an argument."""
        if self.setup is None:
            return await self.task(argument, resource=self.given[0])
        return await self.task(argument, resource=await run_resource(self.setup, self.given))


def trio_task_of(work: Workload, given: tuple[Any, ...]) -> Callable[..., Any] | None:
    """Return the task for trio, with its resource if it takes one; None if there is none."""
    if work.trio_task is None or (work.trio_setup is None and not given):
        return work.trio_task
    return WithTrioResource(work.trio_task, work.trio_setup, given)


@dataclass(slots=True)
class Held:
    """What a run of trio holds, or will."""

    made: Any
    """An event of trio's: that it is there, or failed."""
    resource: Any = None
    error: Exception | None = None


runs: dict[Any, Held] = {}
"""By the token of a run."""


async def run_resource(setup: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """Return what this run of trio holds, entering `setup` if it holds nothing yet."""
    import trio  # noqa: PLC0415 (an extra, and running already)

    run = trio.lowlevel.current_trio_token()
    held = runs.get(run)
    if held is None:
        held = runs[run] = Held(trio.Event())
        trio.lowlevel.spawn_system_task(hold, run, setup, given)
    if not held.made.is_set():
        await held.made.wait()
    if held.error:
        raise held.error
    return held.resource


async def hold(run: Any, setup: Callable[..., Any], given: tuple[Any, ...]) -> None:
    """Hold a resource until the run ends; what it does then is not cut short."""
    import trio  # noqa: PLC0415 (as above)

    held = runs[run]
    try:
        manager = setup(*given)
        held.resource = await manager.__aenter__()
    except Exception as error:  # noqa: BLE001 (a user's: raised in the tasks, which can tell)
        held.error = error
        return
    finally:
        held.made.set()
    try:
        await trio.sleep_forever()
    finally:
        del runs[run]
        with trio.CancelScope(shield=True):
            await manager.__aexit__(None, None, None)
