"""Judgements on synthetic runs: what passes took, saved and measured again, the test says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.samples import Side
from raceway.record import Grade, Run
from raceway.regression.gate import Gate, GateOutcome, Unclear
from support.gates import (
    cases,
    measured_again,
    outcomes,
    shaky,
    steady,
    wild,
    with_machine,
    with_python,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.session.lineup import Lineup
    from support.saved import Passes, Remeasured


SERIAL, FOREIGN = "tiny-few-serial-w1", "gone-few-serial-w1"
"""A case that can race here, and one that cannot."""


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
