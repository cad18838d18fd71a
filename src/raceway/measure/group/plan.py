"""What a race is to do, how far it is, and who watches."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from raceway.plan.catalogue import Catalogue
    from raceway.plan.profile import Profile
    from raceway.plan.selection import Entrant, Interpreter
    from raceway.record import GroupResult, Peak

    Wanted = Callable[[int], Collection[str]]
    """Tells the groups a launch is to race."""
    LeftOut = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides how a race goes."""

    entrants: Sequence[Entrant]
    """Those that race; the skipped and the computed are no concern of the track."""
    interpreters: Sequence[Interpreter]
    catalogue: Catalogue
    profile: Profile
    usable_cores: int
    group_timeout_s: float
    finished: Collection[tuple[str, int]] = ()
    """(group, launch) that an interrupted run has measured already."""

    sides: bool = False
    """Whether interpreters are the sides of a duel, and must give the first one's answers."""
    wanted: Wanted | None = None
    """Asked before each launch which groups it races; none ends the race."""
    most_s: float = inf
    """Wall-clock seconds that `wanted` will not let the race exceed by much."""
    end_s: float = inf
    """The moment, by the monotonic clock, at which the race must be over: sizes go if need be."""
    left_out: LeftOut = lambda name: None  # noqa: ARG005, RUF100 (nobody needs to know)
    """Told which groups the time does not hold."""

    def groups(self) -> dict[str, list[Entrant]]:
        """Return the entrants by group, in the order planned."""
        groups: dict[str, list[Entrant]] = {}
        for entrant in self.entrants:
            groups.setdefault(entrant.case.group, []).append(entrant)
        return groups

    def groups_of(self, launch: int) -> list[str]:
        """Return the groups that a launch is to race, in the order planned."""
        return list(self.groups() if self.wanted is None else self.wanted(launch))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the race is."""

    launch: int
    launches: int
    group: str
    groups_done: int
    groups: int
    cases: int
    left_s: float | None = None
    """The time left; None while it is not known."""


class Spectator(Protocol):
    """Whoever watches the race; the journal is one, the progress bar another."""

    def started(self, progress: Progress) -> None:
        """See that a group begins."""

    def finished(self, result: GroupResult) -> None:
        """See that a group has ended; whatever this raises ends the race."""

    def peaked(self, peaks: list[Peak]) -> None:
        """See what the devices can do."""
