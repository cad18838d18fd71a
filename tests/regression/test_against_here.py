"""The baseline's revision beside what stands here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import raceway.regression.revisions
from raceway.errors import SelectionError
from raceway.measure.machine.commit import probe_commit
from raceway.plan.selection import parse_interpreter
from raceway.record import Commit
from raceway.regression.revisions import against_here
from raceway.session.options import Options

if TYPE_CHECKING:
    from support.checkout import Git


def of(*files: Path, models: tuple[Path, ...] = ()) -> Options:
    return Options(Path("results"), workload_files=files, model_files=models)


@pytest.fixture
def workload(git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a committed workload file."""
    file = tmp_path / "work_load.py"
    file.write_text("committed")
    git("add", ".")
    git("commit", "-m", "work")
    monkeypatch.chdir(tmp_path)
    return file


def test_the_baseline_is_its_revision_and_now_is_what_stands_here(workload: Path) -> None:
    baseline = probe_commit(workload.parent)
    workload.write_text("being edited")

    with against_here(baseline, of(workload)) as (before, now):
        texts = [tree.files["work-load"].read_text() for tree in (before, now)]
        dirty = [tree.commit.dirty for tree in (before, now)]

    assert texts == ["committed", "being edited"]
    assert dirty == [False, True]


def test_each_side_finds_the_code_of_its_tree_first(
    workload: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with against_here(probe_commit(workload.parent), of(workload)) as trees:
        for tree in trees:
            label, command = parse_interpreter(tree.raced_by([sys.executable]).option)

            assert label == tree.label
            assert command[:2] == ("env", f"PYTHONPATH={tree.top}/src:{tree.top}")
            assert command[-1] == sys.executable


def test_nothing_is_left_of_the_checkout(git: Git, workload: Path) -> None:
    with against_here(probe_commit(workload.parent), of(workload)) as (before, _):
        assert before.top.is_dir()

    assert not before.top.exists()
    assert len(git("worktree", "list").splitlines()) == 1


def test_in_its_own_repository_raceway_races_each_revision_s_models_and_workloads(
    git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "src" / "raceway"
    for folder in ("models", "workloads"):
        (package / folder).mkdir(parents=True)
        (package / folder / "sleep.py").write_text("before")
    git("add", ".")
    git("commit", "-m", "raceway")
    (package / "models" / "sleep.py").write_text("after")
    monkeypatch.setattr(raceway.regression.revisions, "PACKAGE", package)
    monkeypatch.chdir(tmp_path)

    baseline = Commit(id=git("rev-parse", "HEAD"))
    with against_here(baseline, of()) as (before, now):
        texts = {
            tree.label: [file.read_text() for file in tree.files.values()] for tree in (before, now)
        }
    assert texts == {"baseline": ["before", "before"], "now": ["after", "before"]}


def test_elsewhere_built_in_workloads_are_the_same_code_on_both_sides(workload: Path) -> None:
    with against_here(probe_commit(workload.parent), of()) as (before, now):
        assert (before.files, now.files) == ({}, {})


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        (Commit(), "the baseline was measured outside of any repository: no revision"),
        (Commit(id="0" * 40, dirty=True), "the baseline was measured with uncommitted changes to "),
        (Commit(id="0" * 40), f"the baseline's revision {'0' * 40}: no such revision here; see "),
    ],
)
def test_a_revision_that_cannot_be_had_is_told(workload: Path, baseline: Commit, said: str) -> None:
    with pytest.raises(SelectionError) as raised, against_here(baseline, of(workload)):
        pass

    assert str(raised.value).startswith(said)


def test_a_workload_the_revision_lacks_is_told(git: Git, workload: Path, tmp_path: Path) -> None:
    baseline = probe_commit(tmp_path)
    later = tmp_path / "later.py"
    later.touch()
    git("add", ".")
    git("commit", "-m", "later")

    with (
        pytest.raises(SelectionError, match=rf"later.py: does not exist at {baseline.short}$"),
        against_here(baseline, of(workload, later)),
    ):
        pass


def test_each_side_tells_what_its_files_hold(workload: Path) -> None:
    baseline = probe_commit(workload.parent)
    workload.write_text("being edited")

    with against_here(baseline, of(workload)) as trees:
        before, now = (tree.raced_by([sys.executable]).digests for tree in trees)

    assert before
    assert now
    assert before.keys() == now.keys() == {"work-load"}
    assert before["work-load"] != now["work-load"]


def test_a_model_of_the_user_s_is_its_revision_s_too(git: Git, workload: Path) -> None:
    model = workload.with_name("my_pool.py")
    model.write_text("committed")
    git("add", ".")
    git("commit", "-m", "model")
    baseline = probe_commit(workload.parent)
    model.write_text("being edited")

    with against_here(baseline, of(workload, models=(model,))) as trees:
        texts = [tree.files["models/my-pool"].read_text() for tree in trees]
        dirty = [tree.commit.dirty for tree in trees]
    assert texts == ["committed", "being edited"]
    assert dirty == [False, True]


def test_a_model_the_revision_lacks_is_told(git: Git, workload: Path) -> None:
    baseline = probe_commit(workload.parent)
    model = workload.with_name("my_pool.py")
    model.touch()
    git("add", ".")
    git("commit", "-m", "model")

    with (
        pytest.raises(SelectionError, match=r"^--model .*my_pool.py: does not exist at "),
        against_here(baseline, of(models=(model,))),
    ):
        pass
