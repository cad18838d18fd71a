"""`InterpreterPoolExecutor`: several interpreters in one process, each with a GIL of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Model, Scope
from raceway.lap import over_executor

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from raceway.lap import Job, Runner


def interpreter_pool(job: Job) -> AbstractContextManager[Runner]:
    """Start a thread with an interpreter for each worker; they do not inherit `sys.path`."""
    from concurrent.futures import (  # type: ignore[attr-defined] # noqa: PLC0415 (since 3.14)
        InterpreterPoolExecutor,
    )

    find_modules = f"import sys; sys.path[:] = {sys.path!r}"
    executor = InterpreterPoolExecutor(job.workers, initializer=exec, initargs=(find_modules,))
    return over_executor(executor, job)


MODEL = Model(
    summary="InterpreterPoolExecutor.map, an interpreter a worker, in one process",
    open=interpreter_pool,
    family=Family.INTERPRETERS,
    kinds=frozenset({Kind.CPU, Kind.IO}),
    scope=Scope.DEFAULT,
    python=(3, 14),
    fresh_workers=True,
    most_waiting_workers=8,
    colour="#d70d18",
    shape="M-1,-1L1,-1L1,-0.4L0.3,-0.4L0.3,1L-0.3,1L-0.3,-0.4L-1,-0.4Z",
    recipe="""
from concurrent.futures import InterpreterPoolExecutor

def {name}(items):
    with InterpreterPoolExecutor({workers}{initializer}) as executor:
        return list(executor.map({function}, items))
""",
)
