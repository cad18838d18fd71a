"""Duels of a gate whose times the test says; nothing is checked out and nothing raced."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, TypeAlias

from raceway.plan.selection import parse_interpreter
from raceway.record import Commit
from raceway.regression.revisions import Tree
from raceway.session.lineup import Lineup
from raceway.session.session import Session
from support.saved import Passes, measured_groups

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

    from raceway.measure.group.plan import Spectator, Wanted
    from raceway.session.options import Options

Duelled: TypeAlias = Callable[[Passes], None]

BEFORE_S = 0.010
STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)


def on_both_sides(surveyed: Lineup, options: Options) -> Lineup:
    """Return what was surveyed once for each interpreter that options name."""
    if not options.interpreters:
        return replace(surveyed, options=options)
    (known,) = surveyed.interpreters
    labels = [parse_interpreter(option)[0] for option in options.interpreters]
    cases = [
        replace(entrant, case=replace(entrant.case, interpreter=label))
        for entrant in surveyed.entrants.values()
        for label in labels
    ]
    return replace(
        surveyed,
        options=options,
        interpreters=[replace(known, label=label) for label in labels],
        entrants={entrant.case.id: entrant for entrant in cases},
    )


def both_sides(now: Passes) -> Passes:
    """Return what a duel measures: the baseline's ten milliseconds beside what stands here."""
    before = {case: [BEFORE_S * STEADY[at % 5] for at in range(len(each))]
              for case, each in now.items()}  # fmt: skip
    return {
        f"{case}@{label}": passes
        for label, side in (("baseline", before), ("now", now))
        for case, passes in side.items()
    }


def let_duels_measure(surveyed: Lineup, folder: Path, patch: pytest.MonkeyPatch) -> Duelled:
    """Return a function that says what stands here takes in a duel from now on."""

    @contextmanager
    def trees(baseline: Commit, _: Options) -> Iterator[tuple[Tree, Tree]]:
        yield Tree("baseline", folder, {}, baseline), Tree("now", folder, {}, Commit())

    def say(now: Passes) -> None:
        def race(
            self: Session, *_: Spectator, wanted: Wanted | None = None, most_s: float = inf
        ) -> None:
            assert wanted
            assert most_s < inf
            for launch in range(max(map(len, now.values()))):
                if not wanted(launch):
                    break
                for group in measured_groups(both_sides(now), launch):
                    self.finished_group(group)

        patch.setattr(Session, "race", race)
        patch.setattr("raceway.regression.gate.against_here", trees)
        patch.setattr(Lineup, "assemble", lambda options: on_both_sides(surveyed, options))

    return say
