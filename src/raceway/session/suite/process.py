"""A fresh pytest process that runs a suite's benchmarks one by one, on command."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import shlex
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING, Annotated, Any, Self

import msgspec

from raceway.bounds import LARGEST_INT, Count, Nanoseconds
from raceway.errors import LaneError, SelectionError
from raceway.measure.control.surroundings import surroundings
from raceway.measure.control.wire import decoded
from raceway.measure.lane import anchor
from raceway.measure.scratch.reaper import Reaper, marks
from raceway.record import Description, Status  # noqa: TC001 (msgspec reads the annotations)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PACKAGE = "raceway_suite"
TRAVELS = ("__init__.py", "anchor.py", "settings.py", "tree.py", "suite.py")
VARIABLE = "RACEWAY_SUITE"
"""Set for a suite's pytest, so that raceway's own plugin in it saves nothing."""
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows lacks SIGKILL
POLL_S = 0.25
START_S = 600.0
"""The most time from the start of pytest to the end of its collection."""
END_S = 10.0
"""The time pytest gets for its teardown."""
TAIL_LINES = 12
"""Lines of pytest's output that a message shows."""
TAIL_BYTES = 64 * 1024
"""More than those."""
Share = Annotated[float, msgspec.Meta(ge=0, le=LARGEST_INT)]
Hexadecimal = Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{2})*$")]


class Collected(msgspec.Struct, frozen=True):
    """What pytest found in the suite."""

    tests: list[str] = []
    """Node ids of the benchmarks, in pytest's order."""
    root: str = ""
    files: list[Hexadecimal] = []
    """The benchmarks' files: names may hold any bytes."""
    versions: dict[str, str] = {}
    """Of pytest and pytest-benchmark."""
    settings: dict[str, str] = {}
    """What is set in it that may change timing, such as a tracer."""
    errors: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """What became of a benchmark in one launch."""

    outcome: Status
    reason: str = ""
    loops: Count = 1
    rounds_ns: list[Nanoseconds] = []
    beside_ns: list[Nanoseconds] = []
    cpu_share: Share | None = None
    """CPU time over wall time of the whole test, its calibration included."""
    queue_share: Share | None = None
    """The time in which its threads were ready but had no CPU, likewise."""
    plain: Description | None = None


@dataclass(frozen=True, slots=True)
class SuiteCommand:
    """How a suite's pytest is started."""

    python: Sequence[str]
    """The command of the suite's interpreter."""
    arguments: Sequence[str]
    """What pytest is given: paths and options."""
    folder: Path
    """Where it is started."""
    timeout_s: float = 300.0
    """The most time for one benchmark."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables on top of those here."""


class SuiteProcess:
    """A running pytest; a context manager, or `end` it."""

    def __init__(self, command: SuiteCommand) -> None:
        """Start it; SelectionError if it cannot be started."""
        self.command = command
        self.collected = Collected()
        self._reaper = Reaper.start()
        self._home = self._reaper.new_folder()
        self._output = self._home / "output.txt"
        try:
            self._process = self._started()
        except OSError as error:
            self._clear()
            message = f"{command.python[0]}: cannot be started ({error.strerror})"
            raise SelectionError(message) from None
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._reaper.watch(self._process.pid)
        Thread(target=self._read, args=(self._process.stdout,), daemon=True).start()

    @classmethod
    def collecting(cls, command: SuiteCommand) -> Self:
        """Start pytest, and wait until it has collected the suite.

        SelectionError if it cannot, with the end of its output.
        """
        process = cls(command)
        process.collect()
        return process

    def collect(self) -> None:
        """Wait until pytest has collected; SelectionError, with its words, if it cannot."""
        try:
            self.collected = self.collection()
        except LaneError as error:
            said = self.tail()
            if lacks := lacking(said):
                command = shlex.join(self.command.python)
                raise SelectionError(f"{command} {lacks}") from None
            told = f"pytest: {error}{cause_in(said)}"
            raise SelectionError(told).with_notes(said) from None
        finally:
            if not self.collected.root:
                self.end(at_once=True)

    def collection(self) -> Collected:
        """Return what pytest collected; LaneError if it dies, or finds errors."""
        collected: Collected = self._reply(Collected, START_S)
        if collected.errors:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)  # it tells of the errors in the end
            raise LaneError("it could not collect the suite")
        return collected

    def run(self, test: str, following: str | None) -> Outcome:
        """Run a benchmark; LaneError if pytest dies or does not answer.

        Before the next test, fixtures that `following` does not need are torn down.
        """
        line = json.dumps({"run": test, "next": following}) + "\n"
        assert self._process.stdin is not None  # noqa: S101 (it was asked for)
        try:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except OSError:
            raise LaneError(self._death()) from None
        outcome: Outcome = self._reply(Outcome, self.command.timeout_s)
        return outcome

    def tail(self) -> str:
        """Return the end of what pytest has written."""
        with self._output.open("rb") as output:  # with -s, all that benchmarks print is in it
            output.seek(max(0, self._output.stat().st_size - TAIL_BYTES))
            text = output.read().decode("utf-8", errors="replace")
        return "\n".join(text.rstrip().splitlines()[-TAIL_LINES:])

    def end(self, *, at_once: bool = False) -> None:
        """Let pytest tear down, or kill it, and leave no process of it behind."""
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            if not at_once:
                self._process.wait(END_S)
        with contextlib.suppress(OSError, AttributeError):
            os.killpg(self._process.pid, KILL)
        self._process.kill()
        self._process.wait()
        self._reaper.forget(self._process.pid)
        self._clear()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """End it: at once if something went wrong."""
        self.end(at_once=kind is not None)

    def _started(self) -> subprocess.Popen[bytes]:
        package = self._home / PACKAGE
        package.mkdir()
        for name in TRAVELS:
            shutil.copy(Path(anchor.__file__).parent / name, package)
        variables = {**surroundings(), VARIABLE: "1", **self.command.environment}
        paths = filter(None, [str(self._home), variables.get("PYTHONPATH")])
        options = ["-p", f"{PACKAGE}.suite", "--benchmark-enable"]
        with self._output.open("wb") as output:
            return subprocess.Popen(  # noqa: S603 (what the user asked for)
                [*self.command.python, "-m", "pytest", *options, *self.command.arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                cwd=self.command.folder,
                env={
                    **variables,
                    **marks(self._home),
                    "PYTHONPATH": os.pathsep.join(paths),
                },
                start_new_session=True,
            )

    def _read(self, replies: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError), replies:
            for line in replies:
                self._lines.put(line)
        self._lines.put(b"")

    def _reply(self, kind: Any, timeout_s: float) -> Any:
        """Return the next reply; LaneError if there is none, or it is none."""
        try:
            return decoded(self._line(timeout_s), msgspec.json.Decoder(kind))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise LaneError(f"what pytest answered cannot be read ({error})") from None

    def _line(self, timeout_s: float) -> bytes:
        end_s = time.monotonic() + timeout_s
        while (left_s := end_s - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                if line := self._lines.get(timeout=min(left_s, POLL_S)):
                    return line
                raise LaneError(self._death())
            if self._process.poll() is not None and self._lines.empty():
                raise LaneError(self._death())  # a child may still hold the pipe
        raise LaneError(f"no answer for {timeout_s:.0f} s")

    def _death(self) -> str:
        """Return how pytest died."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)
        code = self._process.returncode
        if code is None:
            return "pytest closed its output"
        if code >= 0:
            return f"pytest ended with exit code {code}"
        try:
            return f"pytest was killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"pytest was killed by signal {-code}"

    def _clear(self) -> None:
        self._reaper.dismiss()


def cause_in(said: str) -> str:
    """Return what pytest calls an error in its last words, behind a colon; empty if nothing."""
    errors = [line for line in said.splitlines() if re.match(r"(ERROR:|.*: error:) ", line)]
    told = re.sub(r"^(ERROR:|.*: error:) ", "", errors[-1]) if errors else ""
    return f": {told.strip()}" if told else ""


def lacking(said: str) -> str:
    """Return what an interpreter lacks, by the last words of its pytest; empty if nothing."""
    remedy = "install it there, too (as part of --prepare, if you give that)"
    if said.endswith("No module named pytest"):
        return f"has no pytest: {remedy}"
    if "unrecognized arguments:" in said and "--benchmark-enable" in said:
        return f"has no pytest-benchmark, or it is switched off: {remedy}"
    return ""
