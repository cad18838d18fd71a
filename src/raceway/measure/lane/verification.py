"""Inside a lane: the tasks of a case, and checks of a model's answers."""

from __future__ import annotations

import importlib
import operator
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from raceway.case import Kind
from raceway.lap import Job
from raceway.measure.lane.declared import FIXED, Arguments
from raceway.measure.lane.equality import REMEDY, IncomparableError, alike
from raceway.measure.lane.fresh import Fresh
from raceway.measure.lane.resource import async_task_of, task_of
from raceway.measure.lane.trio_resource import trio_task_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.case import Model, Workload
    from raceway.lap import Lap, Runner

LONGEST_QUOTE = 60
"""Characters of a wrong answer quoted in the reason."""


class WrongAnswerError(Exception):
    """A model's answer differs from the task's expected value."""


class MisdeclaredError(Exception):
    """A workload declares something in the wrong place."""


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
    declared: bool = False
    """Whether the workload tells the right answers; else they are what a plain loop answers."""
    kernel: Callable[..., Any] | None = None
    inputs: Callable[[Any], Sequence[Any]] | None = None
    trio_task: Callable[[Any], Any] | None = None
    types: Sequence[type] = ()
    """Those of the right answers if all are plain values, which `==` compares at once."""
    fresh: Fresh | None = None
    """Makes the arguments anew before a pass; None if tasks do not change them."""

    @classmethod
    def of(
        cls, work: Workload, name: str, size: str, device: str, given: tuple[Any, ...] = ()
    ) -> Tasks:
        """Import what the tasks need and find their right answers, by running them if necessary.

        `given` holds the address of the workload's server, if it has one.
        """
        for package in work.requires:
            importlib.import_module(package)
        bound = partial(partial, device=device) if work.kind is Kind.TENSOR else unchanged
        task, async_task = bound(task_of(work, given)), async_task_of(work, given)
        trio_task = trio_task_of(work, given)
        fresh = Fresh(work.fresh, work.sizes[size]) if work.fresh else None
        arguments = fresh.arguments if fresh else work.sizes[size]
        before = Arguments.of(() if fresh else arguments)
        expected = answers_of(work.expected or task, arguments)
        by_value = work.agrees is operator.eq
        tasks = cls(
            name=f"{name}-{size}",
            task=task,
            async_task=bound(async_task) if async_task else None,
            trio_task=bound(trio_task) if trio_task else None,
            audit=bound(work.audit) if work.audit else None,
            arguments=arguments,
            expected=expected,
            agrees=alike if by_value else work.agrees,
            types=plain_types(expected) if by_value else (),
            device=device,
            before=before,
            declared=work.expected is not None,
            kernel=work.kernel,
            inputs=bound(work.inputs) if work.inputs else None,
            fresh=fresh,
        )
        before.check()
        return tasks

    def job(self, workers: int) -> Job:
        """Return the tasks as a model's job."""
        return Job(
            self.task, self.arguments, workers, self.device, self.async_task, self.trio_task,
            self.kernel, self.inputs,
        )  # fmt: skip

    def timed_ns(self, runner: Runner, loops: int, model: str) -> int:
        """Run some passes, check the answers of the last one, and return how long all took.

        Where each pass needs fresh arguments, every one is checked.
        """
        if self.fresh is None:
            return self.verified(runner(loops), model)
        return sum(self.verified(self.renewed(runner), model) for _ in range(loops))

    def taken_cpu_s(self) -> float:
        """Return the CPU time that fresh arguments have taken since this was last called."""
        return self.fresh.taken_cpu_s() if self.fresh else 0.0

    def renewed(self, runner: Runner) -> Lap:
        """Run one pass on fresh arguments, if they need to be fresh."""
        if self.fresh:
            self.fresh.renew()
        return runner(1)

    def verified(self, lap: Lap, model: str) -> int:
        """Return the lap's time; WrongAnswerError, with the first wrong task, if any is wrong."""
        if self.types == list(map(type, lap.answers)) and self.expected == lap.answers:
            return lap.elapsed_ns
        count = len(self.expected)
        if len(lap.answers) != count:
            raise WrongAnswerError(
                f"{self.name} by {model}: {len(lap.answers)} answers to {count} tasks"
            )
        for number, (answer, expected) in enumerate(zip(lap.answers, self.expected, strict=True)):
            which = f"task {number + 1} of {count}"
            try:
                agreed = self.agreed(answer, expected)
            except IncomparableError as error:
                raise WrongAnswerError(
                    f"{self.name} by {model}: {which} gave {quoted(answer)}: {error}"
                ) from None
            if not agreed:
                raise WrongAnswerError(
                    f"{self.name} by {model}: wrong answer: {which} gave {quoted(answer)},"
                    f" expected {quoted(expected)} ({self.authority(number)})"
                )
        return lap.elapsed_ns

    def agreed(self, answer: Any, expected: Any) -> bool:
        """Whether an answer is right; TypeError if `agrees` of the workload answers neither."""
        verdict = self.agrees(answer, expected)
        try:
            return bool(verdict)
        except Exception as error:
            raise TypeError(
                f"agrees= returned {quoted(verdict)}, neither True nor False; perhaps .all() is"
                " missing"
            ) from error

    def authority(self, number: int) -> str:
        """Return where an expected answer comes from, and whether a plain loop repeats it."""
        if self.declared:
            return "as `expected` of the workload tells"
        try:
            repeats = self.agreed(self.task(self.arguments[number]), self.expected[number])
        except Exception:  # noqa: BLE001 (a user's function)
            repeats = True
        if repeats:
            return "what a plain loop answered"
        return (
            "what a plain loop answered; called again, it answers otherwise, too, as with times or"
            f" random numbers: {REMEDY}"
        )

    def audited(self, model: Model, name: str, workers: int) -> None:
        """Run the thorough check of every task through the model, in separate workers."""
        if self.audit is None:
            return
        kernel = self.kernel if model.compiles else None
        job = Job(self.audit, self.arguments, workers, self.device, kernel=kernel)
        with model.open(job) as runner:
            if not all(self.renewed(runner).answers):
                raise WrongAnswerError(f"{self.name} by {name}: wrong answer: the audit failed")

    def longest_share(self) -> float:
        """Return the longest task's share of the serial time; each is timed alone, best of two."""
        count = range(len(self.arguments))
        passes = [[self.alone_ns(number) for number in count] for _ in range(2)]
        times_ns: list[int] = list(map(min, *passes))
        return max(times_ns) / max(1, sum(times_ns))

    def alone_ns(self, number: int) -> int:
        """Time one task."""
        argument = self.fresh.one(number) if self.fresh else self.arguments[number]
        start_ns = time.perf_counter_ns()
        self.task(argument)
        return time.perf_counter_ns() - start_ns


def answers_of(task: Callable[[Any], Any], arguments: Sequence[Any]) -> list[Any]:
    """Return the answers of a plain loop; an exception tells the task, too.

    MisdeclaredError if there is something to await among them.
    """
    answers = []
    for number, argument in enumerate(arguments):
        try:
            answer = task(argument)
        except Exception as error:
            error.add_note(f"task {number + 1} of {len(arguments)}, given {quoted(argument)}")
            raise
        if hasattr(answer, "__await__"):
            if hasattr(answer, "close"):
                answer.close()
            raise MisdeclaredError(
                f"task gives a {type(answer).__name__}, which nobody awaits: put it in"
                " `async_task`, and give `task` a plain function that does the same"
            )
        answers.append(answer)
    return answers


def plain_types(values: Sequence[Any]) -> Sequence[type]:
    """Return the types of values whose `==` tells all; none if any is not so plain."""
    types = list(map(type, values))
    return types if set(types) <= set(FIXED) else ()


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
