"""One task after another in a plain loop; every other model is compared with it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Model, Workers
from raceway.lap import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def plain_loop(job: Job) -> Iterator[Runner]:
    """Run the tasks in the calling thread."""
    yield timed(lambda: [job.task(argument) for argument in job.arguments])


HEXAGON = "M0,-1L0.87,-0.5L0.87,0.5L0,1L-0.87,0.5L-0.87,-0.5Z"

MODEL = Model(
    summary="a plain loop",
    open=plain_loop,
    family=Family.ONE_CORE,
    workers=Workers.ONE,
    colour="#646464",
    shape=HEXAGON,
    recipe="""
def {name}(items):
    return [{function}(item) for item in items]
""",
)
