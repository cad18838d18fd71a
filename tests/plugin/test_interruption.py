"""Sessions that are killed, interrupted, resumed, or not alone."""

from __future__ import annotations

import inspect
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.record import Status
from support.journals import has_finished_a_group, wait_for_a_group
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from pathlib import Path

    from support.lanes import StillRunning
    from support.processes import Start
    from support.project import Measure
    from support.saved import Saved


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")

LAUNCHES = 3
HOLDING = f"""
import os
import time
from pathlib import Path
from raceway.case import Kind, Workload

{inspect.getsource(has_finished_a_group)}

def double(number):
    while "HOLD" in os.environ and has_finished_a_group(Path(os.environ["HOLD"])):
        time.sleep(0.01)
    return 2 * number

WORKLOAD = Workload(
    summary="doubling", kind=Kind.CPU, task=double, expected=float, sizes={{"few": (0, 0)}}
)
"""
"""Measures one group, and waits in the next to be ended."""


@pytest.fixture
def begun(
    start: Start, tiny_project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> subprocess.Popen[str]:
    """Return a session that has finished one of its groups, and is in the second."""
    tiny_project.makepyfile(tiny=HOLDING)
    with monkeypatch.context() as held:
        held.setenv("HOLD", str(tiny_project.path))
        process = start(f"--launches={LAUNCHES}")
    wait_for_a_group(process, tiny_project.path)
    return process


def killed(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Kill a session as nothing else can; return what it had started."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    return family


def report_in(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from raceway.cli import main; main()", "report"],
        capture_output=True,
        check=True,
        cwd=folder,
        encoding="utf-8",
    )
    return done.stdout


def test_a_killed_session_leaves_no_process_behind(
    begun: subprocess.Popen[str], still_running: StillRunning
) -> None:
    family = killed(begun)

    assert family
    assert still_running(family) == []


def test_a_killed_session_loses_only_the_group_in_progress(
    begun: subprocess.Popen[str], tiny_project: pytest.Pytester, saved: Saved
) -> None:
    killed(begun)
    report = report_in(tiny_project.path)

    (run,) = saved()
    assert [group.launch for group in run.groups] == [0]
    assert run.status is Status.INTERRUPTED
    assert report.startswith("recovered an interrupted run: ")
    assert "interrupted: " in report


def test_a_resumed_run_measures_only_what_is_missing(
    begun: subprocess.Popen[str], measure: Measure, saved: Saved
) -> None:
    killed(begun)
    result = measure(f"--launches={LAUNCHES}", "--resume")

    result.assert_outcomes(passed=2)
    interrupted, resumed = saved()
    for before, after in zip(interrupted.records, resumed.records, strict=True):
        assert after.launches[:1] == before.launches
    assert f"resumed run {interrupted.header.run_id}: 1 group kept" in result.outlines


def test_a_resumed_run_is_complete(
    begun: subprocess.Popen[str], measure: Measure, saved: Saved
) -> None:
    killed(begun)
    measure(f"--launches={LAUNCHES}", "--resume")

    interrupted, resumed = saved()
    assert resumed.status is Status.OK
    assert {record.status for record in resumed.records} == {Status.OK}
    assert [len(record.launches) for record in resumed.records] == [LAUNCHES, LAUNCHES]
    assert resumed.header.resumed_from == interrupted.header.run_id


def test_ctrl_c_saves_what_had_finished(begun: subprocess.Popen[str], saved: Saved) -> None:
    begun.send_signal(signal.SIGINT)
    output, _ = begun.communicate(timeout=PATIENCE_S)

    (run,) = saved()
    assert run.status is Status.INTERRUPTED
    assert [group.launch for group in run.groups] == [0]
    assert begun.returncode == pytest.ExitCode.INTERRUPTED
    assert "saved: " in output


def test_ctrl_c_leaves_nothing_behind(
    begun: subprocess.Popen[str], tiny_project: pytest.Pytester, still_running: StillRunning
) -> None:
    family = psutil.Process(begun.pid).children(recursive=True)
    begun.send_signal(signal.SIGINT)
    begun.communicate(timeout=PATIENCE_S)

    assert still_running(family) == []
    assert list(tiny_project.path.glob("results/*/*.journal")) == []


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
