from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raceway.errors import SelectionError
from raceway.measure.machine import checkout
from raceway.measure.machine.checkout import checked_out, top_of
from raceway.measure.machine.commit import GitError, commit_of, probe_commit
from raceway.measure.machine.commit import git as run_git
from raceway.measure.scratch.reaper import PREFIX
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from support.checkout import Git


pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[Path]]]:
    """Return a function that tells which folders of checkouts have been left behind."""
    with tempfile.TemporaryDirectory(prefix="rw-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield lambda: list(Path(folder).glob(f"{PREFIX}*"))


def test_a_checkout_holds_the_files_of_its_revision(git: Git, tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("2")
    git("commit", "-am", "second")

    with checked_out(tmp_path, "HEAD^") as tree:
        assert (tree / "code.py").read_text() == "1"


def test_a_checkout_is_at_the_commit_of_its_revision(git: Git, tmp_path: Path) -> None:
    git("branch", "feature/one")
    git("commit", "--allow-empty", "-m", "second")

    with checked_out(tmp_path, "feature/one") as tree:
        assert probe_commit(tree).id == commit_of(tmp_path, "feature/one")


@pytest.mark.usefixtures("git")
def test_a_checkout_is_of_the_same_project(tmp_path: Path) -> None:
    with checked_out(tmp_path, "HEAD") as tree:
        assert probe_commit(tree).project == probe_commit(tmp_path).project


def test_a_checkout_can_be_on_a_python_path(git: Git, tmp_path: Path) -> None:
    folder = tmp_path / f"a{os.pathsep}b"
    git("worktree", "add", "--detach", str(folder))

    with checked_out(folder, "HEAD") as tree:
        assert tree.name == "a-b"


def test_what_is_being_edited_stays_as_it_is(git: Git, tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("being edited")
    with checked_out(tmp_path, "HEAD"):
        pass

    assert (tmp_path / "code.py").read_text() == "being edited"
    assert git("symbolic-ref", "--short", "HEAD") == "trunk"


def test_a_checkout_is_gone_afterwards(
    git: Git, tmp_path: Path, left: Callable[[], list[Path]]
) -> None:
    with checked_out(tmp_path, "HEAD"):
        pass

    assert left() == []
    assert len(git("worktree", "list").splitlines()) == 1


def test_a_checkout_is_gone_though_its_files_were_changed_and_its_user_interrupted(
    git: Git, tmp_path: Path, left: Callable[[], list[Path]]
) -> None:
    def interrupted() -> None:
        with checked_out(tmp_path, "HEAD") as tree:
            (tree / "code.py").write_text("changed")
            (tree / "new.py").write_text("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    assert left() == []
    assert len(git("worktree", "list").splitlines()) == 1


def test_the_checkout_of_someone_else_is_left_alone(git: Git, tmp_path: Path) -> None:
    git("worktree", "add", str(tmp_path / "theirs"))
    shutil.move(tmp_path / "theirs", tmp_path / "unplugged")
    with checked_out(tmp_path, "HEAD"):
        pass

    assert str(tmp_path / "theirs") in git("worktree", "list")


def test_two_checkouts_of_one_revision_stand_side_by_side(git: Git, tmp_path: Path) -> None:
    with checked_out(tmp_path, "HEAD") as one, checked_out(tmp_path, "trunk") as other:
        assert one != other

    assert len(git("worktree", "list").splitlines()) == 1


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize(
    "revision", ["bogus", "--help", "-x", "--output=/tmp/x", "", "HEAD..HEAD", "HEAD:code.py"]
)
def test_an_unknown_revision_is_refused_in_one_line(
    tmp_path: Path, left: Callable[[], list[Path]], revision: str
) -> None:
    with pytest.raises(SelectionError) as raised, checked_out(tmp_path, revision):
        pass

    assert str(raised.value) == f"--revisions {revision}: no such revision here; see `git log`"
    assert left() == []


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize(("refusal", "said"), [("disk full", "disk full"), ("", "git failed")])
def test_a_checkout_that_git_refuses_is_told_in_one_line(
    tmp_path: Path,
    left: Callable[[], list[Path]],
    monkeypatch: pytest.MonkeyPatch,
    refusal: str,
    said: str,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise GitError(refusal)

    monkeypatch.setattr(checkout, "git", refuse)
    with pytest.raises(SelectionError) as raised, checked_out(tmp_path, "HEAD"):
        pass

    assert str(raised.value) == f"--revisions HEAD: cannot be checked out ({said})"
    assert left() == []


def test_the_top_of_a_repository_is_found_from_below(git: Git, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()

    assert str(top_of(tmp_path / "below")) == git("rev-parse", "--show-toplevel")


def test_a_folder_in_no_repository_has_no_top(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match=r"^--revisions: .* is not in a git repository$"):
        top_of(tmp_path)


@pytest.mark.parametrize("revision", ["trunk", "HEAD", "@", "v1"])
def test_a_revision_means_the_commit_itself(git: Git, tmp_path: Path, revision: str) -> None:
    git("tag", "-a", "v1", "-m", "an annotated tag")

    assert commit_of(tmp_path, revision) == git("rev-parse", "HEAD")


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize(
    "revision", ["bogus", "", "--help", "-x", "--all", "--git-dir", "trunk trunk", "x" * 200_000]
)
def test_what_is_no_revision_means_no_commit(tmp_path: Path, revision: str) -> None:
    assert commit_of(tmp_path, revision) is None


def test_no_revision_means_a_commit_outside_a_repository(tmp_path: Path) -> None:
    assert commit_of(tmp_path, "HEAD") is None


@pytest.mark.usefixtures("git")
def test_git_that_refuses_is_quoted_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(GitError, match=r"^fatal: .*bogus"):
        run_git(tmp_path, "show", "bogus")


HOLDS_A_CHECKOUT = """
import sys, time
from pathlib import Path
from raceway.measure.machine.checkout import checked_out
with checked_out(Path(sys.argv[1]), "HEAD"):
    print(flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_checkout_is_gone_though_its_program_was_killed(
    git: Git, tmp_path: Path, temporary: Path, how: int
) -> None:
    git("worktree", "add", "--detach", "theirs", "HEAD")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_CHECKOUT, str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as program:  # fmt: skip
        assert program.stdout
        assert program.stdout.readline() == b"\n"
        program.send_signal(how)

    deadline_s = time.monotonic() + PATIENCE_S
    while list(temporary.iterdir()) and time.monotonic() < deadline_s:
        time.sleep(0.01)
    assert list(temporary.iterdir()) == []
    listed = git("worktree", "list").splitlines()
    assert [Path(line.split()[0]).name for line in listed] == [tmp_path.name, "theirs"]
