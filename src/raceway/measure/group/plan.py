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

    wanted: Wanted | None = None
    """Asked before each launch which groups it races; none ends the race."""
    most_s: float = inf
    """Wall-clock seconds that `wanted` will not let the race exceed by much."""

    def groups(self) -> dict[str, list[Entrant]]:
        """Return the entrants by group, in the order planned."""
        groups: dict[str, list[Entrant]] = {}
        for entrant in self.entrants:
            groups.setdefault(entrant.case.group, []).append(entrant)
        return groups

    def groups_of(self, launch: int) -> list[str]:
        """Return the groups that a launch is to race, in the order planned."""
        names = self.groups() if self.wanted is None else self.wanted(launch)
        return [name for name in names if (name, launch) not in self.finished]

    def groups_after(self, launch: int, usual: int) -> int:
        """Return how many groups later launches hold, `usual` in each where nobody knows yet."""
        later = range(launch + 1, self.profile.launches)
        if self.wanted is not None:
            return usual * len(later)
        return sum(len(self.groups_of(each)) for each in later)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the race is."""

    launch: int
    launches: int
    group: str
    groups_done: int
    groups: int
    cases: int
    elapsed_s: float
    most_s: float = inf

    @property
    def left_s(self) -> float | None:
        """Return the time left at the pace so far; None before there is one."""
        if not self.groups_done:
            return None
        at_this_pace_s = self.elapsed_s / self.groups_done * (self.groups - self.groups_done)
        return min(at_this_pace_s, max(0.0, self.most_s - self.elapsed_s))


class Spectator(Protocol):
    """Whoever watches the race; the journal is one, the progress bar another."""

    def started(self, progress: Progress) -> None:
        """See that a group begins."""

    def finished(self, result: GroupResult) -> None:
        """See that a group has ended; whatever this raises ends the race."""

    def peaked(self, peaks: list[Peak]) -> None:
        """See what the devices can do."""
