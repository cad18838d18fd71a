"""Inside a lane: the tasks of a case, and checks of a model's answers."""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from raceway.case import Kind
from raceway.lap import Job
from raceway.measure.lane.declared import Arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.case import Model, Workload
    from raceway.lap import Lap

LONGEST_QUOTE = 60
"""Characters of a wrong answer quoted in the reason."""


class WrongAnswerError(Exception):
    """A model's answer differs from the task's expected value."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """One size of a workload on one device, with its right answers."""

    name: str
    task: Callable[[Any], Any]
    async_task: Callable[[Any], Any] | None
    audit: Callable[[Any], bool] | None
    arguments: Sequence[Any]
    expected: Sequence[Any]
    agrees: Callable[[Any, Any], bool]
    device: str
    before: Arguments
    """The arguments as they were before any task ran."""

    @classmethod
    def of(cls, work: Workload, name: str, size: str, device: str) -> Tasks:
        """Import what the tasks need and find their right answers, by running them if necessary."""
        for package in work.requires:
            importlib.import_module(package)
        bound = partial(partial, device=device) if work.kind is Kind.TENSOR else unchanged
        task, arguments = bound(work.task), work.sizes[size]
        before = Arguments.of(arguments)
        tasks = cls(
            name=f"{name}-{size}",
            task=task,
            async_task=bound(work.async_task) if work.async_task else None,
            audit=bound(work.audit) if work.audit else None,
            arguments=arguments,
            expected=list(map(work.expected or task, arguments)),
            agrees=work.agrees,
            device=device,
            before=before,
        )
        before.check()
        return tasks

    def job(self, workers: int) -> Job:
        """Return the tasks as a model's job."""
        return Job(self.task, self.arguments, workers, self.device, self.async_task)

    def verified(self, lap: Lap, model: str) -> int:
        """Return the lap's time; WrongAnswerError, with the first wrong task, if any is wrong."""
        count = len(self.expected)
        if len(lap.answers) != count:
            raise WrongAnswerError(
                f"{self.name} by {model}: {len(lap.answers)} answers to {count} tasks"
            )
        for number, (answer, expected) in enumerate(zip(lap.answers, self.expected, strict=True)):
            if not self.agrees(answer, expected):
                raise WrongAnswerError(
                    f"{self.name} by {model}: wrong answer: task {number + 1} of {count} gave"
                    f" {quoted(answer)}, expected {quoted(expected)}"
                )
        return lap.elapsed_ns

    def audited(self, model: Model, name: str, workers: int) -> None:
        """Run the thorough check of every task through the model, in separate workers."""
        if self.audit is None:
            return
        with model.open(Job(self.audit, self.arguments, workers, self.device)) as runner:
            if not all(runner(1).answers):
                raise WrongAnswerError(f"{self.name} by {name}: wrong answer: the audit failed")

    def longest_share(self) -> float:
        """Return the longest task's share of the serial time; each is timed alone, best of two."""
        times_ns = [min(self.alone_ns(argument) for _ in range(2)) for argument in self.arguments]
        return max(times_ns) / max(1, sum(times_ns))

    def alone_ns(self, argument: Any) -> int:
        """Time one task."""
        start_ns = time.perf_counter_ns()
        self.task(argument)
        return time.perf_counter_ns() - start_ns


def unchanged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function itself; only tensor tasks are bound to a device."""
    return function


def quoted(value: Any) -> str:
    """Return a value's repr, shortened."""
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 (a user's repr, or an int too long to print)
        text = f"<{type(value).__name__}, not printable: {error}>"
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
