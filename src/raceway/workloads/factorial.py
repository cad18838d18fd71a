"""Factorials: C code that never releases the GIL."""

from __future__ import annotations

import math

from raceway.case import Kind, Workload

WORKLOAD = Workload(
    summary="math.factorial, C that holds the GIL",
    kind=Kind.CPU,
    task=math.factorial,
    expected=math.factorial,
    sizes={
        "seed": (3, 5, 10),
        "1000": (1_000,) * 64,
        "10000": (10_000,) * 16,
        "30000": (30_000,) * 4,
    },
)
