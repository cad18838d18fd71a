"""Workloads of tensors, and small tasks of each."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from raceway.case import Kind
from raceway.plan.catalogue import discover

if TYPE_CHECKING:
    from raceway.case import Workload

TENSOR = {name: work for name, work in discover().workloads.items() if work.kind is Kind.TENSOR}
NEW = {name: work for name, work in TENSOR.items() if name != "matmul"}
"""matmul has a file of its own."""
SMALL = {
    "matmul-tf32": (64, 0),
    "matmul-bf16": (64, 0),
    "elementwise": (2**10, 1),
    "pointwise": (2**10, 1),
    "launches": 3,
    "overlap": (32, 1),
}
"""A task of each workload that takes no time; batched-matmul and copies have several ways."""
TASKS = [
    *SMALL.items(),
    *(("batched-matmul", (how, 32, 0)) for how in ("loop", "bmm")),
    *(("copies", (f"{way}-{memory}", 4_096, 1))
      for way in ("to", "from") for memory in ("pinned", "pageable")),
]  # fmt: skip


def forget(name: str) -> None:
    """Empty the caches of a workload's module."""
    module = import_module(f"raceway.workloads.{name.replace('-', '_')}")
    for function in vars(module).values():
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def answer(work: Workload, task: Any, device: str = "cpu") -> float:
    """Return what a task answers."""
    return float(work.task(task, device=device))
