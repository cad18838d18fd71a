"""Judgements on synthetic runs: what passes took, saved and in a duel, the test says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.record import Grade, HostState, Noise, Run
from raceway.regression.gate import Gate, GateOutcome, Unclear
from raceway.store.runs import load
from support.gates import (
    cases,
    decided,
    outcomes,
    shaky,
    steady,
    wild,
    with_host,
    with_machine,
    with_python,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.session.lineup import Lineup
    from support.duelled import Duelled
    from support.saved import Passes

SERIAL, FOREIGN = "tiny-few-serial-w1", "gone-few-serial-w1"
"""A case that can race here, and one that cannot."""
ELSEWHERE = partial(with_machine, machine="elsewhere")
OLD_PYTHON = partial(with_python, version="3.10.0")
OTHER_STATE = partial(with_host, host=HostState(microcode="0x1"))


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
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    duelled({SERIAL: steady(0.013)})
    judged = decided(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}))

    assert cases(judged.confirmed()) == [SERIAL]
    assert outcomes(judged) == [GateOutcome.REGRESSED] * 3


def test_a_suspect_that_is_not_confirmed_passes(
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    duelled({SERIAL: steady()})
    judged = decided(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}))

    assert (judged.confirmed(), judged.open_rows()) == ([], [])
    assert outcomes(judged) == [GateOutcome.PASSED] * 3


def test_a_chance_suspect_that_is_confirmed_fails(
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    duelled({SERIAL: steady(0.013)})
    judged = decided(gate({SERIAL: shaky()}, {SERIAL: shaky(0.0104)}))

    assert judged.outcome(Unclear.AUTO) is GateOutcome.REGRESSED


def test_what_is_unclear_again_is_open(gate: Callable[..., Gate], duelled: Duelled) -> None:
    duelled({SERIAL: wild(0.011)})
    judged = decided(
        gate({SERIAL: steady(), FOREIGN: steady()}, {SERIAL: steady(0.013), FOREIGN: steady()})
    )

    assert cases(judged.open_rows()) == [SERIAL]
    assert outcomes(judged) == [GateOutcome.PASSED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


def test_a_regression_with_too_few_fresh_launches_does_not_pass(
    gate: Callable[..., Gate], duelled: Duelled
) -> None:
    duelled({SERIAL: [0.013]})
    judged = decided(
        gate({SERIAL: steady(), FOREIGN: steady()}, {SERIAL: steady(0.013), FOREIGN: steady()})
    )

    assert cases(judged.open_rows()) == [SERIAL]
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


def test_one_regression_with_too_few_fresh_launches_does_not_pass_among_others(
    gate: Callable[..., Gate], duelled: Duelled, surveyed: Lineup
) -> None:
    _, threads = surveyed.entrants
    duelled({SERIAL: steady(), threads: [0.013]})
    slower = {SERIAL: steady(0.013), threads: steady(0.013)}
    judged = decided(gate({SERIAL: steady(), threads: steady()}, slower))

    assert cases(judged.open_rows()) == [threads]
    assert judged.outcome(Unclear.AUTO) is GateOutcome.UNJUDGED


def test_a_regression_no_duel_could_decide_is_open(gate: Callable[..., Gate]) -> None:
    judged = gate({FOREIGN: steady(), SERIAL: steady()}, {FOREIGN: steady(), SERIAL: steady(0.013)})
    judged.cannot_duel("the moon is full")

    assert cases(judged.open_rows()) == [SERIAL]
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


def test_a_duel_of_a_gate_is_kept_apart(
    gate: Callable[..., Gate], duelled: Duelled, surveyed: Lineup, tmp_path: Path
) -> None:
    duelled({SERIAL: steady()})
    decided(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}))
    folder = tmp_path / "results" / surveyed.machine.id / "gates"
    files = [file for file in tmp_path.rglob("*") if file.is_file()]

    assert [file.parent for file in files] == [folder, folder]
    sides = [run.header for _, run in load(files).runs]
    assert {header.duel for header in sides} == {sides[0].duel}


def against(like: Gate, other: Callable[[Run], Run]) -> Gate:
    """Return a gate whose baseline was measured elsewhere."""
    baseline = Side("baseline", [other(like.baseline.runs[0])])
    return Gate(baseline, like.candidate, like.options, 0.02, 60.0)


def test_times_of_another_interpreter_cannot_be_judged(gate: Callable[..., Gate]) -> None:
    judged = against(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}), OLD_PYTHON)

    assert judged.reason.startswith("another interpreter: set a baseline that was measured with")
    assert judged.suspects() == []
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]


@pytest.mark.parametrize(
    ("other", "said"),
    [(ELSEWHERE, "another machine: elsewhere and "), (OTHER_STATE, "another host (not known")],
)
def test_on_another_host_every_case_is_decided_by_a_duel(
    gate: Callable[..., Gate], duelled: Duelled, surveyed: Lineup, other: Callable[[Run], Run],
    said: str,
) -> None:  # fmt: skip
    _, threads = surveyed.entrants
    duelled({SERIAL: steady(), threads: steady(0.0115)})
    before = {SERIAL: steady(0.02), threads: steady(0.02)}
    judged = against(gate(before, {SERIAL: steady(), threads: steady(0.0115)}), other)

    assert judged.elsewhere.startswith(said)
    assert cases(judged.suspects()) == [SERIAL, threads]
    assert cases(decided(judged).confirmed()) == [threads]
    assert {row.case: row.verdict for row in judged.latest()} == {
        SERIAL: Verdict.SAME, threads: Verdict.SLOWER,
    }  # fmt: skip


@pytest.mark.parametrize("other", [ELSEWHERE, OTHER_STATE])
def test_on_another_host_nothing_is_judged_without_a_duel(
    gate: Callable[..., Gate], duelled: Duelled, other: Callable[[Run], Run]
) -> None:
    duelled({SERIAL: steady()})
    judged = against(gate({SERIAL: steady()}, {SERIAL: steady()}), other)
    judged.cannot_duel("no revision")

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


def test_a_slow_case_is_suspect_though_the_baseline_was_noisy_too(
    gate: Callable[..., Gate],
) -> None:
    both = {SERIAL: steady(), FOREIGN: steady()}
    judged = gate(both, {**both, SERIAL: steady(0.013)}, grade=Grade.NOISY)
    (run,) = judged.baseline.runs
    run.groups[:] = [
        msgspec.structs.replace(group, noise=Noise(grade=Grade.NOISY)) for group in run.groups
    ]
    judged.__post_init__()

    assert cases(judged.suspects()) == [SERIAL]


def test_a_slow_case_among_noise_is_suspect(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady(0.013)}, grade=Grade.NOISY)

    assert cases(judged.suspects()) == [SERIAL]


def test_a_new_case_is_nothing_that_was_judged(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: [0.01]}, {SERIAL: steady(), FOREIGN: steady()})

    assert judged.outcome(Unclear.AUTO) is GateOutcome.UNJUDGED


def test_a_new_case_is_not_open(gate: Callable[..., Gate]) -> None:
    judged = gate({SERIAL: steady()}, {SERIAL: steady(), FOREIGN: steady()})

    assert outcomes(judged) == [GateOutcome.PASSED] * 3


def test_a_plain_benchmark_cannot_be_decided(
    gate: Callable[..., Gate],
) -> None:
    judged = gate({SERIAL: wild()}, {SERIAL: wild(0.011)})
    for side in (judged.baseline, judged.candidate):
        run = side.runs[0]
        run.records[0] = msgspec.structs.replace(run.records[0], workload="", model="")
    judged.__post_init__()

    assert (cases(judged.open_rows()), judged.suspects()) == ([SERIAL], [])
