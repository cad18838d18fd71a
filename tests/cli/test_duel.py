from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.cli.duel import asked_of_both
from raceway.plan.selection import Selection
from raceway.record import GroupResult, JournalLine, Run, Status
from raceway.session.options import Asked
from raceway.session.progress import ProgressDisplay
from raceway.store.journal import Journal
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from support.checkout import Git
    from support.command import Raceway
    from support.saved import MakeGroup

    Interrupt = Callable[[BaseException], list[psutil.Process]]

A, B = f"--a=one={sys.executable}", f"--b=two={sys.executable}"
CASE = "nap-few-serial-w1"


def duelled(folder: Path) -> list[Run]:
    return [run for _, run in load(folder.glob("results/*/duels/*.json")).runs]


@pytest.mark.usefixtures("hurried")
def test_a_duel_of_two_commands_tells_which_is_slower(
    raceway: Raceway, nap: Path, tmp_path: Path
) -> None:
    slow = f"--b=two=env SLOWNESS=8 {sys.executable}"
    code, output, errors = raceway(
        "duel", CASE, f"--workload={nap}", A, slow, "--budget=30", "--json=a.json",
        "--markdown=a.md", "--fail-slower",
    )  # fmt: skip

    assert any(line.startswith("1 slower ") for line in output)
    assert [line.split(":")[0] for line in output[-2:]] == ["saved", "saved"]
    assert (code, errors) == (1, [])
    assert json.loads((tmp_path / "a.json").read_text())["rows"][0]["case"] == CASE
    assert "**1 slower**" in (tmp_path / "a.md").read_text()
    ids = [run.header.run_id for run in duelled(tmp_path)]
    assert "1 slower" in raceway("compare", *ids)[1][2] + raceway("compare", *ids[::-1])[1][2]
    assert raceway("report", "latest")[0] == 4


@pytest.mark.usefixtures("hurried")
def test_a_duel_of_which_nothing_can_be_told_ends_so(
    raceway: Raceway, nap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raceway.regression.duel.LOOKS", (1, 1))
    code, output, errors = raceway("duel", CASE, f"--workload={nap}", A, B, "--fail-slower")

    assert any(line.startswith("1 unclear ") for line in output)
    assert (code, errors) == (2, [])


@pytest.mark.usefixtures("hurried")
def test_models_of_ones_own_race_in_a_duel_too(
    raceway: Raceway, nap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raceway.regression.duel.LOOKS", (1, 1))
    (tmp_path / "my_model.py").write_text("from raceway.models.threads import MODEL")
    (tmp_path / "duel_engines.py").write_text(
        "from concurrent.futures import ThreadPoolExecutor as make_pool"
    )
    raceway(
        "duel", f"--workload={nap}", A, B, "--models=my-model", "--model=my_model.py",
        "--executor=duel_engines:make_pool",
    )  # fmt: skip

    (one, two) = duelled(tmp_path)
    for run in (one, two):
        assert {record.model: record.status for record in run.records} == {
            "my-model": Status.OK, "executor-make-pool": Status.OK,
        }  # fmt: skip
        assert set(run.header.files) == {"nap", "models/my-model"}


@pytest.mark.usefixtures("hurried")
def test_a_duel_races_what_was_chosen(
    raceway: Raceway, nap: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raceway.regression.duel.LOOKS", (1, 1))
    raceway("duel", f"--workload={nap}", A, B, "--models=serial,threads", "--workers=1")

    ids = [[record.id for record in run.records] for run in duelled(tmp_path)]
    assert ids == [["nap-few-serial-w1", "nap-few-threads-w1"]] * 2


def test_a_project_s_choice_is_not_that_of_a_duel_whose_cases_are_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.raceway]\nmodels = 'serial'\nresults = 'kept'")
    named = asked_of_both(Asked({"sizes": "few"}), by_case=True)
    other = asked_of_both(Asked({"sizes": "few"}), by_case=False)

    assert (named.selection, named.results) == (Selection(sizes=("few",)), Path("kept"))
    assert other.selection == Selection(models=("serial",), sizes=("few",))


@pytest.mark.usefixtures("hurried")
def test_a_duel_of_two_revisions_tells_which_is_slower(
    raceway: Raceway, nap: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workload = tmp_path / "nap.py"
    for version in (nap.read_text(), nap.read_text().replace("* seconds", "* 2 * seconds")):
        workload.write_text(version)
        git("add", "nap.py")
        git("commit", "-m", "another version")
    (tmp_path / "checkouts").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "checkouts"))
    code, output, errors = raceway(
        "duel", CASE, "--revisions", "HEAD^", "HEAD", "--workload=nap.py", "--budget=30"
    )

    assert any(line.startswith("1 slower ") for line in output)
    assert (code, errors) == (0, [])
    commits = {run.header.commit.id for run in duelled(tmp_path)}
    assert commits == set(git("log", "-2", "--format=%H").splitlines())
    assert list((tmp_path / "checkouts").iterdir()) == []
    assert len(git("worktree", "list").splitlines()) == 1


@pytest.fixture
def interrupt(monkeypatch: pytest.MonkeyPatch) -> Interrupt:
    """Return a function that lets a race end so after its first group, and notes its processes."""

    def by(interruption: BaseException) -> list[psutil.Process]:
        lanes: list[psutil.Process] = []
        before = psutil.Process().children(recursive=True)  # what earlier tests left to serve all

        def finished(*_: object) -> None:
            now = psutil.Process().children(recursive=True)
            lanes.extend(process for process in now if process not in before)
            raise interruption

        monkeypatch.setattr(ProgressDisplay, "finished", finished)
        return lanes

    return by


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(
    ("interruption", "code"),
    [(KeyboardInterrupt(), 130), (SystemExit(7), 7)],
)
def test_an_interrupted_duel_keeps_what_had_finished_and_nothing_else(
    raceway: Raceway, nap: Path, interrupt: Interrupt, interruption: BaseException, code: int
) -> None:
    interrupt(interruption)
    ended, output, errors = raceway("duel", CASE, f"--workload={nap}", A, B)

    (path,) = (path for path in Path("results").rglob("*") if path.is_file())
    (run,) = duelled(Path())
    assert output[-1] == f"interrupted; what had finished is saved: {path}"
    assert (ended, errors) == (code, ["raceway: interrupted"] if code == 130 else [])
    assert (run.status, len(run.groups)) == (Status.INTERRUPTED, 1)


@pytest.mark.usefixtures("hurried")
def test_an_interrupted_duel_leaves_no_process(
    raceway: Raceway,
    nap: Path,
    interrupt: Interrupt,
    still_running: Callable[[Sequence[psutil.Process]], list[psutil.Process]],
) -> None:
    lanes = interrupt(KeyboardInterrupt())
    raceway("duel", CASE, f"--workload={nap}", A, B)

    assert lanes
    assert still_running(lanes) == []


def test_a_duel_whose_session_died_is_recovered_apart(
    raceway: Raceway, make_run: Callable[..., Run], make_group: MakeGroup, tmp_path: Path
) -> None:
    left = Journal.create(tmp_path / "results" / "machine" / "duels", make_run().header)
    with left:
        left.append(JournalLine(group=make_group(0)))
    code, (line,), errors = raceway("recover")

    assert line.endswith("results/machine/duels/20261123T045500Z_0123456_3f9a1c.json")
    assert (code, errors) == (0, [])


def test_a_duel_interrupted_in_its_first_group_leaves_nothing(
    raceway: Raceway, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> GroupResult:
        raise KeyboardInterrupt

    monkeypatch.setattr("raceway.session.session.Session.race", interrupt)

    interrupted = (130, [], ["raceway: interrupted"])
    assert raceway("duel", f"--workload={tiny}", A, B) == interrupted
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([B], "give both sides, --a LABEL=COMMAND --b LABEL=COMMAND, or --revisions A B"),
        ([], "give both sides, --a LABEL=COMMAND --b LABEL=COMMAND, or --revisions A B"),
        ([A, "--b=one=python"], "--b one=python: has the label of --a; rename one"),
        (["--a=python", B], "--a python: give LABEL=COMMAND with a label of letters, "),
        (["--a=current=python", B], "--a current=python: the label 'current' is taken; use "),
        ([A, "--b=two='"], "--b two=': No closing quotation; fix the quotes"),
        ([A, B, "--budget=0"], "--budget 0.0: give a number above 0"),
        ([A, B, "--budget=nan"], "--budget nan: give a number above 0"),
        ([A, B, "--threshold=0"], "--threshold 0: give a share above 0, like 5% or 0.05"),
        ([A, B, "--json=-", "--markdown=-"], "only one output can go to standard output; "),
        ([A, B, "sleep-100-eager-*"], "sleep-100-eager-*: not in the default profile: needs "),
        ([A, B, "bogus"], "bogus: no such case; `raceway list --json` names them, and * stands"),
        ([A, B, "--workload=gone.py"], "--workload gone.py: no such file; give a Python file"),
        ([A, "--revisions", "x", "y"], "--revisions: races two revisions; leave --a and --b out"),
        (["--revisions", "x", "y"], "--revisions: name the work to race with --workload FILE"),
        (["--revisions", "x", "y", "--workload=x.py"], "--revisions: "),
    ],
)
def test_a_duel_that_cannot_be_is_refused_in_one_line(
    raceway: Raceway, tmp_path: Path, arguments: list[str], said: str
) -> None:
    code, output, (error,) = raceway("duel", *arguments)

    assert error.startswith(f"raceway: {said}")
    assert (code, output) == (4, [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("revision", ["bogus", "--help", "-x"])
def test_an_unknown_revision_is_refused_in_one_line(
    raceway: Raceway, git: Git, tiny: Path, revision: str
) -> None:
    code, output, (error,) = raceway("duel", "--revisions", "HEAD", revision, f"--workload={tiny}")

    assert error == f"raceway: --revisions {revision}: no such revision here; see `git log`"
    assert (code, output) == (4, [])
    assert len(git("worktree", "list").splitlines()) == 1
