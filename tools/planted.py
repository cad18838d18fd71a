"""A workload with a slowdown planted in it: PLANTED=1.05 makes every task 5 % longer.

Raced by tools/proof.py to learn how many real slowdowns duels and gates find.
"""

from __future__ import annotations

import os

from raceway.case import Kind, Workload

FACTOR = float(os.environ.get("PLANTED", "1"))
STEPS = 100


def spin(sweeps: int) -> int:
    """Run so many sweeps of bytecode, the planted ones on top, and return how many were asked."""
    for _ in range(round(sweeps * FACTOR)):
        for _ in range(STEPS):
            pass
    return sweeps


def same(sweeps: int) -> int:
    """Return the right answer."""
    return sweeps


WORKLOAD = Workload(
    summary="bytecode with a slowdown planted in it",
    kind=Kind.CPU,
    task=spin,
    expected=same,
    sizes={"2ms": (1_600,) * 2, "5ms": (2_000,) * 4, "20ms": (4_000,) * 8},
)
