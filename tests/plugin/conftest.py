"""A tiny project of a user's, tested with a real pytest and raced in real lanes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

# Pytester's inner sessions forget the modules they imported, and numpy's extensions load only once
# a process: they must have been loaded before.
import numpy as np  # noqa: F401
import pandas as pd  # noqa: F401
import pytest
import scipy.special  # noqa: F401

from support.brought import TINY
from support.processes import started
from support.project import (
    ALONE,
    DECIDING,
    INI,
    OPTIONS,
    RACED,
    WRONG_IN_THREADS,
    command_of_tests,
    measure_once,
    runs_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.processes import Start
    from support.project import Measure
    from support.saved import Saved


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tests see nothing of the machine that runs them, and lose no time on it."""
    for variable in DECIDING:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PYTEST_PLUGINS", "raceway.plugin")
    monkeypatch.setattr("raceway.plugin.replay.BUDGET_S", 0.02)


@pytest.fixture
def pytester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Leave out the plugins that test_other_plugins.py tries, which are installed, too."""
    monkeypatch.setenv("PYTEST_ADDOPTS", ALONE)
    return pytester


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no CUDA device be found, whatever this machine has."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


@pytest.fixture
def tiny_project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Return a folder with tests that race the tiny workload."""
    pytester.makeini(INI)
    pytester.makepyfile(test_tiny=RACED, tiny=TINY)
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
    with started() as start:
        yield lambda *options: start(
            command_of_tests(*options), stderr=subprocess.STDOUT, cwd=tiny_project.path
        )


@pytest.fixture
def saved(pytester: pytest.Pytester) -> Saved:
    """Return a function that reads all runs the project has saved, oldest first."""
    return lambda: runs_in(pytester.path)


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a project after its only run: results/, all.json and output.txt."""
    folder = tmp_path_factory.mktemp("measured")
    measure_once(folder)
    return folder
