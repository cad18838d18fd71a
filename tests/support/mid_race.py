"""Races in a process of their own, in the middle of which something they need is killed."""

from __future__ import annotations

import contextlib
import inspect
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import psutil

from raceway.record import Record, Run, Status
from support.journals import has_finished_a_group, wait_for_a_group
from support.lanes import still_running
from support.processes import python_of, started
from support.project import runs_in, undecided

Kill: TypeAlias = Callable[["MidRace"], None]

LAUNCHES = 3
PATIENCE_S = 300.0
"""Engines take their time to start where much else runs."""
SETTLED_S = 0.5
"""For the tasks beside one that waits to end."""
RACEWAY = "from raceway.cli import main; main()"
HELD = f"""
import os, sys, time
from pathlib import Path
from raceway import Kind, Workload
FOLDER = Path("HERE")
HELD_IN = {{"distributed", "ray"}}

{inspect.getsource(has_finished_a_group)}

def hold():
    released = FOLDER / "released"
    if not HELD_IN & set(sys.modules) or not has_finished_a_group(FOLDER):
        return
    with (FOLDER / "passes").open("a") as passes:
        passes.write(".")
    if not released.exists() and (FOLDER / "passes").stat().st_size > 2:
        (FOLDER / f"held-{{os.getpid()}}").touch()
        while not released.exists():
            time.sleep(0.01)

def task(number):
    if number == 0:
        hold()
    time.sleep(0.01)
    return {{"given": number}}

WORKLOAD = Workload(
    summary="", kind=Kind.IO, task=task, expected=lambda number: {{"given": number}},
    sizes={{"few": range(4)}},
)
"""
"""Work that measures one group; in the next, an engine's task of a later pass waits to be released.
"""


def write_held(folder: Path) -> None:
    """Write that work into a folder, as work.py; a lane has a copy elsewhere."""
    (folder / "work.py").write_text(HELD.replace("HERE", folder.as_posix()), encoding="utf-8")


@dataclass(frozen=True)
class MidRace:
    """A race that has measured a group."""

    process: subprocess.Popen[str]
    folder: Path
    before: frozenset[int]
    """Its processes at the end of that group."""

    def family(self) -> list[psutil.Process]:
        """Return all that it has started and that runs."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def awaited(self, found: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
        """Wait until something is found, and return it."""
        deadline_s = time.monotonic() + PATIENCE_S
        while not (processes := found()):
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < deadline_s
            time.sleep(0.005)
        return processes

    def held(self) -> list[psutil.Process]:
        """Wait until a task waits in a worker and all others are idle; return its worker."""
        processes = self.awaited(self._held)
        time.sleep(SETTLED_S)
        return processes

    def _held(self) -> list[psutil.Process]:
        pids = (int(path.name.removeprefix("held-")) for path in self.folder.glob("held-*"))
        return [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]

    def release(self) -> None:
        """Let tasks go on."""
        (self.folder / "released").touch()


@dataclass(frozen=True)
class Outcome:
    """How such a race came out."""

    run: Run
    exit_code: int
    said: str
    left: list[str]
    """Processes and temporary files."""

    def record(self, model: str) -> Record:
        """Return the case of a model."""
        (found,) = (record for record in self.run.records if record.model == model)
        return found

    @property
    def failed(self) -> list[Record]:
        """The cases that failed."""
        return [record for record in self.run.records if record.status is Status.FAILED]

    def went_on(self) -> bool:
        """Whether all other cases have all their launches, and the run came to its end."""
        others = [record for record in self.run.records if record not in self.failed]
        whole = all(
            [launch.status for launch in record.launches] == [Status.OK] * LAUNCHES
            for record in others
        )
        return bool(others) and whole and self.run.status is Status.OK


def killed_in_mid_race(
    folder: Path, kill: Kill, *options: str, more: Mapping[str, str] | None = None
) -> Outcome:
    """Race in a folder, kill something in the second group, and wait for the end."""
    with temporary_folder() as temporary, started() as start:
        process = start(
            python_of(RACEWAY, "race", *options, f"--launches={LAUNCHES}", "--budget=600"),
            stderr=subprocess.STDOUT, cwd=folder,
            env={**undecided(), **(more or {}), "TMPDIR": str(temporary)},
        )  # fmt: skip
        wait_for_a_group(process, folder)
        race = MidRace(process, folder, frozenset())
        known = race.family()
        kill(MidRace(process, folder, frozenset(each.pid for each in known)))
        race.release()
        said, _ = process.communicate(timeout=PATIENCE_S)
        (run,) = runs_in(folder)
        return Outcome(run, process.returncode, said, left_in(temporary))


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a folder for temporary files; short, as sockets' names must be."""
    with tempfile.TemporaryDirectory(prefix="rw-", dir="/tmp") as folder:
        yield Path(folder)


def left_in(temporary: Path) -> list[str]:
    """Return the processes that have a folder for temporary files, and what lies in it."""
    running = still_running(list(of_folder(temporary)))
    return [*map(str, running), *(path.name for path in temporary.iterdir())]


def of_folder(temporary: Path) -> Iterator[psutil.Process]:
    """Yield the processes in whose environment a folder is."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if str(temporary) in process.environ().get("TMPDIR", ""):
                yield process


def killed(processes: Sequence[psutil.Process]) -> None:
    """Kill processes as `kill -9` does, all before any has ended."""
    for process in processes:
        process.suspend()
    for process in processes:
        process.kill()


def is_called(process: psutil.Process, *words: str) -> bool:
    """Whether any of the words is in a process's command line."""
    with contextlib.suppress(psutil.Error):
        command = " ".join(process.cmdline())
        return any(word in command for word in words)
    return False
