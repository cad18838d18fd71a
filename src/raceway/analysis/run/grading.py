"""The bounds between quiet, disturbed and too noisy conditions.

They grade groups, during a race and after the run, and the check-up of a machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from raceway.record import Grade


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a value may go; if `disturbed` is the smaller bound, more is better."""

    quiet: float
    disturbed: float

    def grade(self, value: float) -> Grade:
        """Return the grade of a value; each bound belongs to the better grade."""
        sign = 1 if self.quiet <= self.disturbed else -1
        if sign * value <= sign * self.quiet:
            return Grade.QUIET
        return Grade.DISTURBED if sign * value <= sign * self.disturbed else Grade.NOISY


CAPACITY = Bounds(0.9, 0.75)
"""Share of the cores that must really run side by side."""
CPU_SHARE = Bounds(0.97, 0.9)
"""CPU time over wall time that single-threaded work must reach."""
SPREAD = Bounds(0.05, 0.15)
"""Spread of the times of one fixed piece of work (interquartile range over median)."""
STEAL = Bounds(0.01, 0.05)
"""Share of the time that may go to other guests of the hypervisor."""
