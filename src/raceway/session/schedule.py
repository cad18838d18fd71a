"""Decides which groups go on racing: looks at the results so far, and ends answered groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from raceway.analysis.run.questions import open_questions
from raceway.record import Ending, GroupEnd, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from raceway.plan.profile import Profile
    from raceway.record import GroupResult, Run


class Measuring(Protocol):
    """What the schedule needs of the session it belongs to."""

    groups: list[GroupResult]

    def run(self, status: Status) -> Run:
        """Return all that has been measured so far."""

    def ended_groups(self, ends: list[GroupEnd]) -> None:
        """Keep how some groups ended."""


class Schedule:
    """Chooses the groups of each launch, and notes at which look each one ended."""

    def __init__(self, session: Measuring, profile: Profile, groups: Sequence[str]) -> None:
        """Take the groups in the order planned."""
        self.session = session
        self.profile = profile
        self.groups = groups
        self.ended: set[str] = set()

    def wanted(self, launch: int) -> list[str]:
        """Return the groups to race in a launch, in the order planned, after a look if due."""
        if launch in self.profile.looks:
            asked = self.asked(launch)
            self.end([name for name in self.left() if name not in asked], Ending.ANSWERED)
        return self.left()

    def left(self) -> list[str]:
        """Return the groups that have not ended."""
        return [name for name in self.groups if name not in self.ended]

    def asked(self, launches: int) -> Collection[str]:
        """Return the groups with an open question after so many launches."""
        confidence = self.profile.confidence_at(launches)
        return open_questions(self.session.run(Status.INTERRUPTED), confidence)

    def left_out(self, name: str) -> None:
        """Note that a size does not fit in the budget."""
        reason = f"left out: does not fit in the budget of {self.profile.budget_s:g} s"
        self.end([name], Ending.LEFT_OUT, reason)

    def over(self) -> None:
        """End the remaining groups, after the last look or out of time."""
        launches, last = self.launches(), self.profile.launches
        full = [name for name in self.left() if launches.get(name, 0) >= last]
        if full:
            asked = self.asked(last)
            self.end([name for name in full if name not in asked], Ending.ANSWERED)
            self.end([name for name in full if name in asked], Ending.LAST_LOOK)
        for name in self.left():
            reason = "" if name in launches else "left out: the budget was spent before its turn"
            self.end([name], Ending.OUT_OF_TIME, reason)

    def end(self, names: Sequence[str], why: Ending, reason: str = "") -> None:
        """Note that some groups ended, why, and with which confidence."""
        launches = self.launches()
        self.ended.update(names)
        self.session.ended_groups(
            [
                GroupEnd(
                    id=name,
                    launches=(raced := launches.get(name, 0)),
                    confidence=self.profile.confidence_at(raced),
                    why=why,
                    reason=reason,
                )
                for name in names
            ]
        )  # fmt: skip

    def launches(self) -> dict[str, int]:
        """Return how many launches each group has had."""
        counts: dict[str, int] = {}
        for group in self.session.groups:
            counts[group.id] = counts.get(group.id, 0) + 1
        return counts
