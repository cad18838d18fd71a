"""`multiprocessing.Pool.map` with chunks of one task: what its usual chunks save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.case import Family, Model, Scope
from raceway.lap import over_pool

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def one_task_a_chunk(job: Job) -> AbstractContextManager[Runner]:
    """Send each task alone."""
    return over_pool(job, chunksize=1)


MODEL = Model(
    summary="multiprocessing.Pool.map, workers by fork, one task a chunk",
    open=one_task_a_chunk,
    family=Family.PROCESSES,
    start_method="fork",
    scope=Scope.FULL,
    most_waiting_workers=8,
    colour="#e87190",
    shape="M0,-1.00L0.25,-0.43L0.87,-0.50L0.50,0L0.87,0.50L0.25,0.43L0,1.00L-0.25,0.43L-0.87,0.50L-0.50,0L-0.87,-0.50L-0.25,-0.43Z",
    recipe="""
import multiprocessing

def {name}(items):
    context = multiprocessing.get_context("fork")
    with context.Pool({workers}{initializer}) as pool:
        return pool.map({function}, items, chunksize=1)
""",
)
