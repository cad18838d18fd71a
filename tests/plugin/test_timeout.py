"""A race that pytest-timeout cuts short keeps what had finished."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.record import Status
from support.ended import LAUNCHES, end_in_the_second_group
from support.project import command_of_tests, runs_in, undecided

if TYPE_CHECKING:
    from pathlib import Path

    from support.ended import Ended
    from support.lanes import StillRunning

pytest.importorskip("pytest_timeout", reason="pytest-timeout is not installed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
TIMED = ("-p", "timeout")


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Return a session whose race the alarm of pytest-timeout has ended."""
    folder = tmp_path_factory.mktemp("cut")
    return end_in_the_second_group(folder, signal.SIGALRM, *TIMED, "--timeout=600")


def resumed(ended: Ended, folder: Path) -> list[str]:
    """Go on with the session in a copy of its folder, and return what is said."""
    shutil.copytree(ended.folder, folder)
    done = subprocess.run(
        command_of_tests(f"--launches={LAUNCHES}", "--resume"),
        capture_output=True, check=True, cwd=folder, env=undecided(), encoding="utf-8",
    )  # fmt: skip
    return done.stdout.splitlines()


def test_a_race_that_is_cut_short_is_saved_as_interrupted(cut: Ended) -> None:
    (run,) = runs_in(cut.folder)

    assert run.status is Status.INTERRUPTED
    assert [group.launch for group in run.groups] == [0]
    assert list(cut.folder.glob("results/*/*.journal")) == []


def test_each_test_says_in_a_line_what_cut_the_race_short(cut: Ended) -> None:
    said = "the race was cut short: Timeout (>600.0s) from pytest-timeout"

    assert cut.exit_code == pytest.ExitCode.TESTS_FAILED
    assert "2 errors" in cut.output
    assert "Traceback" not in cut.output
    (note,) = [line for line in cut.output.splitlines() if line.startswith(f"{said}; ")]
    assert "`--resume` measures the rest" in note
    assert note.endswith("set timeout_func_only = true")


def test_nothing_is_left_running(cut: Ended, still_running: StillRunning) -> None:
    assert cut.family
    assert still_running(cut.family) == []


def test_a_race_that_was_cut_short_can_be_resumed(cut: Ended, tmp_path: Path) -> None:
    said = resumed(cut, tmp_path / "project")

    before, after = runs_in(tmp_path / "project")
    assert f"resumed run {before.header.run_id}: 1 group kept" in said
    assert after.status is Status.OK


@pytest.mark.slow
def test_a_session_that_the_thread_of_pytest_timeout_ended_can_be_resumed(tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    folder.mkdir()
    timed = (*TIMED, "--timeout=20", "--timeout-method=thread")
    cut = end_in_the_second_group(folder, None, *timed)
    said = resumed(cut, tmp_path / "project")

    assert cut.exit_code == 1
    assert any(line.endswith(": 1 group kept") for line in said)
    assert [run.status for run in runs_in(tmp_path / "project")] == [Status.INTERRUPTED, Status.OK]
