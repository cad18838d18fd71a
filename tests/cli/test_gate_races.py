"""Gates that race: what is slower fails, and what is interrupted keeps what it measured."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from raceway.record import Commit, HostState, Status
from raceway.regression.revisions import Tree
from raceway.session.progress import ProgressDisplay
from raceway.store.baseline import baselines
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from raceway.session.options import Options
    from support.archived import Keep
    from support.checkout import Git
    from support.command import Raceway
    from support.duelled import Duelled

SERIAL = "tiny-few-serial-w1"
STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)


def steady(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in STEADY]


def said_last(output: list[str], first: str) -> list[str]:
    (place,) = (at for at, line in enumerate(output) if line.startswith(first))
    return output[place:]


RACE = ("race", "nap.py", "--models=serial", "--launches=4", "--budget=30")


@pytest.fixture
def napping(
    raceway: Raceway, nap: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], None]:
    """Return a function that commits a version of the napping workload, and measures it."""
    monkeypatch.setattr(
        "raceway.session.session.probe_host_state", lambda: HostState(microcode="0x1")
    )

    def measure(seconds: str) -> None:
        text = nap.read_text().replace("* seconds", f"* {seconds}")
        (tmp_path / "nap.py").write_text(text)
        git("add", "nap.py")
        git("commit", "--allow-empty", "-m", "another version")
        assert raceway(*RACE)[0] == 0

    return measure


@pytest.mark.usefixtures("hurried")
def test_a_slower_workload_fails_the_gate_by_a_duel_and_leaves_the_baseline_where_it_is(
    raceway: Raceway, napping: Callable[[str], None], git: Git, tmp_path: Path
) -> None:
    napping("seconds")
    assert raceway("baseline", "set", "latest")[0] == 0
    (folder,) = (tmp_path / "results").iterdir()
    set_to = baselines(folder)
    napping("8 * seconds")
    code, output, errors = raceway("gate", "--workload=nap.py", "--budget=30")

    last = said_last(output, "gate failed ")
    assert "shown by a duel" in " ".join(last)
    assert any("nap-few-serial-w1: " in line for line in last)
    assert (code, errors) == (1, [])
    assert baselines(folder) == set_to
    sides = [run.header.commit.id for _, run in load(folder.glob("gates/*.json")).runs]
    assert set(sides) == set(git("log", "-2", "--format=%H").splitlines())
    files = {run.header.files["nap"] for _, run in load(folder.glob("gates/*.json")).runs}
    assert len(files) == len(sides)
    assert len(git("worktree", "list").splitlines()) == 1


@pytest.mark.usefixtures("hurried")
def test_on_another_host_a_duel_decides_and_unchanged_code_does_not_fail(
    raceway: Raceway, napping: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    napping("seconds")
    assert raceway("baseline", "set", "latest")[0] == 0
    monkeypatch.setattr(
        "raceway.session.session.probe_host_state", lambda: HostState(microcode="0x2")
    )
    assert raceway(*RACE)[0] == 0
    code, output, errors = raceway("gate", "--workload=nap.py", "--budget=30", "--threshold=90%")

    assert any(line.startswith("another host (microcode)") for line in output)
    assert any(line.startswith("a duel of the baseline's revision") for line in output)
    assert not any(line.startswith("gate failed") for line in output)
    assert (code in {0, 2}, errors) == (True, [])  # 2 where this machine is busy


DAWDLING = """
import time
from contextlib import contextmanager
from raceway import Family, Model, timed

@contextmanager
def dawdling(job):
    def run():
        time.sleep({delay_s})
        return list(map(job.task, job.arguments))
    yield timed(run)

MODEL = Model(summary="a loop that waits first", open=dawdling, family=Family.THREADS)
"""


@pytest.mark.slow
@pytest.mark.usefixtures("hurried")
def test_a_slower_model_of_ones_own_fails_the_gate_where_its_file_is_named(
    raceway: Raceway, nap: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "raceway.session.session.probe_host_state", lambda: HostState(microcode="0x1")
    )
    (tmp_path / "nap.py").write_text(nap.read_text())
    mine = ("--workload=nap.py", "--model=my_model.py", "--budget=30")
    for delay_s in (0.01, 0.08):
        (tmp_path / "my_model.py").write_text(DAWDLING.format(delay_s=delay_s))
        git("add", ".")
        git("commit", "-m", f"waits {delay_s}")
        assert raceway("race", "nap.py", "--models=my-model", "--launches=4", *mine[1:])[0] == 0
        if delay_s == 0.01:
            assert raceway("baseline", "set", "latest")[0] == 0

    code, output, _ = raceway("gate", "--workload=nap.py")
    assert "model my-model is not built in; give its file with --model" in " ".join(
        " ".join(output).split()
    )
    assert code == 2

    code, output, errors = raceway("gate", *mine)
    last = said_last(output, "gate failed ")
    assert "shown by a duel" in " ".join(last)
    assert any("nap-few-my-model-w" in line for line in last)
    assert (code, errors) == (1, [])


def test_a_gate_interrupted_in_its_first_group_leaves_nothing(
    raceway: Raceway,
    keep: Keep,
    duelled: Duelled,
    tiny: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    duelled({SERIAL: steady()})
    monkeypatch.setattr("raceway.session.session.Session.race", interrupt)
    paths = [keep(1, {SERIAL: steady()}), keep(2, {SERIAL: steady(0.013)})]
    code, _, errors = raceway("gate", "--baseline=day01", f"--workload={tiny}")

    assert (code, errors) == (130, ["raceway: interrupted"])
    assert sorted(file for file in paths[0].parent.rglob("*") if file.is_file()) == paths


@pytest.mark.usefixtures("hurried")
def test_an_interrupted_gate_keeps_what_was_decided(
    raceway: Raceway, keep: Keep, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    @contextmanager
    def trees(commit: Commit, options: Options) -> Iterator[list[Tree]]:
        known = options.files
        yield [Tree(label, tmp_path, known, commit) for label in ("baseline", "now")]

    monkeypatch.setattr(ProgressDisplay, "finished", interrupt)
    monkeypatch.setattr("raceway.regression.gate.against_here", trees)
    keep(1, {SERIAL: steady()})
    keep(2, {SERIAL: steady(0.013)})
    code, output, errors = raceway("gate", "--baseline=day01", f"--workload={tiny}")

    ((_, run),) = load(tmp_path.glob("results/*/gates/*.json")).runs
    assert (run.status, len(run.groups)) == (Status.INTERRUPTED, 1)
    assert output[-1].startswith("interrupted; what had finished is saved: results/")
    assert (code, errors) == (130, ["raceway: interrupted"])
    assert list(tmp_path.glob("results/*/gates/*.journal")) == []
