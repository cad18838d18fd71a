"""The environment of a run beside those of other runs, with differences marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.comparison.differences import facts_of
from raceway.report.format.sanitize import printable
from raceway.report.run.provenance import environment_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import Run

MOST_BESIDE = 4
"""Runs shown beside the reported one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the table."""

    what: str
    value: str
    beside: tuple[tuple[str, bool], ...]
    """The other runs' values, and whether each differs."""

    @property
    def differs(self) -> bool:
        """Whether any other run differs."""
        return any(differs for _, differs in self.beside)


def environment_facts(run: Run, beside: Sequence[Run]) -> list[Fact]:
    """Return all facts known of any of the runs, in order."""
    mine, *others = [_facts(each) for each in (run, *beside)]
    names = dict.fromkeys(name for facts in (mine, *others) for name in facts)
    return [
        Fact(
            what=printable(name),
            value=mine.get(name, ""),
            beside=tuple((each.get(name, ""), each.get(name) != mine.get(name)) for each in others),
        )
        for name in names
    ]


def _facts(run: Run) -> dict[str, str]:
    """Return the known facts: the first interpreter in full, the others in one line each."""
    known = run.header.environments
    facts = facts_of(run.header, known[0] if known else None)
    facts |= {f"Python {each.label}": environment_text(each) for each in known[1:]}
    return {name: printable(value) for name, value in facts.items() if value}
