"""What a workload asks of the hardware, from which its limit follows.

Standard library only, since it travels into every lane.
"""

from __future__ import annotations

from dataclasses import dataclass

USUAL_PRECISION = "fp32"
"""That of tensor work which does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The least that one round of a workload asks of the hardware."""

    tasks: int
    waits_s: tuple[float, ...] = ()
    """Seconds each task waits without computing; empty if none does."""
    then_computes: bool = False
    """Whether each task, once it has waited, computes."""
    flops: float = 0.0
    """Floating-point operations of all tasks together."""
    moved_bytes: float = 0.0
    """Bytes that all tasks together must read or write at least once."""
    resident_bytes: float = 0.0
    """Bytes that must be in memory at the same time."""
    to_device_bytes: float = 0.0
    """Bytes that all tasks together copy from the host to a device."""
    from_device_bytes: float = 0.0
    """The same from a device to the host; both ways can be busy at once."""
    payload_bytes: float = 0.0
    """Bytes that all tasks together carry to their workers and back again."""
    precision: str = USUAL_PRECISION
    """That of the operations, whose peak is the limit: `fp32`, `tf32` or `bf16`."""

    @property
    def first_wait_s(self) -> float:
        """The least wait before anything is computed; 0 if tasks do not wait and then compute."""
        return min(self.waits_s, default=0.0) if self.then_computes else 0.0

    @property
    def is_tensor(self) -> bool:
        """Whether peaks of a device limit it."""
        return any((self.flops, self.moved_bytes, self.to_device_bytes, self.from_device_bytes))

    def shortest_wait_s(self, workers: int) -> float:
        """Return the shortest time in which `workers` can get through all waits.

        The largest of three lower bounds on the makespan of independent jobs: the longest job,
        the mean load, and for each k the k + 1 shortest of the k·m + 1 longest jobs, which must
        share a worker (Dell'Amico and Martello, ORSA Journal on Computing 7, 1995).
        """
        if not self.waits_s:
            return 0.0
        longest_first = sorted(self.waits_s, reverse=True)
        shared = (
            sum(longest_first[k * workers - k : k * workers + 1])
            for k in range(1, (len(longest_first) - 1) // workers + 1)
        )
        return max(longest_first[0], sum(longest_first) / workers, *shared, 0.0)
