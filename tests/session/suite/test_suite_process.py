"""A suite's pytest that does not keep to what was agreed: programs here play it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from raceway.errors import LaneError, SelectionError
from raceway.session.suite.process import SuiteCommand, SuiteProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Play = Callable[..., SuiteCommand]

COLLECTED = """print('{"tests": ["test_one"], "root": "/suite"}', flush=True)"""


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Return a function that gives the command of a pytest which runs some code instead."""

    def command(code: str, timeout_s: float = 60.0) -> SuiteCommand:
        return SuiteCommand((sys.executable, "-c", code), (), tmp_path, timeout_s)

    return command


@pytest.mark.parametrize(
    ("code", "end_s", "said"),
    [
        ("raise SystemExit('last words')", 60.0, "pytest ended with exit code 1\nlast words"),
        (
            "raise SystemExit('in 1 s\\nERROR: file or directory not found: perf')",
            60.0,
            "pytest ended with exit code 1: file or directory not found: perf\nin 1 s\n",
        ),
        (
            "raise SystemExit('python -m pytest: error: unrecognized arguments: --no\\n  rootdir')",
            60.0,
            "pytest ended with exit code 1: unrecognized arguments: --no\n",
        ),
        ("import os; os.kill(os.getpid(), 9)", 60.0, "pytest was killed by SIGKILL"),
        ("import os, time; os.close(1); time.sleep(60)", 0.1, "pytest closed its output"),
        ("print('nonsense', flush=True); input()", 60.0, "what pytest answered cannot be read"),
        ("print('{\"errors\": 2}', flush=True); input()", 0.1, "it could not collect the suite"),
    ],
)
def test_a_pytest_that_cannot_collect_is_refused_with_the_reason(
    play: Play, monkeypatch: pytest.MonkeyPatch, code: str, end_s: float, said: str
) -> None:
    monkeypatch.setattr("raceway.session.suite.process.END_S", end_s)

    with pytest.raises(SelectionError) as refused:
        SuiteProcess.collecting(play(code))

    assert "\n".join(refused.value.lines()).startswith(f"pytest: {said}")


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ("/usr/bin/python3: No module named pytest", "has no pytest: install it there"),
        (
            "pytest: error: unrecognized arguments: --benchmark-enable\n  rootdir: x",
            "has no pytest-benchmark, or it is switched off: install it there",
        ),
    ],
)
def test_an_interpreter_without_pytest_benchmark_is_named_with_the_remedy(
    play: Play, said: str, lacks: str
) -> None:
    command = play(f"raise SystemExit({said!r})")

    with pytest.raises(SelectionError) as refused:
        SuiteProcess.collecting(command)

    (line,) = refused.value.lines()
    assert line.startswith(sys.executable)
    assert lacks in line


def test_an_interpreter_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match="/no/such/python: cannot be started"):
        SuiteProcess(SuiteCommand(("/no/such/python",), (), tmp_path))


@pytest.mark.parametrize(
    ("code", "timeout_s", "said"),
    [
        ("raise SystemExit(5)", 60.0, "pytest ended with exit code 5"),
        ("input(); input()", 1.0, "no answer for 1 s"),
        ("input(); print('[]', flush=True); input()", 60.0, "what pytest answered cannot be read"),
    ],
)
def test_a_benchmark_fails_whose_pytest_dies_hangs_or_rambles(
    play: Play, code: str, timeout_s: float, said: str
) -> None:
    command = play(f"{COLLECTED}\n{code}", timeout_s)

    with SuiteProcess.collecting(command) as process:
        assert (process.collected.tests, process.collected.root) == (["test_one"], "/suite")
        with pytest.raises(LaneError, match=said):
            process.run("test_one", None)


def test_a_pytest_that_has_died_cannot_be_asked(play: Play) -> None:
    with SuiteProcess.collecting(play(f"{COLLECTED}\nraise SystemExit(5)")) as process:
        process._process.wait()  # noqa: SLF001 (what the test is about)
        with pytest.raises(LaneError, match="exit code 5"):
            process.run("test_one", None)
