"""Pairs cases by the turns in which the cores were free.

While another program computes, a case on several cores has fewer of them, and a turn tells what
that program did rather than what the model can do. How much others took is read beside the rounds,
so that leaving turns out by it does not favour either side of a pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.timing import LaunchTime, Timing
from raceway.case import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from raceway.record import Record, Run

TAKEN = 0.2
"""Cores that others may take in a turn. A program that computes takes most of one, the services of
an idle system a twentieth."""
FEWEST_LAUNCHES = 2
"""With free turns in fewer launches, all turns count."""

FreeTurns = dict[str, dict[int, set[int]]]
"""The free turns of each launch by group, for launches in which it is known."""


def free_turns(run: Run) -> FreeTurns:
    """Return the turns in which others took hardly any of the cores."""
    found: FreeTurns = {}
    for group in run.groups:
        if group.cores_taken:
            free = {turn for turn, taken in enumerate(group.cores_taken) if taken < TAKEN}
            found.setdefault(group.id, {})[group.launch] = free
    return found


def on_free_turns(
    record: Record, timing: Timing, known: Mapping[int, Collection[int]] | None
) -> Timing:
    """Return the times of the free turns, for comparing cases of a group turn by turn.

    Waiting hardly needs cores, so all its turns count; so do all if few launches have free ones.
    """
    if not known or record.kind == Kind.IO:
        return timing
    kept = {
        index: free
        for index, launch in timing.launches.items()
        if (free := _free(launch, known.get(index)))
    }
    return timing if len(kept) < FEWEST_LAUNCHES else Timing(kept, timing.computed_s)


def _free(launch: LaunchTime, turns: Collection[int] | None) -> LaunchTime | None:
    """Return a launch's free turns, all if unknown; None if none was free."""
    if turns is None:
        return launch
    by_turn_s = {turn: each for turn, each in launch.by_turn_s.items() if turn in turns}
    return LaunchTime(launch.pass_s, by_turn_s) if by_turn_s else None
