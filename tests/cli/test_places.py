"""Odd places to be in: a removed folder, odd names, somebody else's repository, no home."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.errors import ExitCode
from raceway.store.runs import load, run_files, save
from support.brought import TINY
from support.files import write_tree
from support.project import undecided

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.checkout import Git
    from support.command import Raceway
    from support.saved import MakeRun

    Done = subprocess.CompletedProcess[str]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="its folders cannot be so")

COMMANDS = {
    "race": ("race", "tiny.py"),
    "race a function": ("race", "math:factorial", "--items=[1]"),
    "report": ("report",),
    "compare": ("compare", "a", "b"),
    "duel": ("duel", "--revisions", "HEAD", "HEAD", "--workload", "tiny.py"),
    "gate": ("gate",),
    "suite": ("suite", "run", "."),
    "history": ("history",),
    "doctor": ("doctor",),
    "list": ("list",),
}
ODD = [b"caf\xe9", b"\xff\xfe", b"a\nb", b"ends\n", b" blanks ", b"a:b", "größe".encode()]
JUDGED = {"gate": (ExitCode.FAILED, ExitCode.UNTOLD)}
"""Other codes of commands that judge what a busy machine measured."""
QUICK = ("--models=serial,threads,processes-spawn", "--launches=1", "--budget=5")
NEAR = {
    "near.py": "def double(number):\n    return 2 * number\n",
    "tiny.py": TINY.replace(
        "def double(number):\n    return 2 * number", "from near import double"
    ),
}
"""A workload that imports its neighbour."""
SUITE = "import near\n\ndef test_double(benchmark):\n    benchmark(near.double, 2)\n"
FAST = ("--benchmark-max-time=0.01", "--launches=2")


def odd_folder(parent: Path, name: bytes) -> Path:
    """Return a folder with an odd name and a workload."""
    return write_tree(parent / os.fsdecode(name), {**NEAR, "test_near.py": SUITE})


def started(words: tuple[str, ...], folder: Path | str, **variables: str) -> Done:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "raceway", *words], cwd=folder, env={**undecided(), **variables},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_a_removed_folder_is_told_by_every_command(
    raceway: Raceway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    code, output, errors = raceway(*COMMANDS[command])
    monkeypatch.chdir(tmp_path)

    assert (code, output) == (ExitCode.WRONG_CALL, [])
    assert errors == ["raceway: the current folder was removed; change to one that exists"]


def test_a_removed_folder_is_told_whoever_starts_python(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    command = f'cd gone; rmdir ../gone; exec "{sys.executable}" -m raceway report'
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, env=undecided(),
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == ExitCode.WRONG_CALL
    assert done.stderr.splitlines() == [
        "raceway: the current folder was removed; change to one that exists"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD, ids=repr)
def test_work_is_raced_and_shown_in_a_folder_of_any_name(tmp_path: Path, name: bytes) -> None:
    folder = odd_folder(tmp_path, name)

    for words in (("race", "tiny.py", *QUICK), ("report",), ("history",), ("list",),
                  ("report", "--html", "a.html", "--csv", "a.csv")):  # fmt: skip
        done = started(words, folder)
        assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert len(run_files(folder / "results")) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD, ids=repr)
def test_work_and_results_may_lie_in_folders_of_any_name(tmp_path: Path, name: bytes) -> None:
    results = f"--results={odd_folder(tmp_path, name) / 'results'}"
    race = ("race", str(tmp_path / os.fsdecode(name) / "tiny.py"), *QUICK)

    for words in (race, ("report",), ("history",), ("baseline", "set", "latest"), race, ("gate",)):
        done = started((*words, results), tmp_path)
        assert "Traceback" not in done.stderr  # a noisy baseline is told there
        assert done.returncode in {ExitCode.DONE, *JUDGED.get(words[0], ())}
    assert len(run_files(tmp_path / os.fsdecode(name) / "results")) == 2


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD, ids=repr)
def test_a_suite_is_measured_in_a_folder_of_any_name(tmp_path: Path, name: bytes) -> None:
    folder = odd_folder(tmp_path, name)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")  # so that names of tests hold that folder's

    for words in (("suite", "run", ".", *FAST), ("report",)):
        done = started(words, folder)
        assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    (path,) = run_files(folder / "results")
    ((_, run),) = load([path]).runs
    assert [len(each.launches) for each in run.records] == [2]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.parametrize("name", ODD, ids=repr)
def test_revisions_are_raced_in_a_repository_of_any_name(
    git: Git, tmp_path: Path, name: bytes
) -> None:
    (tmp_path / "tiny.py").write_text(TINY)
    git("add", "tiny.py")
    git("commit", "-m", "tiny")
    folder = tmp_path / os.fsdecode(name)
    git("worktree", "add", "--detach", str(folder))
    done = started(
        ("duel", "--revisions", "HEAD", "HEAD", "--workload", "tiny.py", "--budget=4"), folder
    )

    assert done.stderr == ""
    assert done.returncode in {ExitCode.DONE, ExitCode.UNTOLD}
    assert git("worktree", "list").count("(detached HEAD)") == 1  # the folder itself


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
@pytest.mark.parametrize("name", [b"caf\xe9", b"a\nb", b"a:b"], ids=repr)
def test_suites_of_revisions_are_raced_in_a_repository_of_any_name(
    git: Git, tmp_path: Path, name: bytes
) -> None:
    write_tree(tmp_path, {**NEAR, "test_near.py": SUITE})
    git("add", ".")
    git("commit", "-m", "suite")
    folder = tmp_path / os.fsdecode(name)
    git("worktree", "add", "--detach", str(folder))
    done = started(("duel", "--revisions", "HEAD", "HEAD", "--suite", ".", "--budget=8"), folder)

    assert done.stderr == ""
    assert done.returncode in {ExitCode.DONE, ExitCode.UNTOLD}


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
class TestSomebodyElsesRepository:
    @pytest.fixture(autouse=True)
    def foreign(self, git: Git, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG002
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")

    def test_a_duel_of_revisions_says_what_git_says(self, raceway: Raceway, tiny: Path) -> None:
        code, _, (error,) = raceway("duel", "--revisions", "HEAD", "HEAD", "--workload", str(tiny))

        assert code == ExitCode.WRONG_CALL
        assert "detected dubious ownership in repository" in error
        assert "git config --global --add safe.directory" in error

    def test_a_race_says_why_it_knows_no_commit(self, raceway: Raceway, tmp_path: Path) -> None:
        (tmp_path / "tiny.py").write_text(TINY)
        code, output, errors = raceway("race", "tiny.py", "--models=serial", "--launches=1",
                                       "--budget=0.01")  # fmt: skip

        (note,) = (line for line in output if line.startswith("measured without its commit: "))
        assert "detected dubious ownership in repository" in note
        assert (code, errors) == (ExitCode.DONE, [])


def test_outside_of_a_repository_nothing_is_said_of_commits(
    raceway: Raceway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / "tiny.py").write_text(TINY)
    _, output, _ = raceway("race", "tiny.py", "--models=serial", "--launches=1", "--budget=0.01")

    assert not any("commit:" in line for line in output)


@pytest.mark.parametrize("words", [("report",), ("history",), ("list",)], ids=" ".join)
@pytest.mark.parametrize("home", [None, "", "/dev/null", "/no/such/folder"])
def test_no_command_needs_a_home(
    make_run: MakeRun, tmp_path: Path, words: tuple[str, ...], home: str | None
) -> None:
    save(make_run(), tmp_path / "results" / "machine")
    kept = {"PATH": os.environ["PATH"], **({} if home is None else {"HOME": home})}
    done = subprocess.run(
        [sys.executable, "-m", "raceway", *words], cwd=tmp_path, env=kept,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert {path.name for path in tmp_path.iterdir()} == {"results"}


@pytest.mark.parametrize("leave", [lambda pipe: pipe.close(), lambda pipe: pipe.readline()])
@pytest.mark.parametrize("words", [("report",), ("list", "--json"), ("list",), ("--help",)])
def test_a_command_whose_reader_leaves_ends_without_a_word(
    make_run: MakeRun, tmp_path: Path, words: tuple[str, ...],
    leave: Callable[..., object],
) -> None:  # fmt: skip
    save(make_run(), tmp_path / "results" / "machine")
    with subprocess.Popen(
        [sys.executable, "-m", "raceway", *words], cwd=tmp_path, env=undecided(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        leave(process.stdout)
        process.stdout.close()
        said = process.stderr.read()

    assert said == ""
    # Done, if all fit into the pipe before it was closed.
    assert process.returncode in {ExitCode.UNREAD, ExitCode.DONE}


def test_a_broken_pipe_ends_as_shells_say_it(make_run: MakeRun, tmp_path: Path) -> None:
    save(make_run(), tmp_path / "results" / "machine")
    command = f'"{sys.executable}" -m raceway report 2>&1; echo $? >code'
    reading, writing = os.pipe()
    os.close(reading)
    subprocess.run(
        ["/bin/sh", "-c", command], cwd=tmp_path, env=undecided(), stdout=writing, check=False
    )
    os.close(writing)

    assert (tmp_path / "code").read_text() == "141\n"
