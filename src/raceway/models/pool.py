"""`multiprocessing.Pool.map`, which splits the tasks into about four chunks per worker."""

from __future__ import annotations

import multiprocessing
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Model
from raceway.lap import WorkerDiedError, timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner

LOOK_S = 1.0
"""How long a pass lasts before a look at the workers."""


@contextmanager
def chunking_pool(job: Job) -> Iterator[Runner]:
    """Start a pool of forked workers; close it at the end instead of killing it."""
    before = set(threading.enumerate())
    pool = multiprocessing.get_context("fork").Pool(job.workers)
    workers = multiprocessing.active_children()
    threads = set(threading.enumerate()) - before
    broken = threading.Event()

    def mapped() -> list[Any]:
        """Do what `map` does, but wait for no dead worker, nor for a pool that cannot go on."""
        result = pool.map_async(job.task, job.arguments)
        while not result.ready():
            result.wait(LOOK_S)
            codes = [worker.exitcode for worker in workers]
            if not result.ready() and (any(codes) or not all(map(alive, threads))):
                broken.set()
                raise WorkerDiedError(next(filter(None, codes), None))
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


MODEL = Model(
    summary="multiprocessing.Pool.map, workers by fork, tasks in chunks",
    open=chunking_pool,
    family=Family.PROCESSES,
    start_method="fork",
    most_waiting_workers=8,
    colour="#ff6202",
    shape="cross",
    recipe="""
import multiprocessing

def {name}(items):
    context = multiprocessing.get_context("fork")
    with context.Pool({workers}{initializer}) as pool:
        return pool.map({function}, items)  # in about four chunks a worker
""",
)
