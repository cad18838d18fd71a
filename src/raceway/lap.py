"""What a model does inside its lane: turn a job into timed laps.

Standard library only. Model files import this and `case`, and nothing else of the package.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from concurrent.futures import Executor


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


class WorkerDiedError(Exception):
    """A worker of a pool ended, and the pool does not notice."""

    def __init__(self, code: int | None) -> None:
        """Keep the worker's exit code, if it is known."""
        super().__init__("a worker of the pool died")
        self.code = code


@contextmanager
def over_executor(executor: Executor, job: Job) -> Iterator[Runner]:
    """Run the tasks through the `map` of any `concurrent.futures` executor."""
    with executor:
        yield timed(lambda: list(executor.map(job.task, job.arguments)))
