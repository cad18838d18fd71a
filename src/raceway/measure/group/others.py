"""The cores that other programs took while a group raced, turn by turn.

From the CPU time of all programs on the cores of the race, without its own.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.measure.group.contender import Contender

STAT = Path("/proc/stat")
BUSY_FIELDS = (0, 1, 2, 5, 6)
"""user, nice, system, irq and softirq of a `cpuN` line, in clock ticks (proc(5))."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The CPU time of all programs on our cores, and of this process, at one moment."""

    wall_s: float
    busy_s: float
    own_s: float

    @classmethod
    def now(cls, usable_cores: int, stat: Path = STAT) -> Moment | None:
        """Read the clocks; None if unknown, or if our share of the cores is no whole number."""
        try:
            ours = {f"cpu{core}" for core in os.sched_getaffinity(0)}
            lines = map(str.split, stat.read_text(encoding="ascii").splitlines())
            cores = [fields for name, *fields in filter(None, lines) if name in ours]
            ticks = sum(int(core[place]) for core in cores for place in BUSY_FIELDS)
            busy_s = ticks / os.sysconf("SC_CLK_TCK")
        except (OSError, ValueError, IndexError, AttributeError):
            return None
        if len(cores) != usable_cores:
            return None
        return cls(time.monotonic(), busy_s, time.process_time())


@dataclass(slots=True)
class Others:
    """Watches what others take while contenders run their turns."""

    usable_cores: int
    contenders: Sequence[Contender]
    cores_taken: list[float] = field(default_factory=list)
    """Cores in each turn so far; it stops where nothing more is known."""

    @contextmanager
    def during(self, turn: int) -> Iterator[None]:
        """Note how many cores others take in a turn."""
        begun, before_s = Moment.now(self.usable_cores), self.raced_s()
        yield
        ended, after_s = Moment.now(self.usable_cores), self.raced_s()
        spent_s = None if before_s is None or after_s is None else after_s - before_s
        taken = cores_taken(begun, ended, spent_s)
        if taken is not None and len(self.cores_taken) == turn:
            self.cores_taken.append(round(taken, 3))

    def raced_s(self) -> float | None:
        """Return the CPU time of all rounds and reference loops so far; None if unknown."""
        loops_s = sum(sum(each.anchors_ns) for each in self.contenders) / 1e9
        known = [each.cpu_s for each in self.contenders if each.cpu_s is not None]
        return sum(known) + loops_s if len(known) == len(self.contenders) else None


def cores_taken(before: Moment | None, after: Moment | None, raced_s: float | None) -> float | None:
    """Return the cores that others took between two moments; None if unknown.

    `raced_s` is the CPU time of the race in between, besides this process.
    """
    if before is None or after is None or raced_s is None or after.wall_s <= before.wall_s:
        return None
    ours_s = raced_s + after.own_s - before.own_s
    others_s = after.busy_s - before.busy_s - ours_s
    return max(0.0, others_s) / (after.wall_s - before.wall_s)
