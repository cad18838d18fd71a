"""Two revisions of a repository as the sides of a duel."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import SelectionError
from raceway.plan.selection import parse_interpreter
from raceway.record import Commit, Run
from raceway.regression.duel import one_side
from raceway.regression.revisions import DuelSide, checkouts, path_of
from raceway.session.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.checkout import Git


def of(*files: Path, **brought: Any) -> Options:
    return Options(Path("results"), workload_files=files, **brought)


@pytest.fixture
def versions(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workload file in a repository of two commits; the first lacks it."""
    workload = tmp_path / "bench" / "work_load.py"
    workload.parent.mkdir()
    workload.write_text("second")
    git("add", ".")
    git("commit", "-m", "second")
    monkeypatch.chdir(workload.parent)
    return workload


def test_each_revision_has_its_own_version_of_the_workload(git: Git, versions: Path) -> None:
    versions.write_text("third")
    git("commit", "-am", "third")
    versions.write_text("being edited")

    with checkouts(("HEAD^", "trunk"), of(versions)) as sides:
        texts = [side.files["work-load"].read_text() for side in sides if side.files]
    assert texts == ["second", "third"]


def test_each_revision_has_its_own_version_of_a_model(git: Git, versions: Path) -> None:
    model = versions.with_name("my_pool.py")
    for text in ("older", "newer"):
        model.write_text(text)
        git("add", ".")
        git("commit", "-m", text)

    with checkouts(("HEAD^", "HEAD"), of(model_files=(model,))) as sides:
        texts = [side.files["models/my-pool"].read_text() for side in sides if side.files]
    assert texts == ["older", "newer"]


@pytest.mark.parametrize("here", [".", "bench"])
def test_each_revision_s_executors_are_made_by_its_own_factory(
    git: Git, versions: Path, monkeypatch: pytest.MonkeyPatch, here: str
) -> None:
    folder = versions.parents[1] / here
    (folder / "factories_of_two.py").write_text("def make(workers): ...")
    git("add", ".")
    git("commit", "-m", "a factory")
    monkeypatch.chdir(folder)

    with checkouts(("HEAD", "HEAD"), of(executors=("factories_of_two:make",))) as sides:
        places = [
            place.path for side in sides for each in side.engines or () for place in each.folders
        ]
        found = [(Path(place) / "factories_of_two.py").is_file() for place in places]
    sys.modules.pop("factories_of_two")
    assert len(set(places)) == 2
    assert str(folder) not in places
    assert found == [True, True]


def test_each_revision_says_which_commit_it_is(git: Git, versions: Path) -> None:
    git("commit", "--allow-empty", "-m", "third")

    with checkouts(("HEAD^", "HEAD"), of(versions)) as sides:
        commits = [side.commit.id for side in sides if side.commit]
    assert commits == git("log", "-2", "--reverse", "--format=%H").splitlines()


def test_each_revision_s_code_is_found_first(
    versions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/mine")

    with checkouts(("trunk", "trunk"), of(versions)) as sides:
        assert sides[0].files
        tree = sides[0].files["work-load"].parent.parent
        command = parse_interpreter(sides[0].option)[1]
    assert command == ("env", f"PYTHONPATH={tree}/src:{tree}:/mine", sys.executable)


@pytest.mark.parametrize(
    ("revisions", "labels"),
    [
        (("HEAD", "trunk"), ["HEAD", "trunk"]),
        (("HEAD", "HEAD"), ["HEAD-a", "HEAD-b"]),
        (("@", "current"), ["revision-a", "revision-b"]),
        (("feature/x", "HEAD~0"), ["feature-x", "HEAD-0"]),
        (("v1.0", "HEAD^{/second}"), ["v1.0", "HEAD---second"]),
    ],
)
def test_revisions_are_called_what_may_stand_in_a_case_id(
    git: Git, versions: Path, revisions: tuple[str, str], labels: list[str]
) -> None:
    for name in ("current", "feature/x", "v1.0"):
        git("branch", name)

    with checkouts(revisions, of(versions)) as sides:
        assert [side.label for side in sides] == labels
        assert [parse_interpreter(side.option)[0] for side in sides] == labels


def test_a_checkout_is_saved_by_its_name_and_commit(
    make_run: Callable[..., Run], tiny: Path
) -> None:
    side = DuelSide("current", "", {"tiny": tiny}, Commit(id="abc"))
    header = one_side(make_run(), side, "d").header

    assert [each.command for each in header.environments] == ["python at current"]
    assert header.commit.id == "abc"


@pytest.mark.parametrize(
    ("revisions", "workloads", "said"),
    [
        (("HEAD", "HEAD"), [], "--revisions: name the work to race with --workload FILE, or the "),
        (("HEAD", "bogus"), ["work_load.py"], "--revisions bogus: no such revision here"),
        (("--help", "HEAD"), ["work_load.py"], "--revisions --help: no such revision here"),
        (("HEAD^", "HEAD"), ["work_load.py"], "--workload work_load.py: does not exist at HEAD^"),
        (("HEAD", "HEAD"), ["gone.py"], "--workload gone.py: does not exist at HEAD"),
        (("HEAD", "HEAD"), ["/etc/hosts"], "--workload /etc/hosts: not in the repository"),
        (("HEAD", "HEAD"), ["../../x.py"], "--workload ../../x.py: not in the repository"),
    ],
)
@pytest.mark.usefixtures("versions")
def test_revisions_that_cannot_be_raced_are_refused_and_leave_nothing(
    git: Git, revisions: tuple[str, str], workloads: list[str], said: str
) -> None:
    options = of(*map(Path, workloads))
    with pytest.raises(SelectionError) as raised, checkouts(revisions, options):
        pass

    assert str(raised.value).startswith(said)
    assert len(git("worktree", "list").splitlines()) == 1


def test_revisions_need_a_repository(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with (
        pytest.raises(SelectionError, match="is not in a git repository"),
        checkouts(("HEAD", "HEAD"), of(tiny)),
    ):
        pass


def test_commands_with_blanks_survive(versions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/my python/bin/python 3")

    with checkouts(("HEAD", "HEAD"), of(versions)) as sides:
        assert shlex.split(sides[0].option)[-1] == "/my python/bin/python 3"


def test_a_tree_that_no_python_path_can_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match=f"a Python path cannot hold '{os.pathsep}'; rename"):
        path_of(tmp_path / f"a{os.pathsep}b")
