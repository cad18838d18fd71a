"""Judgements on synthetic runs: what passes took, saved and measured again, the test says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.comparison.samples import Side
from raceway.errors import SelectionError
from raceway.record import Commit, Grade, Run
from raceway.regression.gate import Gate, GateOutcome, Unclear
from raceway.regression.suspects import check_same_code, neighbours_of, selection_of
from raceway.session.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from raceway.analysis.comparison.verdicts import Row
    from raceway.session.lineup import Lineup
    from support.checkout import Git
    from support.saved import MeasuredRun, Passes, Remeasured


SERIAL, FOREIGN = "tiny-few-serial-w1", "gone-few-serial-w1"
"""A case that can race here, and one that cannot."""
STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)
SHAKY = (0.98, 0.99, 1.0, 1.01, 1.02)
WILD = (0.7, 0.85, 1.05, 1.2, 1.5)


def steady(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in STEADY]


def shaky(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in SHAKY]


def wild(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in WILD]


@pytest.fixture(autouse=True)
def unversioned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin in a folder of its own, outside of any repository."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def gate(measured_here: MeasuredRun, tmp_path: Path, tiny: Path) -> Callable[..., Gate]:
    """Return a function that judges one run's passes by another's."""

    def make(before: Passes, after: Passes, files: Sequence[Path] = (tiny,), **fields: Any) -> Gate:
        baseline = measured_here(before, run_id="before")
        candidate = measured_here(after, run_id="after", **fields)
        options = Options(tmp_path / "results", workload_files=tuple(files))
        return Gate(Side("baseline", [baseline]), Side("latest", [candidate]), options, 0.02, 60.0)

    return make


def measured_again(gate: Gate) -> Gate:
    gate.begin()
    gate.race()
    gate.save()
    return gate


def outcomes(gate: Gate) -> list[GateOutcome]:
    return [gate.outcome(unclear) for unclear in (Unclear.AUTO, Unclear.FAIL, Unclear.PASS)]


def cases(rows: Sequence[Row]) -> list[str]:
    return [row.case for row in rows]


def test_what_is_unchanged_passes(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady()})

    assert (judged.suspects(), outcomes(judged)) == ([], [GateOutcome.PASSED] * 3)


def test_what_became_faster_passes(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.005)})

    assert (judged.suspects(), outcomes(judged)) == ([], [GateOutcome.PASSED] * 3)


def test_what_looks_slower_is_suspect(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)})

    assert cases(judged.suspects()) == [SERIAL]


def test_what_looks_slower_perhaps_by_chance_is_suspect(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: shaky()}, {SERIAL: shaky(0.0104)})

    assert [row.verdict for row in judged.suspects()] == ["unclear"]


def test_what_is_as_likely_unchanged_is_not_suspect(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: wild()}, {SERIAL: wild(0.0104)})

    assert (cases(judged.open_rows()), judged.suspects()) == ([SERIAL], [])


def test_what_is_unclear_and_looks_faster_is_not_suspect(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: wild()}, {SERIAL: wild(0.009)})

    assert (cases(judged.open_rows()), judged.suspects()) == ([SERIAL], [])


def test_a_regression_that_is_measured_again_fails(
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: steady(0.013)})
    judged = measured_again(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}))

    assert cases(judged.confirmed()) == [SERIAL]
    assert outcomes(judged) == [GateOutcome.REGRESSED] * 3


def test_a_suspect_that_is_not_confirmed_passes(
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: steady()})
    judged = measured_again(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}))

    assert (judged.confirmed(), judged.open_rows()) == ([], [])
    assert outcomes(judged) == [GateOutcome.PASSED] * 3


def test_a_chance_suspect_that_is_confirmed_fails(
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: steady(0.013)})
    judged = measured_again(gate({SERIAL: shaky()}, {SERIAL: shaky(0.0104)}))

    assert judged.outcome(Unclear.AUTO) is GateOutcome.REGRESSED


def test_what_is_unclear_again_is_open(gate: Callable[..., Gate], remeasured: Remeasured) -> None:
    remeasured({SERIAL: wild(0.011)})
    judged = measured_again(
        gate({SERIAL: steady(), FOREIGN: steady()}, {SERIAL: steady(0.013), FOREIGN: steady()})
    )

    assert cases(judged.open_rows()) == [SERIAL]
    assert outcomes(judged) == [GateOutcome.PASSED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


def test_a_regression_with_too_few_fresh_launches_does_not_pass(
    gate: Callable[..., Gate], remeasured: Remeasured
) -> None:
    remeasured({SERIAL: [0.013]})
    judged = measured_again(
        gate({SERIAL: steady(), FOREIGN: steady()}, {SERIAL: steady(0.013), FOREIGN: steady()})
    )

    assert cases(judged.open_rows()) == [SERIAL]
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


def test_one_regression_with_too_few_fresh_launches_does_not_pass_among_others(
    gate: Callable[..., Gate], remeasured: Remeasured, surveyed: Lineup
) -> None:
    _, threads = surveyed.entrants
    remeasured({SERIAL: steady(), threads: [0.013]})
    slower = {SERIAL: steady(0.013), threads: steady(0.013)}
    judged = measured_again(gate({SERIAL: steady(), threads: steady()}, slower))

    assert cases(judged.open_rows()) == [threads]
    assert judged.outcome(Unclear.AUTO) is GateOutcome.UNJUDGED


def test_a_regression_that_cannot_be_measured_again_is_open(gate: Callable[..., Gate]) -> None:
    judged = gate({FOREIGN: steady(), SERIAL: steady()}, {FOREIGN: steady(), SERIAL: steady(0.013)})
    judged.cannot_measure("the moon is full")

    assert cases(judged.open_rows()) == [SERIAL]


def test_what_was_measured_again_is_kept_apart(
    gate: Callable[..., Gate], remeasured: Remeasured, surveyed: Lineup, tmp_path: Path
) -> None:
    remeasured({SERIAL: steady()})
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)})
    judged.begin()
    judged.race()
    path = judged.save()

    assert path
    assert path.parent == tmp_path / "results" / surveyed.machine.id / "gates"
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]


def test_nothing_is_saved_where_nothing_was_measured_again(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady()})
    judged.race()

    assert (judged.save(), judged.again) == (None, None)


def with_machine(run: Run, machine: str) -> Run:
    known = msgspec.structs.replace(run.header.machine, id=machine)
    return msgspec.structs.replace(run, header=msgspec.structs.replace(run.header, machine=known))


def with_python(run: Run, version: str) -> Run:
    (known,) = run.header.environments
    environments = [msgspec.structs.replace(known, version=version)]
    header = msgspec.structs.replace(run.header, environments=environments)
    return msgspec.structs.replace(run, header=header)


ELSEWHERE = partial(with_machine, machine="elsewhere")
OLD_PYTHON = partial(with_python, version="3.10.0")


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (ELSEWHERE, "another machine: elsewhere and "),
        (OLD_PYTHON, "another interpreter: set a baseline that was measured with this"),
    ],
)
def test_times_of_other_origin_cannot_be_judged(
    gate: Callable[..., Gate], other: Callable[[Run], Run], said: str
) -> None:
    like = gate({SERIAL: steady()}, {SERIAL: steady(0.013)})
    baseline = Side("baseline", [other(like.baseline.runs[0])])
    judged = Gate(baseline, like.candidate, like.options, 0.02, 60.0)

    assert judged.reason.startswith(said)
    assert judged.suspects() == []
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({SERIAL: [0.01, 0.01]}, {SERIAL: steady(0.02)}),
        ({SERIAL: steady()}, {SERIAL: [0.01, 0.01]}),
        ({SERIAL: wild()}, {SERIAL: wild(0.009)}),
        ({SERIAL: steady()}, {FOREIGN: steady()}),
        ({}, {}),
    ],
    ids=["few before", "few after", "wild", "nothing in common", "nothing"],
)
def test_a_gate_that_judged_nothing_does_not_pass(
    gate: Callable[..., Gate], before: Passes, after: Passes
) -> None:
    if not before:
        judged = gate({SERIAL: [0.01]}, {SERIAL: [0.01]})
        for side in (judged.baseline, judged.candidate):
            side.runs[0].records.clear()
        judged.__post_init__()
    else:
        judged = gate(before, after)

    assert judged.outcome(Unclear.AUTO) is GateOutcome.UNJUDGED


def test_noise_alone_does_not_pass(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady()}, grade=Grade.NOISY)

    assert [row.reason for row in judged.open_rows()] == ["too noisy"]
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


def test_a_slow_case_among_noise_is_suspect(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)}, grade=Grade.NOISY)

    assert cases(judged.suspects()) == [SERIAL]


def test_a_missing_case_is_open(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady(), FOREIGN: steady()}, {SERIAL: steady()})

    assert [(row.case, row.verdict) for row in judged.open_rows()] == [(FOREIGN, "missing")]
    assert outcomes(judged) == [GateOutcome.PASSED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


def test_a_new_case_is_nothing_that_was_judged(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: [0.01]}, {SERIAL: steady(), FOREIGN: steady()})

    assert judged.outcome(Unclear.AUTO) is GateOutcome.UNJUDGED


def test_a_new_case_is_not_open(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady(), FOREIGN: steady()})

    assert outcomes(judged) == [GateOutcome.PASSED] * 3


def test_a_plain_benchmark_cannot_be_measured_again(
    gate: Callable[..., Gate],
) -> None:
    judged = gate({SERIAL: wild()}, {SERIAL: wild(0.011)})
    for side in (judged.baseline, judged.candidate):
        run = side.runs[0]
        run.records[0] = msgspec.structs.replace(run.records[0], workload="", model="")
    judged.__post_init__()

    assert (cases(judged.open_rows()), judged.suspects()) == ([SERIAL], [])


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
