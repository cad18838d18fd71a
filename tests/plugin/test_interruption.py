"""Sessions that are killed, interrupted, resumed, or not alone."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.record import Status
from support.ended import LAUNCHES, end_in_the_second_group
from support.lanes import PATIENCE_S
from support.processes import python_of
from support.project import command_of_tests, runs_in, undecided

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from support.ended import Ended
    from support.lanes import StillRunning
    from support.processes import Start
    from support.project import Measure
    from support.saved import Saved


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Return a session that was killed as nothing else can."""
    return end_in_the_second_group(tmp_path_factory.mktemp("killed"), signal.SIGKILL)


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """Return a session that somebody ended with Ctrl-C."""
    return end_in_the_second_group(tmp_path_factory.mktemp("interrupted"), signal.SIGINT)


@pytest.fixture(scope="module")
def resumed(killed: Ended, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Return where a killed session was gone on with, and what that said."""
    folder = tmp_path_factory.mktemp("resumed") / "project"
    shutil.copytree(killed.folder, folder)
    return folder, said_by(command_of_tests(f"--launches={LAUNCHES}", "--resume"), folder)


def said_by(command: Sequence[str], folder: Path) -> list[str]:
    done = subprocess.run(
        command, capture_output=True, check=True, cwd=folder, env=undecided(), encoding="utf-8"
    )
    return done.stdout.splitlines()


def test_a_killed_session_leaves_no_process_behind(
    killed: Ended, still_running: StillRunning
) -> None:
    assert killed.family
    assert still_running(killed.family) == []


def test_a_killed_session_loses_only_the_group_in_progress(killed: Ended, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(killed.folder, folder)
    report = said_by(python_of("from raceway.cli import main; main()", "report"), folder)

    (run,) = runs_in(folder)
    assert [group.launch for group in run.groups] == [0]
    assert run.status is Status.INTERRUPTED
    assert report[0].startswith("recovered an interrupted run: ")
    assert any("interrupted: " in line for line in report)


def test_a_resumed_run_measures_only_what_is_missing(resumed: tuple[Path, list[str]]) -> None:
    folder, output = resumed

    before, after = runs_in(folder)
    for kept, record in zip(before.records, after.records, strict=True):
        assert record.launches[:1] == kept.launches
    assert f"resumed run {before.header.run_id}: 1 group kept" in output
    assert "2 passed" in output[-1]


def test_a_resumed_run_is_complete(resumed: tuple[Path, list[str]]) -> None:
    before, after = runs_in(resumed[0])

    assert after.status is Status.OK
    assert {record.status for record in after.records} == {Status.OK}
    assert [len(record.launches) for record in after.records] == [LAUNCHES, LAUNCHES]
    assert after.header.resumed_from == before.header.run_id


def test_ctrl_c_saves_what_had_finished(interrupted: Ended) -> None:
    (run,) = runs_in(interrupted.folder)
    assert run.status is Status.INTERRUPTED
    assert [group.launch for group in run.groups] == [0]
    assert interrupted.exit_code == pytest.ExitCode.INTERRUPTED
    assert "saved: " in interrupted.output


def test_ctrl_c_leaves_nothing_behind(interrupted: Ended, still_running: StillRunning) -> None:
    assert interrupted.family
    assert still_running(interrupted.family) == []
    assert list(interrupted.folder.glob("results/*/*.journal")) == []


def test_a_session_ended_by_a_test_is_interrupted(
    tiny_project: pytest.Pytester, measure: Measure, saved: Saved
) -> None:
    tiny_project.makepyfile(
        test_end="""
        import pytest

        def test_end():
            pytest.exit("enough", returncode=7)
        """
    )
    result = measure("test_tiny.py", "test_end.py")

    assert [run.status for run in saved()] == [Status.INTERRUPTED]
    assert result.ret == 7


def test_there_must_be_something_to_resume(measure: Measure) -> None:
    result = measure("--resume")

    result.stdout.fnmatch_lines(["!* --resume: * holds no run; leave --resume out !*"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_sessions_side_by_side_are_both_saved(start: Start, saved: Saved) -> None:
    both = [start(), start()]

    assert [process.wait(timeout=PATIENCE_S) for process in both] == [0, 0]
    assert [run.status for run in saved()] == [Status.OK, Status.OK]
    assert len({run.header.run_id for run in saved()}) == 2
