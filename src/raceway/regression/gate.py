"""Did anything become slower than the baseline? Suspects are measured again before they count."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Terms, Verdict
from raceway.errors import SelectionError
from raceway.record import Status
from raceway.regression.sequential import ONE_LOOK, SequentialRace, groups_of, looked_at, paced
from raceway.regression.suspects import (
    check_same_code,
    check_workloads,
    incomparable,
    neighbours_of,
    selection_of,
    suspects_in,
)
from raceway.session.lineup import Lineup
from raceway.session.session import Session
from raceway.store.runs import GATES

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row
    from raceway.measure.group.plan import Spectator
    from raceway.record import Run
    from raceway.session.options import Options

JUDGED = {Verdict.SLOWER, Verdict.FASTER, Verdict.SAME}


class Unclear(StrEnum):
    """What becomes of a gate with cases that could not be judged."""

    AUTO = "auto"
    """It fails only if no case at all could be judged."""
    FAIL = "fail"
    """It fails if any case could not be judged."""
    PASS = "pass"  # noqa: S105 (no password)
    """It passes."""


class GateOutcome(IntEnum):
    """How a gate ends; the value is the exit code."""

    PASSED = 0
    REGRESSED = 1
    UNJUDGED = 2


@dataclass(slots=True)
class Gate:
    """One judgement of a run against a baseline."""

    baseline: Side
    candidate: Side
    options: Options
    """How suspects are to be measured again."""
    threshold: float
    budget_s: float
    first: Comparison = field(init=False)
    again: Comparison | None = None
    """The suspects, from fresh launches alone."""
    obstacle: str = ""
    """Why nothing can be judged at all."""
    unmeasured: str = ""
    under_way: SequentialRace | None = None

    def __post_init__(self) -> None:
        """Compare what is saved."""
        self.first = compare_sides(self.baseline, self.candidate, Terms(threshold=self.threshold))
        self.obstacle = incomparable(self.baseline, self.candidate)

    def suspects(self) -> list[Row]:
        """Return the cases that look slower, surely or perhaps."""
        return [] if self.obstacle else suspects_in(self.first)

    def begin(self) -> Session:
        """Begin to measure the suspects again; RacewayError says why they cannot be."""
        suspects = self.suspects()
        neighbours = neighbours_of(suspects, self.first.rows)
        selection = selection_of(neighbours)
        check_workloads(selection.workloads or (), self.options.workload_files)
        lineup = Lineup.assemble(replace(self.options, selection=selection))
        check_same_code(self.candidate.runs[-1], lineup)
        names = [record.id for record in neighbours if record.id in lineup.entrants]
        lost = [row.case for row in suspects if row.case not in names]
        if lost:
            raise SelectionError(
                f"{lost[0]}: cannot be raced here; give its --workload or --interpreter"
            )
        groups = len(groups_of(lineup, names))
        profile = paced(lineup.profile, "gate", groups, self.budget_s, ONE_LOOK)
        session = Session(
            replace(lineup, profile=profile),
            {name: f"raceway::{name}" for name in names},
            apart=GATES,
        )
        terms = looked_at(ONE_LOOK, self.threshold)
        only = {row.case for row in suspects}
        self.under_way = SequentialRace(session, terms, self._sides, self.budget_s, ONE_LOOK, only)
        return session

    def cannot_measure(self, why: str) -> None:
        """Note why the suspects could not be measured again."""
        self.unmeasured = f"suspects could not be measured again: {why}"

    @property
    def reason(self) -> str:
        """Why something or all could not be judged; empty if nothing stood in the way."""
        return self.obstacle or self.unmeasured

    def race(self, *spectators: Spectator) -> None:
        """Measure the suspects until each is decided or the time is up."""
        if self.under_way:
            self.under_way.race(*spectators)

    def save(self) -> Path | None:
        """Judge the suspects by the fresh launches, which are saved; return their file."""
        if self.under_way is None:
            return None
        path, run = self.under_way.session.save(Status.OK)
        compared = compare_sides(*self._sides(run), self.under_way.terms, self.under_way.only)
        names = {record.id for record in run.records}
        rows = [row for row in compared.rows if row.case in names]
        self.again = replace(compared, rows=rows, overall=None)
        return path

    def _sides(self, run: Run) -> tuple[Side, Side]:
        """Return the baseline and what was measured again; the former knows cases' usual spread."""
        return self.baseline, Side("measured again", [run])

    def confirmed(self) -> list[Row]:
        """Return the cases that are slower, and were slower again when measured afresh."""
        return list(filter(_is_slower, self.again.rows)) if self.again else []

    def unproven(self) -> list[Row]:
        """Return the cases that look surely slower, with too little measured again to tell."""
        told = (
            {row.case for row in self.again.rows if row.p_value is not None} if self.again else ()
        )
        return [row for row in self.suspects() if _is_slower(row) and row.case not in told]

    def latest(self) -> list[Row]:
        """Return what is known of each case: what was measured again, else what was saved."""
        again = {row.case: row for row in self.again.rows} if self.again else {}
        return [again.get(row.case, row) for row in self.first.rows]

    def open_rows(self) -> list[Row]:
        """Return the cases that could not be judged, missing ones too; the unproven first."""
        unproven = {row.case for row in self.unproven()}
        undecided = {Verdict.UNCLEAR, Verdict.MISSING}
        still_open = [
            row for row in self.latest() if row.verdict in undecided or row.case in unproven
        ]
        return sorted(still_open, key=lambda row: row.case not in unproven)

    def outcome(self, unclear: Unclear) -> GateOutcome:
        """Return how the gate ends."""
        if self.confirmed():
            return GateOutcome.REGRESSED
        still_open = self.open_rows()
        judged = any(row.verdict in JUDGED for row in self.latest())
        nothing = self.obstacle or self.unproven() or not judged
        blocked = {
            Unclear.AUTO: bool(nothing),
            Unclear.FAIL: bool(nothing or still_open),
            Unclear.PASS: False,
        }
        return GateOutcome.UNJUDGED if blocked[unclear] else GateOutcome.PASSED


def _is_slower(row: Row) -> bool:
    return row.verdict is Verdict.SLOWER
