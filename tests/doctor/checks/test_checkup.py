from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from raceway.doctor.checks.checkup import checkup_of, findings_of, verdict_of
from raceway.doctor.facts import Calm, Cores, Facts
from raceway.doctor.findings import SCHEMA, Check, Finding, Fit, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Machine


def test_a_healthy_machine_is_fit(facts: Facts) -> None:
    checkup = checkup_of(facts)

    assert (checkup.schema, checkup.fit, checkup.because) == (SCHEMA, Fit.FIT, ())
    assert checkup.facts is facts


def test_every_check_finds_something(facts: Facts) -> None:
    facts = replace(facts, libraries=("torch",))

    assert {finding.check for finding in findings_of(facts)} == set(Check)


def test_threads_of_libraries_that_are_not_there_are_not_told(facts: Facts) -> None:
    assert Check.LIBRARY_THREADS not in {finding.check for finding in findings_of(facts)}


@pytest.mark.parametrize(
    ("states", "fit", "because"),
    [
        ({Check.MEMORY: State.OK, Check.TURBO: State.UNKNOWN}, Fit.FIT, []),
        ({Check.MEMORY: State.WARN}, Fit.RESERVED, [Check.MEMORY]),
        ({Check.GAPS: State.BAD, Check.MEMORY: State.WARN}, Fit.NOT_STEADY, [Check.GAPS]),
        (
            {Check.GAPS: State.BAD, Check.MEMORY: State.BAD},
            Fit.NOT_PARALLEL,
            [Check.MEMORY],
        ),
    ],
)
def test_the_worst_finding_decides(
    states: dict[Check, State], fit: Fit, because: list[Check]
) -> None:
    verdict, decisive = verdict_of([Finding(check, state, "") for check, state in states.items()])

    assert (verdict, [finding.check for finding in decisive]) == (fit, because)


def test_a_capacity_that_could_not_be_measured_is_a_reservation(facts: Facts) -> None:
    facts = replace(facts, cores=Cores(4, 4, 4, 4, (6.0, 7.0)))

    assert checkup_of(facts).because == ("parallel capacity",)


def test_problems_come_first_and_the_unknown_last(facts: Facts) -> None:
    facts = replace(
        facts,
        cores=Cores(4, 4, 4, None, (1.0, 1.0)),
        calm=Calm(0.1, 0.0, 1.0, None),
        gpus=(),
    )
    states = [finding.state for finding in checkup_of(facts).findings]

    assert states[:2] == [State.BAD, State.WARN]
    assert states[-3:] == [State.UNKNOWN] * 3
    assert set(states[2:-3]) == {State.OK}


def test_two_findings_of_one_check_are_named_once(facts: Facts) -> None:
    slow = replace(facts.gpus[0], slowdowns=4, processes=1)

    assert checkup_of(replace(facts, gpus=(slow,))).because == ("GPU",)


def test_every_problem_has_a_consequence_and_a_remedy(
    facts: Facts, machine: Callable[..., Machine]
) -> None:
    ill = replace(
        facts,
        machine=machine(governor="powersave", turbo=True),
        cores=Cores(4, 2, 2, 1, (0.5,)),
        calm=Calm(0.9, 0.9, 4.0, 0.9),
    )
    problems = [finding for finding in findings_of(ill) if finding.state in {State.WARN, State.BAD}]

    assert len(problems) == 7
    assert all(finding.consequence and finding.remedy for finding in problems)
