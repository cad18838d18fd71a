"""Ends raceway's commands at random moments, and counts what is lost and what stays behind."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from raceway.store.journal import read_journal
from raceway.store.runs import load

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

RACEWAY = [sys.executable, "-c", "from raceway.__main__ import main; main()"]
"""As the script that pip installs does."""
WORK = """
from raceway import Kind, Workload

def double(number):
    return 2 * number + {version} - {version}

WORKLOAD = Workload(
    summary="doubling", kind=Kind.CPU, task=double, expected=lambda number: 2 * number,
    sizes={{"few": (1, 2), "some": (1, 2, 3)}},
)
"""
SUITE = """
def test_sum(benchmark):
    benchmark(sum, range(10))

def test_sorted(benchmark):
    benchmark(sorted, [3, 1, 2])
"""
RACE = ["race", "work.py", "--models=serial,processes-spawn", "--launches=3", "--budget=60"]
RUN_SUITE = ["suite", "run", "test_suite.py", "--benchmark-max-time=0.01", "--launches=3"]
RESUMED = {"race": RACE, "suite": RUN_SUITE}
COMMANDS = {
    **RESUMED,
    "duel": ["duel", "--revisions", "HEAD^", "HEAD", "--workload=work.py", "--budget=8"],
    "report": ["report", "--html", "page.html"],
}
NEXT = {"report": COMMANDS["report"]}
"""What is run next, if it is not `recover`."""
WAYS = {
    "KILL": (signal.SIGKILL,),
    "TERM": (signal.SIGTERM,),
    "HUP": (signal.SIGHUP,),
    "Ctrl-C twice": (signal.SIGINT, signal.SIGINT),
}
OURS = {
    "work.py", "test_suite.py", "__pycache__", "page.html", "results", "cache", ".git", "t",
    ".benchmarks",
}  # fmt: skip
"""What may lie in the folder of a trial, Python's own bytecode and pytest-benchmark's own folder
included; t is the temporary folder, and must be empty."""
PATIENCE_S = 20.0
COUNTED = (
    "measured", "lost", "not kept", "processes", "temporary files", "half-written", "other files",
    "worktrees", "tracebacks",
)  # fmt: skip


class Place:
    """A project of its own: a repository with two commits, its results, its temporary folder."""

    def __init__(self, like: Place | None = None) -> None:
        """Make it, perhaps a copy of another; its name is short, since sockets' are."""
        self.folder = Path(tempfile.mkdtemp(prefix="rw-"))
        if like:
            shutil.copytree(like.folder, self.folder, dirs_exist_ok=True, symlinks=True)
            return
        (self.folder / "t").mkdir()
        (self.folder / "test_suite.py").write_text(SUITE)
        settings = ("-c", "user.name=x", "-c", "user.email=x@example.org")
        self.git("init", "-q")
        for version in (1, 2):
            (self.folder / "work.py").write_text(WORK.format(version=version))
            self.git("add", "work.py", "test_suite.py")
            self.git(*settings, "commit", "-q", "-m", f"version {version}")

    def environment(self) -> dict[str, str]:
        """Return the variables of what runs here, by which it is found again."""
        own = {"TMPDIR": f"{self.folder}/t", "XDG_CACHE_HOME": f"{self.folder}/cache"}
        pytest = {
            "PYTEST_ADDOPTS": "-p no:cacheprovider -p pytest_benchmark.plugin",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # others would take most of the time
        }
        return {**os.environ, **own, **pytest, "HOSTILE": str(self.folder)}

    def git(self, *arguments: str) -> str:
        """Run git here."""
        command = ["git", "-C", str(self.folder), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603

    def start(self, arguments: list[str], limits: str = ":") -> subprocess.Popen[str]:
        """Start a command in a process group of its own, with limits as a shell sets them."""
        limited = ["sh", "-c", f'{limits}; exec "$@"', "sh", *RACEWAY, *arguments]
        return subprocess.Popen(  # noqa: S603 (ours)
            limited, cwd=self.folder, env=self.environment(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, process_group=0,
        )  # fmt: skip

    def run(self, arguments: list[str], limits: str = ":") -> str:
        """Run a command to its end, and return what it says."""
        return self.start(arguments, limits).communicate()[0]

    def measured(self) -> set[tuple[str, str, int]]:
        """Return the groups that are saved or journaled, by run."""
        found = set()
        for path in self.folder.glob("results/**/*.journal"):
            with suppress(Exception):
                contents = read_journal(path)
                run_id = contents.header.run_id
                found |= {(run_id, group.id, group.launch) for group in contents.groups}
        for _, run in load(self.folder.glob("results/**/*.json")).runs:
            run_id = run.header.duel or run.header.run_id
            found |= {(run_id, group.id, group.launch) for group in run.groups}
        return found

    def processes(self) -> list[int]:
        """Return what still runs of this place, after a while in which it may end."""
        deadline_s = time.monotonic() + PATIENCE_S
        while (left := list(self._running())) and time.monotonic() < deadline_s:
            time.sleep(0.05)
        return left

    def _running(self) -> Iterator[int]:
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                mine = process.environ().get("HOSTILE") == str(self.folder)
                if mine and process.status() != psutil.STATUS_ZOMBIE:
                    yield process.pid

    def left(self) -> Counter[str]:
        """Count what is left behind."""
        running = self.processes()
        others = sorted(
            path.name
            for path in self.folder.iterdir()
            if path.name not in OURS and path.suffix != ".tmp"
        )
        if others:
            print("left in the folder:", *others, file=sys.stderr)
        return Counter(
            {
                "processes": len(running),
                "temporary files": len(list((self.folder / "t").iterdir())),
                "half-written": len(list(self.folder.glob("**/.*.tmp"))),
                "other files": len(others),
                "worktrees": len(self.git("worktree", "list").splitlines()) - 1,
            }
        )

    def remove(self) -> None:
        """Remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def section(asked: argparse.Namespace, draw: random.Random) -> bool:
    """Try every command in every way; return whether nothing was lost or left."""
    lost: Counter[str] = Counter()
    print("command | ended by | times |", " | ".join(COUNTED), flush=True)
    for name in COMMANDS:
        if asked.only in name:
            subject = Subject.of(name)
            for way in WAYS if not asked.way else (asked.way,):
                counts = subject.trials(way, asked.times, asked.jobs, draw)
                figures = " | ".join(str(counts[each]) for each in COUNTED)
                print(f"{name} | {way} | {asked.times} | {figures}", flush=True)
                lost += counts
            subject.place.remove()
    return not any(lost[each] for each in COUNTED if each != "measured")


@dataclass(frozen=True)
class Subject:
    """A command that is ended at random moments."""

    name: str
    place: Place
    """Where it can be run; each trial has a copy."""
    usual_s: float
    """How long it takes if nobody ends it."""

    @classmethod
    def of(cls, name: str) -> Subject:
        """Prepare a place: a report needs a run."""
        place = Place()
        if name == "report":
            place.run(RACE)
        once = Place(place)
        start_s = time.monotonic()
        once.run(COMMANDS[name])
        usual_s = time.monotonic() - start_s
        once.remove()
        return cls(name, place, usual_s)

    def trials(self, way: str, times: int, jobs: int, draw: random.Random) -> Counter[str]:
        """End it in one way at several moments, and count all that was lost or left."""

        def one(seed: float) -> Counter[str]:
            return self.trial(WAYS[way], random.Random(seed))  # noqa: S311 (moments)

        with ThreadPoolExecutor(jobs) as pool:
            return sum(pool.map(one, [draw.random() for _ in range(times)]), Counter())

    def trial(self, signals: tuple[int, ...], draw: random.Random) -> Counter[str]:
        """End it after a while, and count what was lost and what is left."""
        after_s = draw.uniform(0, self.usual_s)
        place = Place(self.place)
        try:
            before = place.measured()
            output = ended(place, COMMANDS[self.name], signals, after_s, draw)
            measured = place.measured()
            counts = place.left()
            counts["half-written"] = 0  # the next command is to clear it
            place.run(NEXT.get(self.name, ["recover"]))
            kept = {each[1:] for each in place.measured()}
            counts["measured"] = len(measured - before)
            counts["lost"] = len({each[1:] for each in measured} - kept)
            counts["tracebacks"] = int("Traceback" in output)
            if counts["tracebacks"]:
                print(output, file=sys.stderr)
            if self.name in RESUMED and measured:
                command = RESUMED[self.name]
                counts["not kept"] = not_kept(place, command, len(measured), after_s, draw)
            return counts + place.left()
        finally:
            place.remove()


def ended(
    place: Place,
    arguments: list[str],
    signals: tuple[int, ...],
    after_s: float,
    draw: random.Random,
) -> str:
    """Start a command, end it after a while, and return what it said."""
    process = place.start(arguments)
    with suppress(subprocess.TimeoutExpired):
        return process.communicate(timeout=after_s)[0]
    for number in signals:
        with suppress(OSError):
            os.killpg(process.pid, number)
        time.sleep(draw.uniform(0, 0.3) if len(signals) > 1 else 0)
    return process.communicate()[0]


def not_kept(
    place: Place, command: list[str], measured: int, after_s: float, draw: random.Random
) -> int:
    """Resume, kill that too, resume again, and return how many groups that did not keep."""
    resume = [*command, "--resume"]
    ended(place, resume, (signal.SIGKILL,), draw.uniform(0, after_s), draw)
    said = place.run(resume)
    if "was not interrupted" in said:  # it came to its end before it was killed
        return 0
    kept = re.search(r"(\d+) (?:group|measurement)s? kept", said)
    return max(0, measured - int(kept[1]) if kept else measured)
