"""The server inside a lane, the process in which exactly one model runs. Standard library only.

It reads commands as JSON lines from its original standard input, and answers each with one JSON
line on its original standard output. Tasks get an empty input, and an output that goes to standard
error, so that nothing they print or read can break the protocol.
"""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from raceway.measure.lane import tree
from raceway.measure.lane.anchor import anchor_ns
from raceway.measure.lane.declared import false_wait
from raceway.measure.lane.registry import attribute
from raceway.measure.lane.resource import leave_all
from raceway.measure.lane.verification import Tasks
from raceway.measure.lane.warming import warm_up, warm_up_again
from raceway.measure.lane.workers import note_breaks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from raceway.case import Model, Workload
    from raceway.lap import Runner


@dataclass(slots=True)
class OpenCase:
    """The case a lane is racing."""

    tasks: Tasks
    model: str
    closing: ExitStack = field(default_factory=ExitStack)
    runner: Runner | None = None
    loops: int = 1
    first_lap_s: float = 0.0
    """How long the first pass took; 0 if it tells nothing of others, as it started workers, a
    device's libraries or a compiler."""

    def lap_ns(self) -> int:
        """Run all tasks `loops` times, check the answers, and return how long it took."""
        if self.runner is None:
            raise RuntimeError(f"{self.tasks.name} is not open")
        return self.tasks.timed_ns(self.runner, self.loops, self.model)


@dataclass(slots=True)
class LaneServer:
    """Carries out the controller's commands, one case at a time."""

    folder: str
    """Where the bundle was unpacked."""
    tasks: Tasks | None = None
    case: OpenCase | None = None
    set_up: Collection[int] = ()
    """Processes that ran before any task did, such as those the workload sets up."""
    address: tuple[Any, ...] = ()
    """That of the workload's server, once it runs."""
    servers: Collection[int] = ()
    """Its processes, which do not count as the model's."""
    serving: ExitStack = field(default_factory=ExitStack)
    """Ends the server."""
    commands: dict[str, Callable[..., dict[str, Any]]] = field(init=False)

    def __post_init__(self) -> None:
        """Map the controller's commands to methods."""
        self.commands = {
            "hello": self.hello, "prepare": self.prepare, "open": self.open, "warm": self.warm,
            "go": self.go, "close": self.close, "peak": self.peak,
            "answers": self.answers, "compare": self.compare, "gauge": self.gauge,
            "latency": self.latency,
        }  # fmt: skip

    def hello(self, required: list[str] | None) -> dict[str, Any]:
        """Return the bundle's folder and, if packages are required, the interpreter's facts."""
        if required is None:
            return {"folder": self.folder}
        from raceway.measure.lane.facts import interpreter_facts  # noqa: PLC0415 (slow)

        return {"folder": self.folder, **interpreter_facts(required)}

    def prepare(
        self, workload: str, size: str, device: str, *, model: str = "", check: bool = False
    ) -> dict[str, Any]:
        """Import model and workload and find the right answers, before anything is timed.

        With `check`, also run a task to check its declared wait.
        """
        work = attribute("workloads", workload, "WORKLOAD")
        given = self.served(work)
        self.set_up = tree.descendants(os.getpid())
        self.tasks = Tasks.of(work, workload, size, device, given)
        if model:
            attribute("models", model, "MODEL")
        return {"contradiction": false_wait(work, size, self.tasks.task) if check else ""}

    def served(self, work: Workload) -> tuple[Any, ...]:
        """Return the address of the workload's server, started if it is not; nothing without one.

        All sizes of a workload share it: a lane races a single workload.
        """
        if work.server and not self.address:
            before = tree.descendants(os.getpid())
            self.address = (self.serving.enter_context(work.server()),)
            self.servers = set(tree.descendants(os.getpid())).difference(before)
        return self.address

    def gauge(self, workload: str, size: str, most_s: float) -> dict[str, Any]:
        """Time the tasks of a workload of which nothing is declared, for about `most_s`."""
        from raceway.measure.lane.gauge import gauged  # noqa: PLC0415 (a user's own function only)

        work = attribute("workloads", workload, "WORKLOAD")
        return gauged(work.task, work.sizes[size], most_s)

    def answers(self) -> dict[str, Any]:
        """Return the right answers, for another side to compare."""
        from raceway.measure.lane.answers import packed  # noqa: PLC0415 (duels only)

        return {"answers": packed(self.prepared().expected)}

    def compare(self, answers: str) -> dict[str, Any]:
        """Return how another side's answers differ from ours."""
        from raceway.measure.lane.answers import difference  # noqa: PLC0415 (duels only)

        return {"difference": difference(self.prepared(), answers)}

    def open(self, model: str, workers: int, *, reference: bool, audit: bool) -> dict[str, Any]:
        """Start the model and time its cold start, up to the first answer.

        With `reference`, also time each task alone, to find the longest task's share. With `audit`,
        run the thorough check that is too slow for every round.
        """
        tasks = self.prepared()
        opened: Model = attribute("models", model, "MODEL")
        note_breaks()
        share = {"longest_task_share": tasks.longest_share()} if reference else {}
        tree.reset_peak_memory()
        self.case = OpenCase(tasks, model)
        job = tasks.job(workers)
        start_s = time.perf_counter()
        self.case.runner = self.case.closing.enter_context(opened.open(job))
        first = tasks.renewed(self.case.runner)
        cold_s = time.perf_counter() - start_s
        first_lap_ns = tasks.verified(first, model)
        is_unlike = opened.fresh_workers or opened.compiles or tasks.device != "cpu"
        self.case.first_lap_s = 0.0 if is_unlike else first_lap_ns / 1e9
        tasks.before.check()
        if audit:
            tasks.audited(opened, model, workers)
        facts = getattr(self.case.runner, "facts", None)
        engine = {"engine": facts()} if facts else {}
        return {"cold_s": cold_s, **share, **engine}

    def warm(self, round_s: float, warm_s: float, loops: int = 0, laps: int = 0) -> dict[str, Any]:
        """Run untimed for about `warm_s`, and choose loops so that a round lasts `round_s`.

        With `loops` that are known to do so, run so many `laps` of them instead.
        """
        case = self.opened()
        if loops:
            warm_up_again(case, warm_s, loops, laps)
        else:
            round_s = warm_up(case, round_s, warm_s)
        return {"loops": case.loops, "round_s": round_s}

    def go(self, rounds: int, *, anchored: bool) -> dict[str, Any]:
        """Time some rounds, each checked, and each followed by the anchor if one applies."""
        case = self.opened()
        rounds_ns: list[int] = []
        anchors_ns: list[int] = []
        anchor_ns()  # lets the core wake up
        case.tasks.taken_cpu_s()
        cpu_before_s, queue_before_s = tree.used_s(self.servers)
        for _ in range(rounds):
            rounds_ns.append(case.lap_ns())
            if anchored:
                anchors_ns.append(anchor_ns())
        core = tree.core()
        cpu_after_s, queue_after_s = tree.used_s(self.servers)
        cpu_s = None
        if cpu_before_s is not None and cpu_after_s is not None:
            beside_s = sum(anchors_ns) / 1e9 + case.tasks.taken_cpu_s()
            cpu_s = max(0.0, cpu_after_s - cpu_before_s - beside_s)
        queue_s = None
        if queue_before_s is not None and queue_after_s is not None:
            queue_s = max(0.0, queue_after_s - queue_before_s)
        return {
            "rounds_ns": rounds_ns, "anchors_ns": anchors_ns, "cpu_s": cpu_s, "queue_s": queue_s,
            "core": core,
        }  # fmt: skip

    def close(self) -> dict[str, Any]:
        """Stop the model; return its peak memory and the workers it left behind."""
        case, self.case = self.opened(), None
        case.tasks.before.check()
        memory_bytes = tree.peak_memory_bytes(self.servers)
        case.closing.close()
        return {"peak_memory_bytes": memory_bytes, "left_behind": self.left_behind()}

    def latency(
        self, model: str, workers: int, times: int, kept: int, most_s: float
    ) -> dict[str, Any]:
        """Time single tasks, with the model opened anew; of many times, keep some."""
        from raceway.measure.lane import latency  # noqa: PLC0415 (in a few launches only)

        tasks, opened = self.prepared(), attribute("models", model, "MODEL")
        with opened.open(latency.clocked(tasks.job(workers))) as runner:
            times_ns = latency.latencies(tasks, runner, model, times, most_s)
        return {
            "latencies_ns": latency.thinned(times_ns, kept), "latency_count": len(times_ns),
            "left_behind": self.left_behind(),
        }  # fmt: skip

    def left_behind(self) -> list[str]:
        """Leave what workers hold, and return the processes of a stopped model that still run."""
        leave_all()
        processes = sys.modules.get("multiprocessing")
        left = [child.name for child in processes.active_children()] if processes else []
        return left or tree.left_running(self.set_up, self.servers)

    def peak(
        self, device: str, workers: int, precisions: list[str], *, link: bool
    ) -> dict[str, Any]:
        """Measure the peaks of a device in some precisions, and of the link to it."""
        from raceway.measure.lane.peak import measured_peaks  # noqa: PLC0415 (needs torch)

        return {"peaks": measured_peaks(device, workers, precisions, link=link)}

    def prepared(self) -> Tasks:
        """Return the tasks; RuntimeError if there are none."""
        if self.tasks is None:
            raise RuntimeError("no tasks were prepared in this lane")
        return self.tasks

    def opened(self) -> OpenCase:
        """Return the open case; RuntimeError if there is none."""
        if self.case is None:
            raise RuntimeError("no case is open in this lane")
        return self.case

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """Carry out one command; any exception becomes an `error` in the reply."""
        try:
            return self.commands[command.pop("do")](**command)
        except BaseException as error:  # noqa: BLE001 (a task may raise anything, even SystemExit)
            try:
                from raceway.measure.lane.causes import described, is_death  # noqa: PLC0415 (slow)
            except ImportError:  # a task removed this lane's code with the folder it may write into
                return {"error": f"{type(error).__name__}; a task has removed the folder in TMPDIR"}
            died = {"died": True} if is_death(error) else {}
            return {"error": described(error, self.tasks), **died}


def private_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the protocol's pipes; give tasks an empty input and standard error instead."""
    commands = os.fdopen(os.dup(0), "rb")
    replies = os.fdopen(os.dup(1), "wb")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    return commands, replies


def main(folder: str, *, given: bool = False) -> None:
    """Serve commands until the controller quits or dies.

    The folder of the unpacked code is removed unless it was given: then the controller does.
    """
    commands, replies = private_pipes()
    tree.adopt_orphans()
    lane = LaneServer(folder)
    try:
        for line in commands:
            command = json.loads(line)
            if command["do"] == "quit":
                break
            number = command.pop("number")
            reply = {"number": number, **lane.answer(command)}
            replies.write(json.dumps(reply).encode() + b"\n")
            replies.flush()
    finally:
        lane.serving.close()
        if not given:
            import shutil  # noqa: PLC0415 (slow to import, so not before the race)

            shutil.rmtree(folder, ignore_errors=True)
        sys.stderr.flush()
