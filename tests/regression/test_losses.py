"""What became of cases that a gate finds failed, vanished or left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from raceway.record import Status
from raceway.regression.gate import Gate, GateOutcome
from raceway.session.session import Session
from support.gates import decided, outcomes, steady

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from raceway.record import GroupResult
    from support.duelled import Duelled

SERIAL, FOREIGN = "tiny-few-serial-w1", "gone-few-serial-w1"
"""A case that can race here, and one that cannot."""


def test_a_case_that_was_deselected_is_listed_and_fails_nothing(
    gate: Callable[..., Gate],
) -> None:
    judged = gate({SERIAL: steady(), FOREIGN: steady()}, {SERIAL: steady()})

    assert judged.left_out() == {FOREIGN: "deselected, or no longer there"}
    assert (judged.open_rows(), judged.lost()) == ([], {})
    assert outcomes(judged) == [GateOutcome.PASSED] * 3


def become(judged: Gate, case: str, **fields: Any) -> Gate:
    """Let a case of the candidate have come to something else."""
    records = judged.candidate.runs[0].records
    (place,) = (at for at, record in enumerate(records) if record.id == case)
    records[place] = msgspec.structs.replace(records[place], **fields)
    judged.__post_init__()
    return judged


def test_a_case_that_was_skipped_is_listed_with_its_reason(gate: Callable[..., Gate]) -> None:
    both = {SERIAL: steady(), FOREIGN: steady()}
    skipped = {"status": Status.SKIPPED, "reason": "no GPU here", "launches": []}
    judged = become(gate(both, both), FOREIGN, **skipped)

    assert judged.left_out() == {FOREIGN: "no GPU here"}
    assert outcomes(judged) == [GateOutcome.PASSED] * 3


def test_a_case_that_fails_now_fails_the_gate(gate: Callable[..., Gate]) -> None:
    both = {SERIAL: steady(), FOREIGN: steady()}
    judged = become(gate(both, both), FOREIGN, status=Status.FAILED, reason="ValueError: no")

    assert judged.lost() == {FOREIGN: "failed: ValueError: no"}
    assert (judged.open_rows(), judged.left_out()) == ([], {})
    assert outcomes(judged) == [GateOutcome.REGRESSED] * 3


def test_a_case_planned_in_both_runs_that_vanished_fails_the_gate(
    gate: Callable[..., Gate],
) -> None:
    both = {SERIAL: steady(), FOREIGN: steady()}
    judged = become(gate(both, both), FOREIGN, status=Status.INTERRUPTED, launches=[])

    assert judged.lost() == {FOREIGN: "vanished: planned, and not measured"}
    assert outcomes(judged) == [GateOutcome.REGRESSED] * 3


def test_a_planned_case_without_any_record_vanished(gate: Callable[..., Gate]) -> None:
    both = {SERIAL: steady(), FOREIGN: steady()}
    judged = gate(both, both)
    judged.candidate.runs[0].records.pop()
    judged.__post_init__()

    assert judged.lost() == {FOREIGN: "vanished: planned, and not measured"}


def let_fail(monkeypatch: pytest.MonkeyPatch, *labels: str) -> None:
    """Let cases fail on these sides of duels."""
    measured = Session.finished_group

    def failing(self: Session, result: GroupResult) -> None:
        launches = {
            case: msgspec.structs.replace(each, status=Status.FAILED, reason="wrong", rounds_ns=[])
            if case.endswith(labels) else each
            for case, each in result.launches.items()
        }  # fmt: skip
        measured(self, msgspec.structs.replace(result, launches=launches))

    monkeypatch.setattr(Session, "finished_group", failing)


def test_a_case_that_fails_in_the_duel_fails_the_gate(
    gate: Callable[..., Gate], duelled: Duelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    duelled({SERIAL: steady(0.013)})
    let_fail(monkeypatch, "@now")
    judged = decided(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}))

    assert judged.lost() == {SERIAL: "failed in the duel: wrong"}
    assert outcomes(judged) == [GateOutcome.REGRESSED] * 3


def test_a_case_that_fails_on_both_sides_of_the_duel_is_open(
    gate: Callable[..., Gate], duelled: Duelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    duelled({SERIAL: steady(0.013)})
    let_fail(monkeypatch, "@now", "@baseline")
    judged = decided(gate({SERIAL: steady()}, {SERIAL: steady(0.013)}))

    assert judged.lost() == {}
    assert [row.case for row in judged.open_rows()] == [SERIAL]
    assert outcomes(judged) == [GateOutcome.UNJUDGED, GateOutcome.UNJUDGED, GateOutcome.PASSED]
