"""What a gate races again, and when it cannot."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.errors import SelectionError
from raceway.record import Commit, Engine, Run
from raceway.regression.gate import Gate, GateOutcome, Unclear
from raceway.regression.suspects import check_same_code, neighbours_of, selection_of
from support.gates import cases, decided, outcomes, steady, wild, with_machine, with_python

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.session.lineup import Lineup
    from support.checkout import Git
    from support.duelled import Duelled
    from support.saved import MeasuredRun

SERIAL = "tiny-few-serial-w1"
LABELS = ("baseline", "now")
ELSEWHERE = partial(with_machine, machine="elsewhere")
OLD_PYTHON = partial(with_python, version="3.10.0")


def why_not(judged: Gate) -> str:
    with pytest.raises(SelectionError) as raised:
        decided(judged)
    judged.cannot_duel(str(raised.value))
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]
    return judged.reason


def test_suspects_whose_workload_is_not_given_cannot_be_judged(
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    duelled({SERIAL: steady()})
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)}, files=())

    assert why_not(judged) == (
        "no duel could decide: workload tiny is not built in; give its file with --workload"
    )


@pytest.mark.parametrize(
    ("model", "remedy"),
    [
        ("my-pool", "its file with --model"),
        ("executor-make-pool", "what makes it with --executor"),
    ],
)
def test_suspects_whose_model_is_not_given_cannot_be_judged(
    gate: Callable[..., Gate], duelled: Duelled, model: str, remedy: str
) -> None:
    duelled({SERIAL: steady()})
    judged = raced_by(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}), model=model)

    assert why_not(judged) == f"no duel could decide: model {model} is not built in; give {remedy}"


def test_suspects_of_ones_own_model_are_raced_again_by_it(
    gate: Callable[..., Gate], duelled: Duelled, tmp_path: Path
) -> None:
    file = tmp_path / "my_pool.py"
    file.write_text("from raceway.models.threads import MODEL")
    duelled({SERIAL: steady(0.013)})
    judged = raced_by(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}), model="my-pool")
    judged.options = replace(judged.options, model_files=(file,))
    with judged.duels() as (duel,):
        assert duel.options.selection.models == ("my-pool",)
        assert duel.options.model_files == (file,)
    assert cases(decided(judged).confirmed()) == [SERIAL]


def test_suspects_of_a_dask_cluster_are_not_raced_on_another_one(
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    duelled({SERIAL: steady()})
    judged = raced_by(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}), model="dask")
    launches = judged.candidate.runs[0].records[0].launches
    joined = Engine(workers=2, joined=True)
    launches[:] = [msgspec.structs.replace(each, engine=joined) for each in launches]

    assert why_not(judged) == (
        "no duel could decide: dask raced on a cluster of yours; name it with --dask-scheduler"
    )


def raced_by(judged: Gate, **fields: str) -> Gate:
    """Return a gate whose only case was raced otherwise."""
    for side in (judged.baseline, judged.candidate):
        records = side.runs[0].records
        records[0] = msgspec.structs.replace(records[0], **fields)
    judged.__post_init__()
    return judged


def test_suspects_that_cannot_race_here_cannot_be_judged(
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    duelled({SERIAL: steady()})
    other = "tiny-many-serial-w1"
    judged = gate({other: steady()}, {other: steady(0.013)})

    assert f"{other}: no such case; `raceway list --json` names them" in why_not(judged)


OTHER_PYTHON = f"{SERIAL}@3.14"


@pytest.fixture
def by_another_python(gate: Callable[..., Gate]) -> Gate:
    """Return a gate whose only case is raced by an interpreter beside the current one."""
    judged = gate({OTHER_PYTHON: steady()}, {OTHER_PYTHON: steady(0.013)})
    return raced_by(judged, interpreter="3.14")


def test_suspects_of_an_interpreter_that_is_not_given_cannot_be_judged(
    by_another_python: Gate, duelled: Duelled
) -> None:
    duelled({SERIAL: steady()})

    assert f"{OTHER_PYTHON}: cannot be raced here; give its --interpreter" in why_not(
        by_another_python
    )


def test_suspects_of_another_interpreter_are_raced_by_it(
    by_another_python: Gate, duelled: Duelled
) -> None:
    duelled({SERIAL: steady(0.013)})
    judged = by_another_python
    judged.options = replace(judged.options, interpreters=("3.14=python3.14",))
    with judged.duels() as (duel,):
        commands = [side.option.split()[-1] for side in (duel.a, duel.b)]

    assert commands == ["python3.14", "python3.14"]
    assert cases(decided(judged).confirmed()) == [OTHER_PYTHON]


@pytest.fixture
def versioned(git: Git, tmp_path: Path, tiny: Path) -> tuple[Path, str]:
    """Return a workload file in a repository, and the commit that holds it."""
    file = tmp_path / "tiny.py"
    file.write_bytes(tiny.read_bytes())
    git("add", "tiny.py")
    git("commit", "-m", "work")
    return file, git("rev-parse", "HEAD")


def test_suspects_of_another_commit_cannot_be_judged(
    versioned: tuple[Path, str], gate: Callable[..., Gate], duelled: Duelled
) -> None:
    file, commit = versioned
    duelled({SERIAL: steady()})
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)}, files=[file])

    said = f"run after was measured at commit unversioned, but {commit[:7]} is checked out"
    assert said in why_not(judged)


def test_suspects_may_be_raced_at_their_commit(
    versioned: tuple[Path, str], gate: Callable[..., Gate], duelled: Duelled
) -> None:
    file, commit = versioned
    duelled({SERIAL: steady()})
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)}, files=[file], commit=commit)

    assert decided(judged).outcome(Unclear.AUTO) is GateOutcome.PASSED


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (ELSEWHERE, "run 3f9a1c was measured on elsewhere, but this is "),
        (OLD_PYTHON, "run 3f9a1c was measured with another Python; run the gate with"),
    ],
)
def test_suspects_are_measured_again_where_they_were_measured(
    measured_here: MeasuredRun, surveyed: Lineup, other: Callable[[Run], Run], said: str
) -> None:
    run = measured_here({SERIAL: steady()})

    check_same_code(run, surveyed)
    with pytest.raises(SelectionError, match=f"^{said}"):
        check_same_code(other(run), surveyed)


def test_the_commit_of_a_suspect_is_told_as_git_shortens_it(
    measured_here: MeasuredRun, surveyed: Lineup
) -> None:
    run = measured_here({SERIAL: steady()}, commit="0123456789abcdef")

    with pytest.raises(SelectionError, match=f"commit 0123456, but {Commit().id} is checked out"):
        check_same_code(run, surveyed)


def test_a_pool_of_one_worker_is_raced_again_as_such(gate: Callable[..., Gate]) -> None:
    names = ["tiny-few-threads-w1", "tiny-few-threads-w2"]
    rows = gate(dict.fromkeys(names, steady()), dict.fromkeys(names, steady(0.013))).suspects()
    records = [
        msgspec.structs.replace(row.matchup.b.record, workers=place + 1)
        for place, row in enumerate(rows)
    ]

    assert selection_of(records).workers == (1, 2)


def test_a_suspect_is_measured_again_in_the_neighbours_it_had(
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    again = {SERIAL: steady(0.013), "tiny-few-threads-w2": wild(0.02)}
    duelled(again)
    judged = gate({SERIAL: steady(), "tiny-few-threads-w2": steady()},
                  {SERIAL: steady(0.013), "tiny-few-threads-w2": steady()})  # fmt: skip
    with judged.duels() as (duel,):
        session = duel.begin()
        duel.race()
        judged.take(duel)

    assert set(session.names) == {f"{case}@{label}" for case in again for label in LABELS}
    assert cases(judged.confirmed()) == [SERIAL]
    assert judged.again
    assert cases(judged.again.rows) == [SERIAL]


def test_a_group_without_suspects_is_not_measured_again(gate: Callable[..., Gate]) -> None:
    other = "tiny-many-serial-w1"
    judged = gate({SERIAL: steady(), other: steady()}, {SERIAL: steady(0.013), other: steady()})

    assert [record.id for record in neighbours_of(judged.suspects(), judged.first.rows)] == [SERIAL]
