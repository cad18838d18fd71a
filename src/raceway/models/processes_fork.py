"""`concurrent.futures.ProcessPoolExecutor.map` with the start method `fork`."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from raceway.case import Family, Model
from raceway.lap import over_executor

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def process_pool(job: Job) -> AbstractContextManager[Runner]:
    """Fork the workers from the lane; they inherit all it has imported."""
    context = multiprocessing.get_context("fork")
    return over_executor(ProcessPoolExecutor(job.workers, mp_context=context), job)


MODEL = Model(
    summary="ProcessPoolExecutor.map, workers by fork, one task a message",
    open=process_pool,
    family=Family.PROCESSES,
    start_method="fork",
    most_waiting_workers=8,
    colour="#209d83",
    shape="triangle-up",
    recipe="""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

def {name}(items):
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor({workers}, mp_context=context{initializer}) as executor:
        return list(executor.map({function}, items))
""",
)
