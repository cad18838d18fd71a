"""`raceway duel` of cases: two interpreters, environments or checkouts."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raceway.cli.racing import on_screen
from raceway.errors import SelectionError
from raceway.plan.selection import parse_interpreter
from raceway.regression.duel import Duel
from raceway.regression.revisions import DuelSide, checkouts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.session.options import Options


@dataclass(frozen=True, slots=True)
class CaseCall:
    """What the user asked for."""

    options: Options
    a: str | None
    b: str | None
    revisions: tuple[str, str] | None
    patterns: Sequence[str]
    budget_s: float
    threshold: float

    def race(self, console: Console) -> tuple[Comparison, list[Path]]:
        """Race both sides, and return the verdicts and the saved runs.

        What had finished is kept if it is interrupted. SelectionError if they cannot be raced.
        """
        with sides_of(self.a, self.b, self.revisions, self.options) as (a, b):
            both = replace(self.options, interpreters=(a.option, b.option))
            one = Duel(a, b, both, self.budget_s, self.threshold, self.patterns)
            session = one.begin()
            with on_screen(session, console) as display:
                one.race(display)
            return one.save()


@contextmanager
def sides_of(
    a: str | None, b: str | None, revisions: tuple[str, str] | None, options: Options
) -> Iterator[list[DuelSide]]:
    """Give both sides, checked out if they are revisions; SelectionError if they cannot be."""
    if revisions is None:
        yield duel_sides(a, b)
        return
    if a or b:
        raise SelectionError("--revisions: races two revisions; leave --a and --b out")
    with checkouts(revisions, options) as sides:
        yield sides


def duel_sides(a: str | None, b: str | None) -> list[DuelSide]:
    """Return both sides; SelectionError if one is missing."""
    if a is None or b is None:
        raise SelectionError(
            "give both sides, --a LABEL=COMMAND --b LABEL=COMMAND, or --revisions A B"
        )
    sides = [
        DuelSide(parse_interpreter(option, name)[0], option)
        for name, option in (("--a", a), ("--b", b))
    ]
    if sides[0].label == sides[1].label:
        raise SelectionError(f"--b {b}: has the label of --a; rename one")
    return sides
