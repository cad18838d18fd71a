"""Two revisions of a project, raced by their own suite in real pytest processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.errors import SelectionError
from raceway.record import Run, Status
from raceway.regression.suite_sides import Pytest, suite_sides
from raceway.session.suite.process import SuiteProcess
from raceway.store.runs import load
from support.command import raceway_in
from support.own_suite import GIVEN, two_revisions
from support.processes import started
from support.project import undecided

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with a slower second revision, whose suite has one more benchmark."""
    return two_revisions(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def told(project: Path) -> subprocess.CompletedProcess[str]:
    """Return what a duel of both revisions said."""
    return duel(project, "--suite", GIVEN, "--budget", "300", "--fail-slower")


def duel(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return raceway_in(folder, "duel", "--revisions", "fast", "HEAD", *options)


def both_sides(folder: Path) -> tuple[Run, Run]:
    """Return the saved runs of both sides, the first revision first."""
    runs = [run for _, run in load(folder.glob("results/*/duels/*.json")).runs]
    a, b = sorted(runs, key=lambda run: run.header.environments[0].command, reverse=True)
    return a, b


@pytest.mark.slow
def test_a_slower_revision_is_found_by_the_projects_own_suite(
    told: subprocess.CompletedProcess[str],
) -> None:
    assert told.returncode == 1, told.stdout + told.stderr
    slower = told.stdout.partition("\nslower\n")[2]
    assert slower.strip().startswith("perf/test_it.py::test_busy")


@pytest.mark.slow
def test_a_benchmark_of_one_side_only_is_told_and_not_raced(
    told: subprocess.CompletedProcess[str], project: Path
) -> None:
    assert "on one side only: 1 benchmark" in told.stdout
    for run in both_sides(project):
        assert {record.id for record in run.records} == {
            "perf/test_it.py::test_busy", "perf/test_it.py::test_idle",
        }  # fmt: skip


@pytest.mark.slow
@pytest.mark.usefixtures("told")
def test_both_sides_are_saved_as_runs_of_their_own_commit_and_of_one_duel(project: Path) -> None:
    a, b = both_sides(project)

    assert a.header.duel == b.header.duel
    assert a.header.commit.id != b.header.commit.id
    assert (a.status, b.status) == (Status.OK, Status.OK)
    for one, other in zip(a.records, b.records, strict=True):
        assert [each.index for each in one.launches] == [each.index for each in other.launches]
        assert len(one.launches) >= 5
        assert one.fullname == one.id


@pytest.mark.slow
@pytest.mark.usefixtures("told")
def test_nothing_of_the_checkouts_is_left(project: Path) -> None:
    command = ["git", "worktree", "list"]
    trees = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True)

    assert len(trees.stdout.splitlines()) == 1
    assert not list(project.glob("results/*/duels/*.journal"))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--suite", "nowhere"), "pytest: pytest ended with exit code"),
        (("--suite", GIVEN, "*::no_such"), "no benchmark that is meant exists on both sides"),
        (("--prepare", "true"), "need --revisions A B --suite PATH"),
        (("--suite", GIVEN, "--python", ""), "--python: give a command"),
        (("--suite", "'"), "--suite ': No closing quotation"),
        (("--suite", f"{GIVEN} --collect-only"), "--collect-only: nothing would be measured"),
    ],
)
def test_what_cannot_be_raced_is_refused_with_the_reason(
    project: Path, options: tuple[str, ...], reason: str
) -> None:
    refused = duel(project, *options)

    assert refused.returncode == 4
    assert reason in refused.stderr


def test_each_side_gets_an_environment_that_the_users_command_prepared(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    code = "import pathlib, sysconfig; pathlib.Path(sysconfig.get_path('purelib'), 'all.pth')"
    prepare = f"""python -c "{code}.write_text('{sysconfig.get_path("purelib")}')" """

    with suite_sides(["fast", "HEAD"], Pytest(["perf"], prepare)) as sides:
        pythons = [side.command.python[0] for side in sides]
        assert len({sys.executable, *pythons}) == 3
        for python in pythons:
            subprocess.run([python, "-c", "import pytest_benchmark"], check=True)


def test_a_preparation_that_fails_is_told_with_its_words(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)

    with (
        pytest.raises(SelectionError, match="exit code 3") as refused,
        suite_sides(["fast", "HEAD"], Pytest(["perf"], "echo out of flour; exit 3")),
    ):
        pass
    assert refused.value.lines()[1:] == ["out of flour"]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_of_a_duel_is_left_that_was_ended_while_it_prepared(
    project: Path, temporary: Path, tmp_path: Path, how: int
) -> None:
    told = tmp_path / "pid"
    command = [sys.executable, "-m", "raceway", "duel", "--revisions", "fast", "HEAD", "--suite"]
    prepare = ["perf", f"--prepare=echo $$ > {told}.new; mv {told}.new {told}; sleep 600"]
    with started() as start:
        process = start([*command, *prepare], cwd=project, env=undecided())
        until(told.exists)
        assert len([*temporary.iterdir()]) == 1  # one folder for checkouts and environments
        process.send_signal(how)
        process.wait()

    until(lambda: not [*temporary.iterdir()])
    until(lambda: is_gone(int(told.read_text())))
    trees = ["git", "worktree", "list"]
    listed = subprocess.run(trees, cwd=project, check=True, capture_output=True, text=True)
    assert len(listed.stdout.splitlines()) == 1


def is_gone(pid: int) -> bool:
    """Whether a process has ended, though nobody may have asked how."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end_s = time.monotonic() + 60
    while not condition() and time.monotonic() < end_s:
        time.sleep(0.02)
    assert condition()


PACKAGE = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "raceway-test-project"
version = "{version}"

[tool.setuptools]
py-modules = ["project"]
package-dir = {{"" = "src"}}
"""
VERSION = "from importlib.metadata import version; print(version('raceway-test-project'))"


@pytest.fixture
def packaged(tmp_path: Path) -> Path:
    """Return a repository of a package, whose second revision has another version."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    got = subprocess.run(
        [*pip, str(tmp_path / "got"), "setuptools"], capture_output=True, check=False
    )
    if got.returncode:
        pytest.skip("pip cannot install setuptools here")
    folder = tmp_path / "packaged"
    folder.mkdir()
    return two_revisions(folder, {"pyproject.toml": PACKAGE.format(version="1.0")},
                         {"pyproject.toml": PACKAGE.format(version="2.0")})  # fmt: skip


@pytest.mark.slow
def test_pip_installs_each_revision_into_an_environment_of_its_own(
    packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(packaged)
    how = Pytest(["perf"], "python -m pip install -q -e . pytest pytest-benchmark")

    with suite_sides(["fast", "HEAD"], how) as sides:
        versions = [
            subprocess.check_output([side.command.python[0], "-c", VERSION], text=True).strip()
            for side in sides
        ]
        assert versions == ["1.0", "2.0"]
        for side in sides:
            with SuiteProcess.collecting(side.command) as process:
                assert "perf/test_it.py::test_busy" in process.collected.tests
                assert process.collected.versions.keys() == {"pytest", "pytest-benchmark"}
