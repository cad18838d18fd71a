"""Cases that a run lost since its baseline: failed, vanished, or left out with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.record import Status

if TYPE_CHECKING:
    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.record import Record

VANISHED = "vanished: planned, and not measured"
NOT_PLANNED = "deselected, or no longer there"


def lost_cases(baseline: Side, candidate: Side, duel: Comparison | None) -> dict[str, str]:
    """Return the cases that failed, or were planned but vanished, with the reasons.

    What fails on both sides of a duel is no fault of the new code.
    """
    before, after = _records(baseline), _records(candidate)
    planned = {candidate.name_of(record) for record in candidate.runs[-1].header.planned}
    vanished = {
        case: VANISHED
        for case, record in before.items()
        if case in planned and _measured(record) and _is_gone(after.get(case))
    }
    in_duel = {
        row.case: f"failed in the duel: {row.matchup.b.record.reason}"
        for row in (duel.rows if duel else ())
        if row.matchup.b.failed and not row.matchup.a.failed
    }
    failed = {case: f"failed: {why}" for case, why in candidate.failed_cases().items()}
    return {**vanished, **in_duel, **failed}


def left_out(baseline: Side, candidate: Side) -> dict[str, str]:
    """Return the cases that the baseline measured and the run left out, with the reasons."""
    after = _records(candidate)
    return {
        case: after[case].reason if case in after else NOT_PLANNED
        for case, record in _records(baseline).items()
        if _measured(record) and (case not in after or after[case].status is Status.SKIPPED)
    }


def _records(side: Side) -> dict[str, Record]:
    return {
        side.name_of(record): record
        for record in side.runs[-1].records
        if side.interpreter in {None, record.interpreter}
    }


def _measured(record: Record) -> bool:
    return record.status is Status.OK and bool(record.launches)


def _is_gone(record: Record | None) -> bool:
    """Whether a planned case has neither a measurement nor a reason for having none."""
    if record is None:
        return True
    lacks = not record.launches and record.computed_s is None
    return lacks and record.status not in {Status.SKIPPED, Status.FAILED}
