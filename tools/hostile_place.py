"""Where raceway's commands are tried: a project of its own, in which nothing may stay behind."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from raceway.store.journal import read_journal
from raceway.store.runs import load

if TYPE_CHECKING:
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
OURS = {
    "work.py", "test_suite.py", "__pycache__", "page.html", "results", "cache", ".git", "t",
    ".benchmarks",
}  # fmt: skip
"""What may lie in the folder of a trial, Python's own bytecode and pytest-benchmark's own folder
included; t is the temporary folder, and must be empty."""
PATIENCE_S = 20.0


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
        temporary = [path.name for path in (self.folder / "t").iterdir()]
        if others or temporary:
            print("left in the folder:", *others, *temporary, file=sys.stderr)
        return Counter(
            {
                "processes": len(running),
                "temporary files": len(temporary),
                "half-written": len(list(self.folder.glob("**/.*.tmp"))),
                "other files": len(others),
                "worktrees": len(self.git("worktree", "list").splitlines()) - 1,
            }
        )

    def remove(self) -> None:
        """Remove it."""
        shutil.rmtree(self.folder, ignore_errors=True)
