"""Inside a lane: how long each task takes from being handed over to its answer.

Standard library only. The model is opened anew on tasks that carry the time at which it took them,
and bring back the time of their answers, so that models need not know of it. Nothing is timed here
that rounds are compared by.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from raceway.lap import Lap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raceway.lap import Job, Runner
    from raceway.measure.lane.verification import Tasks


LONGER = 2
"""So many times the time meant for it, if all times wanted can then be had."""


class Handed(NamedTuple):
    """An argument, and when the model took it."""

    argument: Any
    at_ns: int


class Answered(NamedTuple):
    """An answer, when its task was handed over, and when it was there.

    `time.perf_counter` is one clock for all processes of a system.
    """

    answer: Any
    handed_ns: int
    answered_ns: int


class HandedOver(Sequence[Handed]):
    """The arguments of a pass, each with the time at which it is taken."""

    def __init__(self, arguments: Sequence[Any]) -> None:
        """Keep the arguments; those made anew before each pass are in the same list."""
        self.arguments = arguments

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.arguments)

    def __getitem__(self, place: Any) -> Any:
        """Return one or, of a slice, several."""
        if isinstance(place, slice):
            return [Handed(each, time.perf_counter_ns()) for each in self.arguments[place]]
        return Handed(self.arguments[place], time.perf_counter_ns())

    def __iter__(self) -> Iterator[Handed]:
        """Yield each when it is asked for."""
        for argument in self.arguments:
            yield Handed(argument, time.perf_counter_ns())


@dataclass(frozen=True, slots=True)
class Clocked:
    """A task that says when it has its answer. It can be pickled."""

    task: Callable[..., Any]

    def __call__(self, handed: Handed) -> Answered:
        """Run the task on an argument."""
        return Answered(self.task(handed.argument), handed.at_ns, time.perf_counter_ns())


@dataclass(frozen=True, slots=True)
class ClockedCoroutine:
    """The same for a task to await."""

    task: Callable[..., Any]

    async def __call__(self, handed: Handed) -> Answered:
        """Run the task on an argument."""
        return Answered(await self.task(handed.argument), handed.at_ns, time.perf_counter_ns())


def clocked(job: Job) -> Job:
    """Return a job whose tasks tell when they were handed over and answered."""
    return replace(
        job,
        task=Clocked(job.task),
        arguments=HandedOver(job.arguments),
        async_task=ClockedCoroutine(job.async_task) if job.async_task else None,
        trio_task=ClockedCoroutine(job.trio_task) if job.trio_task else None,
    )


def latencies(tasks: Tasks, runner: Runner, name: str, times: int, most_s: float) -> list[int]:
    """Return how long tasks took in whole passes of a clocked job, in nanoseconds, sorted.

    A first pass sets workers up and does not count. Then passes go on up to so many `times`, as far
    as they fit in `most_s`, or in twice as long if all do; one always does. Empty if workers have
    another clock.
    """
    taken_ns: list[int] = []
    passed(tasks, runner, name)
    begun_s, last_s = time.perf_counter(), 0.0
    while len(taken_ns) < times:
        spent_s = time.perf_counter() - begun_s
        all_s = spent_s * times / len(taken_ns) if taken_ns else 0.0
        if spent_s + last_s > most_s and all_s > LONGER * most_s:
            break
        last_s, of_pass_ns = passed(tasks, runner, name)
        if not of_pass_ns:
            return []
        taken_ns += of_pass_ns
    return sorted(taken_ns)


def passed(tasks: Tasks, runner: Runner, name: str) -> tuple[float, list[int]]:
    """Run a pass, check its answers; return its seconds, and how long each task took.

    No times if one is not within the pass: then the worker has another clock, or the model took its
    arguments once for all passes.
    """
    begun_ns = time.perf_counter_ns()
    lap = tasks.renewed(runner)
    ended_ns = time.perf_counter_ns()
    told = [each for each in lap.answers if isinstance(each, Answered)]
    bare = [each.answer if isinstance(each, Answered) else each for each in lap.answers]
    tasks.verified(Lap(lap.elapsed_ns, bare), name)
    within = all(begun_ns <= each.handed_ns <= each.answered_ns <= ended_ns for each in told)
    known = told if within and len(told) == len(bare) else []
    times_ns = [each.answered_ns - each.handed_ns for each in known]
    return (ended_ns - begun_ns) / 1e9, times_ns


def thinned(times: Sequence[int], most: int) -> list[int]:
    """Return at most `most` (two or more) of sorted times, evenly spaced, both ends included."""
    if len(times) <= most:
        return list(times)
    step = (len(times) - 1) / (most - 1)
    return [times[round(place * step)] for place in range(most)]
