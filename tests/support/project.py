"""A tiny project of a user's, tested with a real pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import pytest

from raceway.store.runs import load
from support.brought import TINY
from support.files import write_tree

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.record import Run

Measure: TypeAlias = Callable[..., pytest.RunResult]

INI = """
[pytest]
addopts = --strict-markers
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""
RACED = """
import pytest

@pytest.mark.raceway(workloads=["tiny"])
def test_tiny(race, case, benchmark):
    race.replay(case, benchmark)
"""
PLAIN = """
async def nothing():
    return "nothing"

def test_plain(benchmark):
    assert benchmark(int) == 0

async def test_async(async_benchmark):
    assert await async_benchmark(nothing) == "nothing"
"""
WRONG_IN_THREADS = """
import threading
from raceway.case import Kind, Workload

def double(number):
    return 2 * number + (threading.current_thread() is not threading.main_thread())

WORKLOAD = Workload(
    summary="wrong in threads", kind=Kind.CPU, task=double, expected=float, sizes={"few": (0, 0)}
)
"""
OPTIONS = ("--workload=tiny.py", "--models=serial,threads", "--launches=1", "--budget=30")
DECIDING = (
    "RACEWAY_MACHINE", "REQUIRE_CUDA", "PYTEST_ADDOPTS", "COLUMNS", "PYTEST_XDIST_WORKER",
    "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID",
)  # fmt: skip
"""Variables of the machine that runs the tests; none may decide what they see."""


ALONE = " ".join(
    f"-p no:{name}" for name in ("codspeed", "randomly", "repeat", "rerunfailures", "timeout")
)
"""Options of sessions that the plugins tried in test_other_plugins.py leave alone."""


def undecided() -> dict[str, str]:
    """Return the environment without the variables that would decide what tests see."""
    kept = {name: value for name, value in os.environ.items() if name not in DECIDING}
    return {**kept, "PYTEST_ADDOPTS": ALONE}


def command_of_tests(*options: str) -> list[str]:
    """Return the command that runs the project's tests in a process of their own."""
    return [sys.executable, "-m", "pytest", "-p", "raceway.plugin", *OPTIONS, *options]


def measure_once(folder: Path) -> None:
    """Write the project, run it once, and keep all.json, output.txt and what it saved."""
    files = {
        "pytest.ini": INI,
        "test_tiny.py": RACED,
        "test_plain.py": PLAIN,
        "tiny.py": TINY,
    }
    write_tree(folder, files)
    done = subprocess.run(
        command_of_tests("--benchmark-json=all.json", "--benchmark-max-time=0.01"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd=folder,
        env=undecided(),
        encoding="utf-8",
    )
    (folder / "output.txt").write_text(done.stdout, encoding="utf-8")


def runs_in(folder: Path) -> list[Run]:
    """Return all runs the project has saved, oldest first."""
    loaded = load(folder.glob("results/*/*.json"))
    assert loaded.problems == []
    return sorted((run for _, run in loaded.runs), key=lambda run: run.header.started_at)
