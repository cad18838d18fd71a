"""Races two interpreters, environments or checkouts until it is clear which is faster."""

from __future__ import annotations

import fnmatch
import secrets
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.case import CURRENT
from raceway.errors import SelectionError
from raceway.record import Peak, Record, Status
from raceway.regression.sequential import LOOKS, SequentialRace, groups_of, looked_at, paced
from raceway.session.lineup import Lineup
from raceway.session.session import Session
from raceway.store.runs import DUELS, save

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.measure.group.plan import Spectator
    from raceway.record import Environment, Run
    from raceway.regression.revisions import DuelSide
    from raceway.session.options import Options

Raced = TypeVar("Raced", Record, Peak)


@dataclass(slots=True)
class Duel:
    """One duel, from its lineup to both saved runs."""

    a: DuelSide
    b: DuelSide
    options: Options
    budget_s: float
    threshold: float
    cases: Sequence[str] = ()
    """Patterns of case ids; none means all."""
    only: Collection[str] | None = None
    """The ids of the cases to decide; others race as neighbours. None for all."""
    apart: str = DUELS
    """The folder of its runs, below the machine's."""
    interpreter: str = CURRENT
    """The label of both sides' interpreter in the runs that a gate compares."""
    under_way: SequentialRace = field(init=False)

    def begin(self) -> Session:
        """Find what can race, and begin the journal; SelectionError if nothing can."""
        lineup = Lineup.assemble(replace(self.options, current=False))
        sides = {side.label: side for side in (self.a, self.b)}
        own = [
            replace(known, files=sides[known.label].files, engines=sides[known.label].engines)
            for known in lineup.interpreters
        ]
        lineup = replace(lineup, interpreters=own)
        names = chosen_cases(lineup, self.cases, (self.a.label, self.b.label))
        groups = len(groups_of(lineup, names))
        profile = paced(lineup.profile, "duel", groups, self.budget_s, LOOKS)
        session = Session(
            replace(lineup, profile=profile),
            {case_id: f"raceway::{case_id}" for case_id in names},
            apart=self.apart,
            sides=True,
        )
        terms = looked_at(LOOKS, self.threshold)
        self.under_way = SequentialRace(session, terms, self.sides, self.budget_s, LOOKS, self.only)
        return session

    def race(self, *spectators: Spectator) -> None:
        """Race until each case is decided or the time is up."""
        self.under_way.race(*spectators)

    def sides(self, run: Run) -> tuple[Side, Side]:
        """Return both sides of what was measured."""
        one, other = (
            Side(side.label, [one_side(run, side, run.header.run_id)]) for side in (self.a, self.b)
        )
        return one, other

    def save(self) -> tuple[Comparison, list[Path]]:
        """Return the verdicts, and the files of both sides' runs."""
        session = self.under_way.session
        sides = self.sides(session.run(Status.OK))
        comparison = compare_sides(*sides, self.under_way.terms, self.under_way.only)
        session.measured_all()
        paths = [save(side.runs[-1], session.folder) for side in sides]
        session.journal.remove()
        return comparison, paths


def chosen_cases(lineup: Lineup, patterns: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Return the ids of the cases that match patterns, which leave out the interpreter.

    SelectionError if a pattern matches none, or no case can race on both sides.
    """
    plain = {
        case_id: plain_id(case_id, entrant.case.interpreter)
        for case_id, entrant in lineup.entrants.items()
    }
    for pattern in patterns:
        if not any(fnmatch.fnmatchcase(name, pattern) for name in plain.values()):
            raise SelectionError(f"{pattern}: {why_not(pattern, lineup)}")
    meant = {
        case_id: name
        for case_id, name in plain.items()
        if not patterns or any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
    }
    both = on_both_sides(meant, lineup, labels)
    return [case_id for case_id, name in meant.items() if name in both]


def on_both_sides(meant: Mapping[str, str], lineup: Lineup, labels: Sequence[str]) -> set[str]:
    """Return those names of cases, by id, that race on every side; SelectionError if none does."""
    entrants = {case_id: lineup.entrants[case_id] for case_id in meant}
    racing = [
        {
            meant[case_id]
            for case_id, entrant in entrants.items()
            if entrant.races and entrant.case.interpreter == label
        }
        for label in labels
    ]
    both = set.intersection(*racing)
    if not both:
        reasons = {entrant.reason for entrant in entrants.values()}
        why = "; ".join(sorted(reason for reason in reasons if reason)) or "nothing was selected"
        raise SelectionError(f"no case can race on both sides: {why}")
    return both


def why_not(pattern: str, lineup: Lineup) -> str:
    """Return why a pattern matches no case that could race."""
    for case_id, entrant in lineup.out_of_scope.items():
        if fnmatch.fnmatchcase(plain_id(case_id, entrant.case.interpreter), pattern):
            return entrant.reason or ""
    return "no such case; `raceway list --json` names them, and * stands for anything"


def plain_id(case_id: str, label: str) -> str:
    """Return a case id without its interpreter."""
    return case_id.removesuffix(f"@{label}")


def one_side(run: Run, side: DuelSide, duel: str) -> Run:
    """Return one side of a run, as a run of its own."""
    header, mine = run.header, partial(_those_of, side.label)
    environments = [
        msgspec.structs.replace(each, label=CURRENT, command=_command(each, side))
        for each in header.environments
        if each.label == side.label
    ]
    own_header = msgspec.structs.replace(
        header,
        run_id=secrets.token_hex(4),
        environments=environments,
        commit=side.commit or header.commit,
        files=header.files if side.digests is None else dict(side.digests),
        launches=1 + max((group.launch for group in run.groups), default=0),
        planned=[_plain(each, side.label) for each in mine(header.planned)],
        duel=duel,
    )
    return msgspec.structs.replace(
        run,
        header=own_header,
        records=[_plain(each, side.label) for each in mine(run.records)],
        peaks=[msgspec.structs.replace(each, interpreter=CURRENT) for each in mine(run.peaks)],
    )


def _those_of(label: str, items: Sequence[Raced]) -> list[Raced]:
    return [each for each in items if each.interpreter == label]


def _command(environment: Environment, side: DuelSide) -> str:
    """Return the interpreter's command; for a checkout, which is gone by now, its label."""
    return environment.command if side.files is None else f"python at {side.label}"


def _plain(record: Record, label: str) -> Record:
    case_id = plain_id(record.id, label)
    fullname = f"raceway::{case_id}" if record.workload else record.fullname
    return msgspec.structs.replace(record, id=case_id, fullname=fullname, interpreter=CURRENT)
