"""How fast each core is around a lane's rounds: a short loop on one core after another.

The cores of a shared machine change their speed by half, each on its own, for tenths of a second.
Cases that take turns meet different speeds, and their ratios scatter by that, unless they are
compared at an even speed (`raceway.analysis.run.even_speed`).
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from time import thread_time_ns
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_CORES = 16
"""With more, the loops would take too much of the race."""
SWEEPS = 25
STEPS = 100
"""About 0.1 ms in all."""
WARM_SWEEPS = 15
"""Untimed, since what ran before has emptied the core's caches."""
DIVISOR = 7


@dataclass(slots=True)
class CoreLoops:
    """Times the loop on each core, again and again; on none where that is not possible."""

    cores: tuple[int, ...] = ()
    before_ns: Mapping[int, int] = field(default_factory=dict)
    """By core, the last time but one."""
    after_ns: Mapping[int, int] = field(default_factory=dict)
    """The last time."""

    @classmethod
    def here(cls) -> CoreLoops:
        """Return those of this process: none where a thread cannot choose its core, or on many."""
        try:
            cores = tuple(sorted(os.sched_getaffinity(0)))
            os.sched_setaffinity(0, cores)
        except (AttributeError, OSError):  # not Linux, or forbidden
            return cls()
        return cls(cores if len(cores) <= MOST_CORES else ())

    def time(self) -> None:
        """Time the loop on each core, in CPU time: what others take of a core is told elsewhere.

        If that was forbidden meanwhile, nothing is known.
        """
        self.cores = self.cores[::-1]  # so that none always comes last
        self.before_ns, self.after_ns = self.after_ns, {}
        times_ns = {}
        try:
            for core in self.cores:
                os.sched_setaffinity(0, (core,))
                sweep(WARM_SWEEPS)
                start_ns = thread_time_ns()
                sweep(SWEEPS)
                times_ns[core] = thread_time_ns() - start_ns
        except OSError:
            return
        finally:
            self.release()
        self.after_ns = times_ns

    def release(self) -> None:
        """Let this thread use all cores again; if none of them is allowed any more, others."""
        with suppress(OSError):
            if self.cores:
                os.sched_setaffinity(0, self.cores)

    def around(self, core: int | None) -> tuple[int, list[int]] | None:
        """Return the place of the core that a lane ran on, and the mean of the last two times.

        Places are in the order of the cores' numbers; None if anything is unknown.
        """
        known = sorted(self.before_ns.keys() & self.after_ns.keys())
        if core not in known:
            return None
        means_ns = [(self.before_ns[each] + self.after_ns[each]) // 2 for each in known]
        return known.index(core), means_ns


def sweep(sweeps: int) -> None:
    """Run the loop; all its numbers are small ones that the interpreter caches."""
    for _ in range(sweeps):
        hits = 0
        for step in range(STEPS):
            if step % DIVISOR == 0:
                hits += 1
