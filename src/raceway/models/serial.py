"""One task after the other in a plain loop: what every other model is compared with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Model, Workers
from raceway.lap import timed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def plain_loop(job: Job) -> Iterator[Runner]:
    """Run the tasks where they are."""
    yield timed(lambda: [job.task(argument) for argument in job.arguments])


MODEL = Model(summary="a plain loop", open=plain_loop, workers=Workers.ONE)
