"""Did anything become slower than the baseline? Only a duel can confirm it.

Cases that look slower in the saved runs are only suspects: times measured apart differ by more than
most regressions. A race of the baseline's revision and this one, turn by turn, decides.
"""

from __future__ import annotations

import glob
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.verdicts import JUDGED, Terms, Verdict
from raceway.case import CURRENT
from raceway.errors import ExitCode, SelectionError
from raceway.plan.selection import parse_interpreter
from raceway.regression.duel import Duel, plain_id
from raceway.regression.losses import left_out, lost_cases
from raceway.regression.revisions import against_here
from raceway.regression.suspects import (
    are_of_suites,
    check_known,
    check_same_code,
    elsewhere,
    incomparable,
    neighbours_of,
    only_looks_slower,
    raced,
    selection_of,
    suspects_in,
)
from raceway.session.lineup import Lineup
from raceway.store.runs import GATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.sessions import PastLevels
    from raceway.analysis.comparison.verdicts import Row
    from raceway.record import Record
    from raceway.regression.revisions import Tree
    from raceway.session.options import Options


class Unclear(StrEnum):
    """The outcome of a gate with cases that could not be judged."""

    AUTO = "auto"
    """It fails only if no case at all could be judged."""
    FAIL = "fail"
    """It fails if any case could not be judged."""
    PASS = "pass"  # noqa: S105 (no password)
    """It passes."""


class GateOutcome(IntEnum):
    """How a gate ends; the value is the exit code."""

    PASSED = ExitCode.DONE
    REGRESSED = ExitCode.FAILED
    UNJUDGED = ExitCode.UNTOLD


@dataclass(slots=True)
class Gate:
    """Judges a run against a baseline."""

    baseline: Side
    candidate: Side
    options: Options
    """The options of duels."""
    threshold: float
    budget_s: float
    past: PastLevels | None = None
    """The levels of like runs, if any."""
    first: Comparison = field(init=False)
    again: Comparison | None = None
    """The verdicts of duels on the suspects, or on all cases if saved times do not compare."""
    obstacle: str = ""
    """Why nothing can be judged."""
    elsewhere: str = ""
    """Why saved times do not compare, so that every case is raced again."""
    undecided: str = ""
    """Why there was no duel."""

    def __post_init__(self) -> None:
        """Compare the saved runs."""
        terms = Terms(threshold=self.threshold)
        self.first = compare_sides(self.baseline, self.candidate, terms, past=self.past)
        self.obstacle = incomparable(self.baseline, self.candidate)
        self.elsewhere = elsewhere(self.baseline, self.candidate)

    def suspects(self) -> list[Row]:
        """Return the cases for a duel: those that look slower, or all if from another host."""
        if self.obstacle:
            return []
        if self.elsewhere:
            rows = raced(self.first.rows, plain=self.of_suites)
            return [row for row in rows if row.matchup.a.raced and row.matchup.b.raced]
        return suspects_in(self.first)

    def to_race(self) -> list[Row]:
        """Return the suspects that a duel can race."""
        return raced(self.suspects(), plain=self.of_suites)

    @property
    def of_suites(self) -> bool:
        """Whether both runs are of somebody's own suite, so that its tests are duelled."""
        return are_of_suites(self.baseline, self.candidate)

    @contextmanager
    def duels(self) -> Iterator[list[Duel]]:
        """Check out the baseline's revision and yield a duel for each interpreter.

        SelectionError if there can be none.
        """
        suspects = self.to_race()
        neighbours = neighbours_of(suspects, self.first.rows)
        check_known(neighbours, self.options)
        check_same_code(
            self.candidate.runs[-1], Lineup.assemble(replace(self.options, interpreters=()))
        )
        with against_here(self.baseline.runs[-1].header.commit, self.options) as trees:
            labels = dict.fromkeys(record.interpreter for record in neighbours)
            only = [row.case for row in suspects]
            share_s = self.budget_s / max(len(labels), 1)
            yield [self._duel(label, trees, neighbours, only, share_s) for label in labels]

    def _duel(
        self,
        label: str,
        trees: tuple[Tree, Tree],
        neighbours: Sequence[Record],
        only: Sequence[str],
        budget_s: float,
    ) -> Duel:
        """Return the duel of both revisions by one interpreter."""
        mine = [record for record in neighbours if record.interpreter == label]
        command = self._command(label, mine[0].id)
        a, b = (tree.raced_by(command) for tree in trees)
        return Duel(
            a, b,
            replace(self.options, selection=selection_of(mine), interpreters=(a.option, b.option)),
            budget_s, self.threshold,
            cases=[glob.escape(plain_id(record.id, label)) for record in mine],
            only={plain_id(case, label) for case in only},
            apart=GATES, interpreter=label,
        )  # fmt: skip

    def _command(self, label: str, case: str) -> Sequence[str]:
        known = dict(parse_interpreter(option) for option in self.options.interpreters)
        command = {**known, CURRENT: (sys.executable,)}.get(label)
        if command is None:
            raise SelectionError(f"{case}: cannot be raced here; give its --interpreter")
        return command

    def take(self, duel: Duel) -> list[Path]:
        """Save a duel's runs, adopt its verdicts, and return the files."""
        compared, paths = duel.save()
        for row in compared.rows:
            for sample in (row.matchup.a, row.matchup.b):
                sample.name = case_of(sample.name, duel.interpreter)
        self.adopt(compared)
        return paths

    def adopt(self, compared: Comparison) -> None:
        """Adopt the verdicts of a duel."""
        known = [*self.again.rows] if self.again else []
        self.again = replace(compared, rows=[*known, *compared.rows], overall=None)

    def cannot_duel(self, why: str) -> None:
        """Note why there was no duel."""
        self.undecided = f"no duel could decide: {why}"

    @property
    def reason(self) -> str:
        """Why some or all cases could not be judged; empty if none."""
        apart = "" if self.suspects() else self.elsewhere
        looks = "" if self.of_suites else only_looks_slower(self.unproven())
        return self.obstacle or self.undecided or looks or apart

    def confirmed(self) -> list[Row]:
        """Return the cases that a duel shows to be slower."""
        return list(filter(_is_slower, self.again.rows)) if self.again else []

    def lost(self) -> dict[str, str]:
        """Return the cases that failed or vanished, in the run or a duel, with the reasons."""
        return lost_cases(self.baseline, self.candidate, self.again)

    def left_out(self) -> dict[str, str]:
        """Return the baseline's cases that were left out of the run, with the reasons."""
        return left_out(self.baseline, self.candidate)

    def unproven(self) -> list[Row]:
        """Return the cases that are slower in the saved runs and not judged by a duel."""
        told = (
            {row.case for row in self.again.rows if row.p_value is not None} if self.again else ()
        )
        return [row for row in self.suspects() if _is_slower(row) and row.case not in told]

    def latest(self) -> list[Row]:
        """Return the latest row of each case: the duel's, else that of the saved runs."""
        again = {row.case: row for row in self.again.rows} if self.again else {}
        return [again.get(row.case, row) for row in self.first.rows]

    def open_rows(self) -> list[Row]:
        """Return the cases that could not be judged, even missing ones; the unproven first."""
        unproven = {row.case for row in self.unproven()}
        told = self.lost().keys() | self.left_out().keys()
        undecided = {Verdict.UNCLEAR, Verdict.MISSING}
        raced_again = {row.case for row in self.again.rows} if self.again else set()
        still_open = [
            row
            for row in self.latest()
            if row.case not in told
            and (
                row.verdict in undecided
                or row.case in unproven
                or (row.verdict is Verdict.NEW and row.case in raced_again)
            )
        ]
        return sorted(still_open, key=lambda row: row.case not in unproven)

    def outcome(self, unclear: Unclear) -> GateOutcome:
        """Return how the gate ends; it always fails if a case failed, vanished or is slower."""
        if self.confirmed() or self.lost():
            return GateOutcome.REGRESSED
        judged = any(row.verdict in JUDGED for row in self.latest())
        nothing = self.reason or self.unproven() or not judged
        blocked = {
            Unclear.AUTO: bool(nothing),
            Unclear.FAIL: bool(nothing or self.open_rows()),
            Unclear.PASS: False,
        }
        return GateOutcome.UNJUDGED if blocked[unclear] else GateOutcome.PASSED


def case_of(name: str, interpreter: str) -> str:
    """Return the id of a case on that interpreter."""
    return name if interpreter == CURRENT else f"{name}@{interpreter}"


def _is_slower(row: Row) -> bool:
    return row.verdict is Verdict.SLOWER
