"""One group of cases that raced side by side: what disturbed it, and why it ended."""

from __future__ import annotations

from enum import StrEnum

from raceway.bounds import Amount, Nanoseconds, Seconds, Share, Size
from raceway.record.launch import Launch
from raceway.record.saved import Saved


class Grade(StrEnum):
    """How far the conditions of a group can be trusted; `?` means no evidence."""

    QUIET = "A"
    DISTURBED = "B"
    NOISY = "C"
    """Shown, but kept out of verdicts."""
    UNKNOWN = "?"


class Noise(Saved, frozen=True, kw_only=True):
    """What disturbed a group in one launch, as far as the system tells."""

    grade: Grade = Grade.UNKNOWN
    reasons: list[str] = []
    """Why the grade is not A."""
    parallel_capacity: Amount | None = None
    """Cores that really ran side by side when all usable ones were busy."""
    anchor_spread: Amount | None = None
    """Interquartile range over median of the reference loops in single-threaded lanes."""
    serial_cpu_share: Amount | None = None
    """CPU time over wall time of single-threaded computing lanes; 1 if never preempted."""
    pressure_share: Amount | None = None
    """Share of the time in which some process of the system waited for a CPU (PSI)."""
    steal_share: Amount | None = None
    """Share of the time that the hypervisor gave to other guests."""
    load: Amount | None = None
    """One-minute load average at the end of the group."""


class GroupResult(Saved, frozen=True, kw_only=True):
    """One group of one launch: a line of the journal."""

    id: str
    launch: Size
    started_at: str
    """UTC, ISO 8601."""
    wall_s: Seconds
    noise: Noise
    launches: dict[str, Launch]
    """By case id."""
    longest_task_share: Share | None = None
    """The longest task's share of the serial time, in the untimed reference pass."""
    parallel_anchors_ns: list[Nanoseconds] = []
    """The reference loop of all usable cores at once, timed after each turn."""
    cores_taken: list[Amount] = []
    """Cores that other programs took, the workload's server among them, turn by turn.

    Empty if unknown, as under a quota of CPU time that is less than the cores.
    """
    phases_s: dict[str, Seconds] = {}
    """How long each of its phases took, by name, for tools/phases.py."""


class Ending(StrEnum):
    """Why a group stopped racing."""

    ANSWERED = "answered"
    """No question was open any more."""
    LAST_LOOK = "last look"
    """A question was open after the most launches allowed."""
    OUT_OF_TIME = "out of time"
    """A question was open, but the budget left no time for another launch."""
    LEFT_OUT = "left out"
    """The budget was too small for enough launches of all sizes."""


class GroupEnd(Saved, frozen=True, kw_only=True):
    """The look at which a group ended, and its confidence."""

    id: str
    launches: Size
    """The group's launches up to then."""
    confidence: Share
    """Confidence of the intervals at that look, which are also shown: 0.975 at a first look."""
    why: Ending
    reason: str = ""
    """The same in words, if it needs an explanation."""
