"""Runs of a suite that are killed or interrupted, and what can go on."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from typing import TYPE_CHECKING

from raceway.record import Status
from support.processes import started
from support.project import runs_in, undecided
from support.suites import (
    SUITE,
    begin_suite,
    command_of_suite,
    journals,
    launches_of,
    run_suite,
    the_run,
)

if TYPE_CHECKING:
    from pathlib import Path

    from support.processes import Popen

MANY = "--launches=40"


def await_measurements(process: Popen, folder: Path, number: int) -> None:
    """Wait until a run has so many benchmarks in its journal."""
    while sum(len(file.read_bytes().splitlines()) for file in journals(folder)) <= number:
        assert process.poll() is None
        time.sleep(0.05)


def interrupted(process: Popen) -> str:
    """Interrupt a run, and return what it said."""
    process.send_signal(signal.SIGINT)
    assert process.stdout
    output = process.stdout.read()
    process.wait()
    return output


def test_a_killed_run_loses_at_most_the_benchmark_under_way_and_goes_on(tmp_path: Path) -> None:
    folder = begin_suite(tmp_path, SUITE)
    with started() as start:
        process = start(command_of_suite(MANY), cwd=folder, env=undecided())
        await_measurements(process, folder, 7)
        process.kill()
        process.wait()
    before = sum(len(file.read_bytes().splitlines()) - 1 for file in journals(folder))

    done = run_suite(folder, "--launches=2", "--resume")

    assert done.returncode == 0, done.stdout + done.stderr
    killed, resumed = runs_in(folder)
    assert killed.status is Status.INTERRUPTED
    assert len(killed.groups) == before
    assert resumed.header.resumed_from == killed.header.run_id
    kept = launches_of(killed)
    for case, launches in launches_of(resumed).items():
        assert [launch.index for launch in launches] == [0, 1]
        assert launches[: len(kept[case])] == kept[case][:2]
    assert "--resume continues" not in done.stdout


def test_an_interrupted_run_is_saved_as_such_and_says_how_to_go_on(tmp_path: Path) -> None:
    folder = begin_suite(tmp_path, SUITE)
    with started() as start:
        process = start(command_of_suite(MANY), cwd=folder, env=undecided())
        await_measurements(process, folder, 2)
        output = interrupted(process)

    assert process.returncode == 130
    assert "interrupted; what had finished is saved" in output
    assert the_run(folder).status is Status.INTERRUPTED
    assert journals(folder) == []
    told = subprocess.run(
        [*command_of_suite()[:3], "report"], capture_output=True, text=True, check=False,
        cwd=folder, env=undecided(),
    )  # fmt: skip
    assert "raceway suite run … --resume continues" in " ".join(told.stdout.split())


def interrupted_suite(folder: Path) -> Path:
    """Return a folder with a suite whose run was interrupted."""
    begun = begin_suite(folder, SUITE)
    with started() as start:
        process = start(command_of_suite(MANY), cwd=begun, env=undecided())
        await_measurements(process, begun, 2)
        interrupted(process)
    return begun


def test_another_suite_is_not_resumed(tmp_path: Path) -> None:
    folder = interrupted_suite(tmp_path)

    done = run_suite(folder, "-k", "sleep", "--resume")

    assert done.returncode == 4
    assert "give the same paths and options" in done.stderr


def test_a_suite_measured_on_another_host_is_not_resumed(tmp_path: Path) -> None:
    folder = interrupted_suite(tmp_path)
    (file,) = folder.glob("results/*/*.json")
    saved = json.loads(file.read_bytes())
    saved["raceway"]["host"]["microcode"] = "another"
    file.write_text(json.dumps(saved), encoding="utf-8")

    done = run_suite(folder, "--launches=2", "--resume")

    assert done.returncode == 4
    assert "another host (another microcode)" in done.stderr
