"""`multiprocessing.Pool.map`, which splits the tasks into about four chunks per worker."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Model
from raceway.lap import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def chunking_pool(job: Job) -> Iterator[Runner]:
    """Start a pool of forked workers; close it at the end instead of killing it."""
    pool = multiprocessing.get_context("fork").Pool(job.workers)
    try:
        yield timed(lambda: pool.map(job.task, job.arguments))
    finally:
        pool.close()
        pool.join()


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
