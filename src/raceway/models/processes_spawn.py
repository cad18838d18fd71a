"""`concurrent.futures.ProcessPoolExecutor.map` with the start method `spawn`."""

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
    """Start the workers as new interpreters; the default on macOS and Windows."""
    context = multiprocessing.get_context("spawn")
    return over_executor(ProcessPoolExecutor(job.workers, mp_context=context), job)


MODEL = Model(
    summary="ProcessPoolExecutor.map, workers by spawn, one task a message",
    open=process_pool,
    family=Family.PROCESSES,
    start_method="spawn",
    fresh_workers=True,
    most_waiting_workers=8,
    colour="#b776ad",
    shape="diamond",
    recipe="""
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

def {name}(items):
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor({workers}, mp_context=context{initializer}) as executor:
        return list(executor.map({function}, items))

# Call it below: if __name__ == "__main__":
""",
)
