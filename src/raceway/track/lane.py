"""The inside of a lane: the process in which exactly one model runs. Standard library only.

It reads commands as JSON lines from what was its standard input, and answers each with one JSON
line on what was its standard output. Tasks see an empty input, and an output that goes to
standard error, so that nothing a task prints or reads can break the protocol.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import operator
import os
import shutil
import sys
import time
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from raceway.case import Kind
from raceway.lap import Job
from raceway.track import tree
from raceway.track.anchor import anchor_ns
from raceway.track.facts import interpreter_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.case import Model, Workload
    from raceway.lap import Lap, Runner

LONGEST_QUOTE = 60
"""Characters of a wrong answer that are quoted in the reason."""
MOST_LOOPS = 1_000_000


class WrongAnswerError(Exception):
    """A model answered something else than the task's expected value."""


@dataclass(slots=True)
class OpenCase:
    """The case a lane is racing: its runner, and how its answers are checked."""

    runner: Runner
    expected: list[Any]
    agrees: Callable[[Any, Any], bool]
    name: str
    closing: ExitStack
    loops: int = 1

    def verified(self, lap: Lap) -> int:
        """Return the lap's time, or raise WrongAnswerError naming the first wrong task."""
        if len(lap.answers) != len(self.expected):
            raise WrongAnswerError(
                f"{self.name}: {len(lap.answers)} answers to {len(self.expected)} tasks"
            )
        for number, (answer, expected) in enumerate(zip(lap.answers, self.expected, strict=True)):
            if not self.agrees(answer, expected):
                raise WrongAnswerError(
                    f"{self.name}: wrong answer: task {number + 1} of {len(self.expected)}"
                    f" gave {quoted(answer)}, expected {quoted(expected)}"
                )
        return lap.elapsed_ns


def quoted(value: Any) -> str:  # noqa: ANN401 (whatever a task answers)
    """Return a value's repr, cut to a readable length."""
    try:
        text = repr(value)
    except Exception as error:  # noqa: BLE001 (a user's repr, or an int too long to print)
        text = f"<{type(value).__name__}, not printable: {error}>"
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


@dataclass(slots=True)
class Lane:
    """Carries out the controller's commands, one case at a time."""

    folder: str
    """Where the parcel was unpacked."""
    case: OpenCase | None = None
    commands: dict[str, Callable[..., dict[str, Any]]] = field(init=False)

    def __post_init__(self) -> None:
        """Name the commands the controller can give."""
        self.commands = {
            "hello": self.hello, "open": self.open, "warm": self.warm, "go": self.go,
            "close": self.close, "peak": self.peak,
        }  # fmt: skip

    def hello(self, required: list[str]) -> dict[str, Any]:
        """Tell what this interpreter can do."""
        return {"folder": self.folder, **interpreter_facts(required)}

    def open(  # noqa: PLR0913 (a case has that many parts)
        self, workload: str, size: str, model: str, workers: int, device: str, *, reference: bool
    ) -> dict[str, Any]:
        """Start the model and take its first answer, the cold start; then audit it.

        With `reference`, also time each task alone, to learn the longest task's share.
        """
        work: Workload = entry("workloads", workload, "WORKLOAD")
        job, audit = job_of(work, size, workers, device)
        expected = list(map(work.expected or job.task, job.arguments))
        shares = {"longest_task_share": longest_task_share(job)} if reference else {}
        opened: Model = entry("models", model, "MODEL")
        name = f"{workload}-{size} by {model}"
        tree.reset_peak_memory()
        start_s = time.perf_counter()
        closing = ExitStack()
        runner = closing.enter_context(opened.open(job))
        self.case = OpenCase(runner, expected, work.agrees, name, closing)
        first = runner(1)
        cold_s = time.perf_counter() - start_s
        self.case.verified(first)
        if audit:
            run_audit(name, opened, job, audit)
        return {"cold_s": cold_s, **shares}

    def warm(self, round_s: float, warm_s: float) -> dict[str, Any]:
        """Run untimed for about `warm_s`, and choose loops so that a round lasts `round_s`."""
        case = self.opened()
        case.loops, spent_s, last_s = 1, 0.0, 0.0
        while spent_s < warm_s or last_s < round_s:
            last_s = case.verified(case.runner(case.loops)) / 1e9
            spent_s += last_s
            if last_s < round_s:
                if case.loops == MOST_LOOPS:
                    break
                grown = case.loops * max(2.0, 1.1 * round_s / max(last_s, 1e-9))
                case.loops = min(int(grown), case.loops * 16, MOST_LOOPS)
        return {"loops": case.loops, "round_s": last_s}

    def go(self, rounds: int, *, anchored: bool) -> dict[str, Any]:
        """Time some rounds, each checked, and each followed by the anchor if one applies."""
        case = self.opened()
        rounds_ns: list[int] = []
        anchors_ns: list[int] = []
        anchor_ns()
        cpu_before_s = tree.cpu_s()
        for _ in range(rounds):
            lap = case.runner(case.loops)
            if anchored:
                anchors_ns.append(anchor_ns())
            rounds_ns.append(case.verified(lap))
        cpu_after_s = tree.cpu_s()
        cpu_s = None
        if cpu_before_s is not None and cpu_after_s is not None:
            cpu_s = max(0.0, cpu_after_s - cpu_before_s - sum(anchors_ns) / 1e9)
        return {"rounds_ns": rounds_ns, "anchors_ns": anchors_ns, "cpu_s": cpu_s}

    def close(self) -> dict[str, Any]:
        """Stop the model; tell how much memory it took and which workers it left behind."""
        case = self.opened()
        memory_bytes = tree.peak_memory_bytes()
        self.case = None
        case.closing.close()
        left = [child.name for child in multiprocessing.active_children()]
        return {"peak_memory_bytes": memory_bytes, "left_behind": left}

    def peak(self, device: str, workers: int) -> dict[str, Any]:
        """Measure what the device does at best."""
        from raceway.track.peak import measured_peak  # noqa: PLC0415 (needs torch)

        return measured_peak(device, workers)

    def opened(self) -> OpenCase:
        """Return the open case; RuntimeError if there is none."""
        if self.case is None:
            raise RuntimeError("no case is open in this lane")
        return self.case

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one command; whatever goes wrong becomes an `error` in the reply."""
        try:
            return self.commands[command.pop("do")](**command)
        except BaseException as error:  # noqa: BLE001 (a task may raise anything, exits too)
            return {"error": described(error)}


def entry(folder: str, name: str, attribute: str) -> Any:  # noqa: ANN401 (Model or Workload)
    """Import the model or workload of that name."""
    module = importlib.import_module(f"raceway.{folder}.{name.replace('-', '_')}")
    return getattr(module, attribute)


def job_of(
    work: Workload, size: str, workers: int, device: str
) -> tuple[Job, Callable[[Any], bool] | None]:
    """Return the tasks of one size, and their audit; a tensor task is bound to its device."""
    for package in work.requires:
        importlib.import_module(package)
    tensor = work.kind is Kind.TENSOR
    bound = partial(partial, device=device) if tensor else lambda function: function
    job = Job(bound(work.task), work.sizes[size], workers, device, work.async_task)
    return job, bound(work.audit) if work.audit else None


def longest_task_share(job: Job) -> float:
    """Return the longest task's share of the serial time, each task timed alone, best of two."""
    times_ns = [min(alone_ns(job, argument) for _ in range(2)) for argument in job.arguments]
    return max(times_ns) / max(1, sum(times_ns))


def alone_ns(job: Job, argument: Any) -> int:  # noqa: ANN401 (whatever a task takes)
    """Time one task."""
    start_ns = time.perf_counter_ns()
    job.task(argument)
    return time.perf_counter_ns() - start_ns


def run_audit(name: str, model: Model, job: Job, audit: Callable[[Any], bool]) -> None:
    """Run the thorough check of every task through the model, in workers of its own."""
    checked = Job(audit, job.arguments, job.workers, job.device)
    opening: AbstractContextManager[Runner] = model.open(checked)
    with opening as runner:
        verdicts = runner(1).answers
    if not all(map(operator.truth, verdicts)):
        raise WrongAnswerError(f"{name}: wrong answer: the audit of its products failed")


def described(error: BaseException) -> str:
    """Return an exception as one line, the kind of a wrong answer left out."""
    text = " ".join(str(error).split())
    if isinstance(error, WrongAnswerError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Take the protocol's pipes for ourselves; leave tasks an empty input and standard error."""
    commands = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return commands, replies


def main(folder: str) -> None:
    """Serve commands until the controller quits or goes away; then remove the unpacked code."""
    commands, replies = private_pipes()
    lane = Lane(folder)
    try:
        for line in commands:
            command = json.loads(line)
            if command["do"] == "quit":
                break
            replies.write(json.dumps(lane.answer(command)).encode() + b"\n")
            replies.flush()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        sys.stderr.flush()
