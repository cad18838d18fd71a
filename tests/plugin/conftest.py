"""A tiny project of a user's, tested with a real pytest and raced in real lanes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from raceway.record import Run

    Measure = Callable[..., pytest.RunResult]
    Start = Callable[..., subprocess.Popen[str]]

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
OPTIONS = ("--workload=tiny.py", "--models=serial,threads", "--launches=1", "--budget=0.02")
DECIDING = (
    "RACEWAY_MACHINE", "REQUIRE_CUDA", "PYTEST_ADDOPTS", "COLUMNS", "PYTEST_XDIST_WORKER",
    "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID",
)  # fmt: skip
"""Variables of the machine that runs the tests; none may decide what they see."""


def command_of_tests(*options: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-p", "raceway.plugin", *OPTIONS, *options]


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests see nothing of the machine that runs them, and lose no time on it."""
    for variable in DECIDING:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PYTEST_PLUGINS", "raceway.plugin")
    monkeypatch.setattr("raceway.plugin.replay.BUDGET_S", 0.02)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no CUDA device be found, whatever this machine has."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


@pytest.fixture
def tiny_project(pytester: pytest.Pytester, tiny: Path) -> pytest.Pytester:
    """Return a folder with tests that race the tiny workload."""
    pytester.makeini(INI)
    pytester.makepyfile(test_tiny=RACED, tiny=tiny.read_text(encoding="utf-8"))
    return pytester


@pytest.fixture
def wrong_in_threads(tiny_project: pytest.Pytester) -> None:
    """Let the tiny workload answer wrongly in threads."""
    tiny_project.makepyfile(tiny=WRONG_IN_THREADS)


@pytest.fixture
def measure(tiny_project: pytest.Pytester) -> Measure:
    """Return a function that runs the project's tests in this process."""
    return lambda *options: tiny_project.runpytest_inprocess(*OPTIONS, *options)


@pytest.fixture
def start(tiny_project: pytest.Pytester) -> Iterator[Start]:
    """Return a function that starts the project's tests in a process of their own."""
    started: list[subprocess.Popen[str]] = []

    def begin(*options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command_of_tests(*options),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=tiny_project.path,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def saved(pytester: pytest.Pytester) -> Callable[[], list[Run]]:
    """Return a function that reads all runs the project has saved, oldest first."""

    def read() -> list[Run]:
        loaded = load(pytester.path.glob("results/*/*.json"))
        assert loaded.problems == []
        return sorted((run for _, run in loaded.runs), key=lambda run: run.header.started_at)

    return read


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory, tiny: Path) -> Path:
    """Return the folder of a project after its only run: results/, all.json and output.txt."""
    folder = tmp_path_factory.mktemp("measured")
    files = {
        "pytest.ini": INI,
        "test_tiny.py": RACED,
        "test_plain.py": PLAIN,
        "tiny.py": tiny.read_text(encoding="utf-8"),
    }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    done = subprocess.run(
        command_of_tests("--benchmark-json=all.json", "--benchmark-max-time=0.01"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name not in DECIDING},
        encoding="utf-8",
    )
    (folder / "output.txt").write_text(done.stdout, encoding="utf-8")
    return folder
