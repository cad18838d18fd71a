"""Two revisions of a project, raced by their own suite in real pytest processes."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from typing import TYPE_CHECKING

import pytest

from raceway.errors import SelectionError
from raceway.record import Run, Status
from raceway.regression.suite_sides import suite_sides
from raceway.store.runs import load
from support.command import raceway_in
from support.files import write_tree

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
def busy(number):
    return sum(each * each for each in range(number))

def idle(number):
    return number
"""
SUITE = """
import project

def test_busy(benchmark):
    assert benchmark(project.busy, 2000)

def test_idle(benchmark):
    assert benchmark(project.idle, 1)
"""
GIVEN = "perf --benchmark-max-time=0.02 --benchmark-min-rounds=3"


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=someone", "-c", "user.email=someone@example.org")
    command = ["git", *who, *words]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with a slower second revision, whose suite has one more benchmark."""
    folder = tmp_path_factory.mktemp("project")
    write_tree(folder, {"src/project.py": CODE, "perf/test_it.py": SUITE})
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "fast")
    git(folder, "tag", "fast")
    more = f"{SUITE}\ndef test_new(benchmark):\n    benchmark(int)\n"
    slow = CODE.replace("range(number)", "range(3 * number)")
    write_tree(folder, {"src/project.py": slow, "perf/test_it.py": more})
    git(folder, "commit", "-qam", "slow")
    return folder


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
        (("--suite", "'"), "--suite ': No closing quotation"),
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

    with suite_sides(["fast", "HEAD"], ["perf"], prepare, 60.0) as sides:
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
        suite_sides(["fast", "HEAD"], ["perf"], "echo out of flour; exit 3", 60.0),
    ):
        pass
    assert refused.value.lines()[1:] == ["out of flour"]
