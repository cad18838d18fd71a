"""What a model does inside its lane: turn a job into timed laps.

Standard library only. Model files import this and `case`, and nothing else of the package.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from concurrent.futures import Executor
    from types import ModuleType


LOOK_S = 1.0
"""How long a pass of a `multiprocessing.Pool` lasts before a look at its workers."""
TRIPS = 5
"""To a worker of an engine and back, to tell how long that takes."""
INSTALLED = re.compile(r"[\\/](site|dist)-packages[\\/]")
"""In the paths of what is installed."""


@dataclass(frozen=True, slots=True)
class Job:
    """The tasks of one case, as given to a model."""

    task: Callable[[Any], Any]
    arguments: Sequence[Any]
    workers: int = 1
    device: str = "cpu"
    async_task: Callable[[Any], Any] | None = None
    trio_task: Callable[[Any], Any] | None = None
    kernel: Callable[..., Any] | None = None
    """The tensor operations of a task alone, if the workload tells them apart."""
    inputs: Callable[[Any], Sequence[Any]] | None = None
    """What `kernel` is given for an argument."""


class Lap(NamedTuple):
    """How long some passes over all tasks took, and the answers of the last one."""

    elapsed_ns: int
    answers: list[Any]


Runner = Callable[[int], Lap]
"""Runs all tasks the given number of times, with the clock around the work alone."""


def timed(run: Callable[[], list[Any]]) -> Runner:
    """Return a runner that times `run` with the clock right around it."""

    def lap(loops: int) -> Lap:
        answers: list[Any] = []
        start_ns = time.perf_counter_ns()
        for _ in range(loops):
            answers = run()
        return Lap(time.perf_counter_ns() - start_ns, answers)

    return lap


def synchronised(run: Callable[[], list[Any]], synchronise: Callable[[], None]) -> Runner:
    """Return a runner that waits for a device before each reading of the clock.

    Answers are read, as plain numbers, when the clock has stopped.
    """

    def lap(loops: int) -> Lap:
        answers: list[Any] = []
        synchronise()
        start_ns = time.perf_counter_ns()
        for _ in range(loops):
            answers = run()
        synchronise()
        elapsed_ns = time.perf_counter_ns() - start_ns
        return Lap(elapsed_ns, [float(answer) for answer in answers])

    return lap


@contextmanager
def over_event_loop(
    job: Job,
    together: Callable[..., Awaitable[list[Any]]],
    new_loop: Callable[[], AbstractEventLoop] | None = None,
) -> Iterator[Runner]:
    """Run the tasks on one event loop that stays open; the clock is read inside the coroutine.

    `together` takes the coroutines of all tasks and gives their answers in order, when awaited, as
    `asyncio.gather` does. A task without a coroutine function blocks the loop. `Runner.run` is
    avoided: its signal handler formats the task, with all its answers.
    """
    import asyncio  # noqa: PLC0415 (slow to import, and most models do without)

    async def blocking(argument: Any) -> Any:
        return job.task(argument)

    task = job.async_task or blocking

    async def lap(loops: int) -> Lap:
        answers: list[Any] = []
        start_ns = time.perf_counter_ns()
        for _ in range(loops):
            answers = await together(*map(task, job.arguments))
        return Lap(time.perf_counter_ns() - start_ns, answers)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        loop = runner.get_loop()
        yield lambda loops: loop.run_until_complete(lap(loops))


class WorkerDiedError(Exception):
    """A worker of a pool ended, and the pool does not notice."""

    def __init__(self, code: int | None) -> None:
        """Keep the worker's exit code, if it is known."""
        super().__init__("a worker of the pool died")
        self.code = code


@contextmanager
def over_executor(executor: Executor, job: Job, **how: Any) -> Iterator[Runner]:
    """Run the tasks through the `map` of any `concurrent.futures` executor.

    `how` is for `map`, such as `chunksize`.
    """
    with executor:
        yield timed(lambda: list(executor.map(job.task, job.arguments, **how)))


@contextmanager
def over_pool(job: Job, chunksize: int | None = None) -> Iterator[Runner]:
    """Run the tasks through a `multiprocessing.Pool` of forked workers.

    It is closed at the end instead of being killed.
    """
    import multiprocessing  # noqa: PLC0415 (slow to import, and most models do without)

    before = set(threading.enumerate())
    pool = multiprocessing.get_context("fork").Pool(job.workers)
    workers = multiprocessing.active_children()
    threads = set(threading.enumerate()) - before
    broken = threading.Event()

    def mapped() -> list[Any]:
        """Do what `map` does, but wait for no dead worker, nor for a pool that cannot go on."""
        result = pool.map_async(job.task, job.arguments, chunksize)
        while not result.ready():
            result.wait(LOOK_S)
            codes = [worker.exitcode for worker in workers]
            dead = [code for code in codes if code is not None]
            if not result.ready() and (dead or not all(map(alive, threads))):
                broken.set()
                raise WorkerDiedError(max(dead, key=abs, default=None))
        return result.get()

    try:
        yield timed(mapped)
    finally:
        if broken.is_set():
            with suppress(AssertionError):  # a pool whose reading thread has ended cannot be
                pool.terminate()
        else:
            pool.close()
            pool.join()


def alive(thread: threading.Thread) -> bool:
    """Whether a thread of the pool still runs."""
    return thread.is_alive()


class EngineError(Exception):
    """An engine cannot be used, or has lost its scheduler or a worker; the text says all."""


@dataclass(frozen=True, slots=True)
class EngineRunner:
    """A runner that also tells what its engine offers."""

    lap: Runner
    facts: Callable[[], dict[str, Any]]
    """Returns the fields of `record.Engine`."""

    def __call__(self, loops: int) -> Lap:
        """Run a lap."""
        return self.lap(loops)


def usual_s(trip: Callable[[], object]) -> float:
    """Return how long something usually takes: the median of a few times."""
    times_ns = []
    for _ in range(TRIPS):
        start_ns = time.perf_counter_ns()
        trip()
        times_ns.append(time.perf_counter_ns() - start_ns)
    return sorted(times_ns)[TRIPS // 2] / 1e9


def as_function(task: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that runs a task, for engines that take no builtins or callable objects.

    No worker can import it, so that all that it holds is sent along.
    """

    def run(argument: Any) -> Any:
        return task(argument)

    return run


@contextmanager
def sent_by_value(pickling: ModuleType) -> Iterator[None]:
    """Let workers elsewhere get the code itself, where nobody installed it: ours and the user's.

    `pickling` is cloudpickle, or an engine's own copy of it.
    """
    sent = uninstalled()
    for module in sent:
        pickling.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in sent:
            pickling.unregister_pickle_by_value(module)


def uninstalled() -> list[ModuleType]:
    """Return the imported modules that are neither installed nor Python's own."""
    import sysconfig  # noqa: PLC0415 (slow to import, and few models need it)

    library = tuple(sysconfig.get_path(name) for name in ("stdlib", "platstdlib"))
    return [
        module
        for name, module in sorted(sys.modules.items())
        if name == getattr(module, "__name__", None)
        and isinstance(file := getattr(module, "__file__", None), str)
        and not (file.startswith(library) or INSTALLED.search(file))
    ]
