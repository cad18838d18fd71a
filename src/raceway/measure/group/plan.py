"""The plan of a race, its progress, and its spectators."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Protocol

from raceway.case import Family

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from raceway.plan.catalogue import Catalogue
    from raceway.plan.profile import Profile
    from raceway.plan.selection import Entrant, Interpreter
    from raceway.record import GroupResult, Peak

    Wanted = Callable[[int], Collection[str]]
    """From a launch to the groups it should race."""
    LeftOut = Callable[[str], None]

COLD_LAUNCHES = 2
COLD_LAUNCHES_OF_INTERPRETERS = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides how a race goes."""

    entrants: Sequence[Entrant]
    """Those that race, not the skipped and computed ones."""
    interpreters: Sequence[Interpreter]
    catalogue: Catalogue
    profile: Profile
    usable_cores: int
    group_timeout_s: float
    finished: Collection[tuple[str, int]] = ()
    """(group, launch) pairs that an interrupted run measured already."""
    sides: bool = False
    """Whether interpreters are the sides of a duel, and must give the first one's answers."""
    wanted: Wanted | None = None
    """Called before each launch for the groups it races; none ends the race."""
    most_s: float = inf
    """Wall-clock seconds that `wanted` will not let the race exceed by much."""
    end_s: float = inf
    """The deadline of the race on the monotonic clock; sizes that do not fit are left out."""
    left_out: LeftOut = lambda name: None  # noqa: ARG005, RUF100 (nobody needs to know)
    """Called with each group that does not fit."""

    def groups(self) -> dict[str, list[Entrant]]:
        """Return the entrants by group, in the order planned."""
        groups: dict[str, list[Entrant]] = {}
        for entrant in self.entrants:
            groups.setdefault(entrant.case.group, []).append(entrant)
        return groups

    def groups_of(self, launch: int) -> list[str]:
        """Return the groups that a launch should race, in the order planned."""
        return list(self.groups() if self.wanted is None else self.wanted(launch))

    @property
    def cold_launches(self) -> int:
        """The launches that open models one after the other, to measure their cold starts.

        Reports show a usual one. Where interpreters are compared, the ratio has an interval, which
        takes another. Duels need none; but in the first launch single tasks are timed.
        """
        if self.sides:
            return 1
        models = {entrant.case.model for entrant in self.entrants}
        families = {self.catalogue.models[name].family for name in models}
        compared = len(self.interpreters) > 1 or Family.INTERPRETERS in families
        return COLD_LAUNCHES_OF_INTERPRETERS if compared else COLD_LAUNCHES


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a race."""

    launch: int
    launches: int
    group: str
    groups_done: int
    groups: int
    cases: int
    left_s: float | None = None
    """The time left; None if unknown."""
    what: str = "group"
    """What is counted."""


class Spectator(Protocol):
    """Watches a race, as the journal and the progress bar do."""

    def started(self, progress: Progress) -> None:
        """Handle the start of a group."""

    def finished(self, result: GroupResult) -> None:
        """Handle the end of a group; exceptions end the race."""

    def peaked(self, peaks: list[Peak]) -> None:
        """Handle the peaks of devices."""
