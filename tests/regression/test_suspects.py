"""What a gate measures again, and when it cannot."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.errors import SelectionError
from raceway.record import Commit, Run
from raceway.regression.gate import Gate, GateOutcome, Unclear
from raceway.regression.suspects import check_same_code, neighbours_of, selection_of
from support.gates import (
    cases,
    measured_again,
    outcomes,
    steady,
    wild,
    with_machine,
    with_python,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.session.lineup import Lineup
    from support.checkout import Git
    from support.saved import MeasuredRun, Remeasured


SERIAL, FOREIGN = "tiny-few-serial-w1", "gone-few-serial-w1"


ELSEWHERE = partial(with_machine, machine="elsewhere")
OLD_PYTHON = partial(with_python, version="3.10.0")


def why_not(judged: Gate) -> str:
    with pytest.raises(SelectionError) as raised:
        judged.begin()
    judged.cannot_measure(str(raised.value))
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]
    return judged.reason


def test_suspects_whose_workload_is_not_given_cannot_be_judged(
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: steady()})
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)}, files=())

    assert why_not(judged) == (
        "suspects could not be measured again: workload tiny is not built in; give its file"
        " with --workload"
    )


def test_suspects_that_cannot_race_here_cannot_be_judged(
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: steady()})
    other = f"{SERIAL}@3.14"
    judged = gate({other: steady()}, {other: steady(0.013)})

    assert f"{other}: cannot be raced here; give its --workload or --interpreter" in why_not(judged)


@pytest.mark.usefixtures("git")
def test_suspects_of_another_commit_cannot_be_judged(
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: steady()})
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)})

    assert "run after was measured at commit unversioned, and " in why_not(judged)


def test_suspects_may_be_measured_again_at_their_commit(
    git: Git, gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: steady()})
    commit = git("rev-parse", "HEAD")
    judged = measured_again(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}, commit=commit))

    assert judged.outcome(Unclear.AUTO) is GateOutcome.PASSED


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (ELSEWHERE, "run 3f9a1c was measured on elsewhere, and this is "),
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

    with pytest.raises(SelectionError, match=f"commit 0123456, and {Commit().id} is checked out"):
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
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    again = {SERIAL: steady(0.013), "tiny-few-threads-w2": wild(0.02)}
    remeasured(again)
    judged = gate({SERIAL: steady(), "tiny-few-threads-w2": steady()},
                  {SERIAL: steady(0.013), "tiny-few-threads-w2": steady()})  # fmt: skip
    session = judged.begin()
    judged.race()
    judged.save()

    assert set(session.names) == set(again)
    assert cases(judged.confirmed()) == [SERIAL]
    assert judged.again
    assert cases(judged.again.rows) == [SERIAL]


def test_a_group_without_suspects_is_not_measured_again(gate: Callable[..., Gate]) -> None:
    other = "tiny-many-serial-w1"
    judged = gate({SERIAL: steady(), other: steady()}, {SERIAL: steady(0.013), other: steady()})

    assert [record.id for record in neighbours_of(judged.suspects(), judged.first.rows)] == [SERIAL]
