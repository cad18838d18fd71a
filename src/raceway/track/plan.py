"""What a race is to do, how far it is, and who watches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raceway.catalogue import Catalogue
    from raceway.profile import Profile
    from raceway.record import HeatResult, Peak
    from raceway.selection import Entrant, Interpreter


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides how a race goes."""

    entrants: Sequence[Entrant]
    """Those that race; the skipped and the computed are no concern of the track."""
    interpreters: Sequence[Interpreter]
    catalogue: Catalogue
    profile: Profile
    usable_cores: int
    heat_timeout_s: float
    finished: Collection[tuple[str, int]] = ()
    """(heat, launch) that an interrupted run has measured already."""

    def heats(self) -> dict[str, list[Entrant]]:
        """Return the entrants by heat, in the order planned."""
        heats: dict[str, list[Entrant]] = {}
        for entrant in self.entrants:
            heats.setdefault(entrant.case.heat, []).append(entrant)
        return heats


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the race is."""

    launch: int
    launches: int
    heat: str
    heats_done: int
    heats: int
    cases: int
    elapsed_s: float

    @property
    def left_s(self) -> float | None:
        """Return the time left at the pace so far; None before there is one."""
        if not self.heats_done:
            return None
        return self.elapsed_s / self.heats_done * (self.heats - self.heats_done)


class Spectator(Protocol):
    """Whoever watches the race; the journal is one, the progress bar another."""

    def started(self, progress: Progress) -> None:
        """See that a heat begins."""

    def finished(self, result: HeatResult) -> None:
        """See that a heat has ended; whatever this raises ends the race."""

    def peaked(self, peaks: list[Peak]) -> None:
        """See what the devices can do."""
