"""A small suite of somebody's own, run by the real command."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from support.command import raceway_in
from support.files import write_tree
from support.project import runs_in

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from raceway.record import Launch, Record, Run

QUICK = """
import pytest

@pytest.mark.parametrize("size", [10, 1000])
def test_sum(benchmark, size):
    benchmark.extra_info["size"] = size
    benchmark.extra_info["odd"] = float("nan")
    assert benchmark(sum, range(size)) == size * (size - 1) // 2

class TestSorting:
    @pytest.fixture
    def numbers(self):
        return [3, 2, 1] * 100

    @pytest.mark.benchmark(group="sorting")
    def test_sorted(self, benchmark, numbers):
        benchmark.pedantic(sorted, setup=lambda: ((list(numbers),), {}), rounds=7)

def test_not_a_benchmark():
    raise AssertionError("nobody runs this")
"""
WAITING = """
import asyncio
import os
import time
import pytest

def test_sleep(benchmark):
    benchmark.pedantic(time.sleep, args=(0.02,), rounds=5)

def test_async(benchmark):
    async def nap():
        await asyncio.sleep(0)
    benchmark(lambda: asyncio.run(nap()))
"""
BAD = """
import os
import pytest

def test_fails(benchmark):
    benchmark(int)
    assert 1 == 2

def test_crashes(benchmark):
    os._exit(3)

def test_unused(benchmark):
    pass

@pytest.mark.skip(reason="not today")
def test_skipped(benchmark):
    benchmark(int)

def test_after_all(benchmark):
    benchmark(int)
"""
SUITE = {"perf/test_quick.py": QUICK, "perf/test_waiting.py": WAITING}
WITH_BAD = {**SUITE, "perf/test_bad.py": BAD}
PYTEST = ("--benchmark-max-time=0.01", "--benchmark-min-rounds=3")


def command_of_suite(*options: str) -> list[str]:
    """Return the command that runs the suite in a process of its own."""
    return [sys.executable, "-m", "raceway", "suite", "run", "perf", *PYTEST, *options]


def run_suite(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the suite of a folder by the command, called here, and return what it said."""
    return raceway_in(folder, "suite", "run", "perf", *PYTEST, *options)


def begin_suite(folder: Path, files: dict[str, str]) -> Path:
    """Write a suite into a folder, and return it."""
    write_tree(folder, files)
    return folder


def the_run(folder: Path) -> Run:
    """Return the newest run of a folder."""
    return runs_in(folder)[-1]


def record_named(run: Run, name: str) -> Record:
    """Return the record of the benchmark whose node id ends with a name."""
    (found,) = (record for record in run.records if record.id.endswith(f"::{name}"))
    return found


def launches_of(run: Run) -> dict[str, list[Launch]]:
    """Return the launches of each benchmark."""
    return {record.id: record.launches for record in run.records}


def journals(folder: Path) -> list[Path]:
    """Return the journals of a folder's runs that have not ended."""
    return list(folder.glob("results/*/*.journal"))
