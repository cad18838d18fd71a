"""Workload files that users bring along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from raceway.plan.catalogue import discover

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.plan.catalogue import Catalogue

TINY = """
from raceway.case import Kind, Workload

def double(number):
    return 2 * number

WORKLOAD = Workload(
    summary="doubling", kind=Kind.CPU, task=double, expected=double, sizes={"few": (1, 2, 3)}
)
"""
"""A workload that takes no time."""

NAP = """
import os
import time
from raceway.case import Kind, Workload

def nap(seconds):
    if "BROKEN" in os.environ:
        raise ValueError("broken on this side")
    time.sleep(float(os.environ.get("SLOWNESS", "1")) * seconds)
    return seconds

WORKLOAD = Workload(summary="napping", kind=Kind.IO, task=nap, sizes={"few": (0.004, 0.006)})
"""
"""A workload that waits as long as the environment says."""


class Bring(Protocol):
    """How tests bring a workload file along."""

    def __call__(self, source: str, name: str = ...) -> Catalogue:
        """Return the catalogue with the workload of this source."""


def discovered(folder: Path, source: str, name: str) -> Catalogue:
    """Write a workload file, and return the catalogue with it."""
    path = folder / f"{name}.py"
    path.write_text(f"from raceway import Kind, Workload\n{source}", encoding="utf-8")
    return discover([path])
