from __future__ import annotations

import shutil
import subprocess
import sysconfig
from typing import TYPE_CHECKING

import pytest

from raceway.measure.machine.commit import file_digests, probe_commit
from raceway.record import Commit

if TYPE_CHECKING:
    from pathlib import Path

    from support.checkout import Git


pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


@pytest.mark.usefixtures("git")
def test_a_commit_is_told_in_full(tmp_path: Path) -> None:
    commit = probe_commit(tmp_path)

    assert commit == Commit(
        id=commit.id,
        time="2026-11-23T04:55:00+00:00",
        author_time="2026-11-23T04:55:00+00:00",
        dirty=False,
        project=tmp_path.name,
        branch="trunk",
    )
    assert len(bytes.fromhex(commit.id)) == 20


@pytest.mark.usefixtures("git")
def test_a_folder_below_has_the_commit_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()

    assert probe_commit(tmp_path / "below") == probe_commit(tmp_path)


@pytest.mark.usefixtures("git")
def test_a_changed_file_is_dirty(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("2")

    assert probe_commit(tmp_path).dirty


@pytest.mark.usefixtures("git")
def test_a_new_file_such_as_a_result_is_not_dirty(tmp_path: Path) -> None:
    (tmp_path / "results.json").touch()

    assert not probe_commit(tmp_path).dirty


def test_a_project_is_named_after_its_origin(git: Git, tmp_path: Path) -> None:
    git("remote", "add", "origin", "git@example.org:team/circuit.git")

    assert probe_commit(tmp_path).project == "circuit"


def test_a_commit_without_a_branch_says_so(git: Git, tmp_path: Path) -> None:
    git("checkout", "--detach")

    assert probe_commit(tmp_path).branch == "(detached head)"


def test_a_folder_without_a_repository_is_unversioned(tmp_path: Path) -> None:
    assert probe_commit(tmp_path) == Commit()


def test_a_folder_that_does_not_exist_is_unversioned(tmp_path: Path) -> None:
    assert probe_commit(tmp_path / "absent") == Commit()


@pytest.mark.usefixtures("git")
def test_code_is_unversioned_where_git_is_absent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")

    assert probe_commit(tmp_path) == Commit()


@pytest.mark.usefixtures("git")
def test_code_is_unversioned_where_git_hangs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired("git", timeout)

    monkeypatch.setattr(subprocess, "run", hang)

    assert probe_commit(tmp_path) == Commit()


def test_the_commit_is_that_of_the_repository_of_the_workload_file(
    git: Git, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    commit = probe_commit(elsewhere, [tmp_path / "code.py"])
    assert (commit.id, commit.dirty) == (git("rev-parse", "HEAD"), False)


def test_the_commit_is_the_folders_even_inside_a_hook_of_another_repository(
    git: Git,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path_factory.mktemp("other")
    git("init", "-q", str(other))
    head = git("rev-parse", "HEAD")
    for variable, path in {"GIT_DIR": ".git", "GIT_WORK_TREE": ".", "GIT_INDEX_FILE": "x"}.items():
        monkeypatch.setenv(variable, str(other / path))

    commit = probe_commit(other, [tmp_path / "code.py"])

    assert (commit.id, commit.dirty) == (head, False)


@pytest.mark.usefixtures("git")
def test_a_workload_file_outside_of_any_repository_is_unversioned(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("outside") / "work.py"
    file.touch()

    assert probe_commit(tmp_path, [file]) == Commit()


def test_code_installed_with_the_interpreter_is_no_commit_of_the_repository_around_it(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "lib" / "python"
    library.mkdir(parents=True)
    file = library / "json.py"
    file.touch()
    git("add", "-f", str(file))
    paths = {**sysconfig.get_paths(), "stdlib": str(library)}
    monkeypatch.setattr(sysconfig, "get_paths", lambda: paths)

    assert probe_commit(tmp_path, [file]) == Commit()
    assert probe_commit(tmp_path, [tmp_path / "code.py"]) != Commit()


@pytest.mark.usefixtures("git")
def test_an_untracked_workload_file_counts_as_changed(tmp_path: Path) -> None:
    files = [tmp_path / "code.py", tmp_path / "work.py"]
    files[1].touch()

    assert probe_commit(tmp_path, files).dirty
    assert not probe_commit(tmp_path, files[:1]).dirty


def test_files_are_told_by_what_they_hold(tmp_path: Path) -> None:
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("1")
    other.write_text("1")
    files = {"one": one, "other": other, "gone": tmp_path / "gone.py"}
    alike = file_digests(files)
    other.write_text("2")

    assert alike["one"] == alike["other"] == file_digests(files)["one"]
    assert file_digests(files)["other"] != alike["other"]
    assert "gone" not in alike
