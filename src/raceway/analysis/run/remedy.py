"""Why a group is unclear, and what would help: more launches, or an idle machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.run.payoff import MOST_LAUNCHES, Payoff, launches_to_tell, payoff_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.results import Result

IDLE = "measure again when the machine is idle"


@dataclass(frozen=True, slots=True)
class Remedy:
    """More launches of one group."""

    launches: int
    wall_s: float | None
    """Their expected duration; None if unknown."""


def remedy_of(
    contenders: Sequence[Result], unsure: Sequence[Result]
) -> tuple[tuple[str, ...], Remedy | None]:
    """Return the doubts, and the launches that would tell; None if they would not help."""
    launches = max((each.usage.launches for each in contenders), default=0)
    if launches == 1:
        return ("1 launch: no interval",), None
    if not unsure:
        return (), None
    case = unsure[0]
    withheld = _withheld(case)
    if withheld:
        return (withheld,), None
    remedy = _to_tell(case)
    hopeless = "" if remedy else f", and {MOST_LAUNCHES} launches would not tell"
    return (f"the interval is too wide{hopeless}",), remedy


def _withheld(case: Result) -> str:
    """Return why an answer is withheld that the interval alone would give; empty if none is."""
    match payoff_of(case.speedup):
        case Payoff.PAYS:
            return f"serial itself was kept waiting for a CPU: {IDLE}"
        case Payoff.AS_SERIAL:
            return f"only {case.bias.cores_ran:.2f} cores ran at once: {IDLE}"
        case _:
            return ""


def _to_tell(case: Result) -> Remedy | None:
    centre = case.over and case.peers.centre(case.over, case.record)
    needed = launches_to_tell(centre, case.error) if centre else None
    return _more(case, needed - centre.launches) if centre and needed else None


def _more(case: Result, launches: int) -> Remedy:
    wall_s = case.conditions.wall_s
    return Remedy(launches, None if wall_s is None else wall_s * launches)
