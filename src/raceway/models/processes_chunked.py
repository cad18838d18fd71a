"""`ProcessPoolExecutor.map` in chunks: four messages a worker instead of one a task."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from raceway.case import Family, Model, Scope
from raceway.lap import over_executor

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner

CHUNKS_A_WORKER = 4
"""Fewer balance tasks of unequal length badly, more send more messages."""


def chunked_processes(job: Job) -> AbstractContextManager[Runner]:
    """Fork the workers, and send each a quarter of its share at a time."""
    chunksize = -(-len(job.arguments) // (CHUNKS_A_WORKER * job.workers))
    context = multiprocessing.get_context("fork")
    executor = ProcessPoolExecutor(job.workers, mp_context=context)
    return over_executor(executor, job, chunksize=chunksize)


MODEL = Model(
    summary="ProcessPoolExecutor.map, workers by fork, four chunks of tasks a worker",
    open=chunked_processes,
    family=Family.PROCESSES,
    start_method="fork",
    scope=Scope.FULL,
    most_waiting_workers=8,
    colour="#8c41d2",
    shape="M0.92,0.38L0.38,0.92L-0.38,0.92L-0.92,0.38L-0.92,-0.38L-0.38,-0.92L0.38,-0.92L0.92,-0.38Z",
    recipe="""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

def {name}(items):
    context = multiprocessing.get_context("fork")
    chunksize = -(-len(items) // (4 * {workers}))
    with ProcessPoolExecutor({workers}, mp_context=context{initializer}) as executor:
        return list(executor.map({function}, items, chunksize=chunksize))
""",
)
