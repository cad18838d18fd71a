"""Copies between the host and a GPU: pinned memory against pageable, both ways."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from torch import Tensor

MIB = 2**20
SIZES = {1: 16, 64: 2}
"""Number of copies in one pass by MiB."""
WAYS = ("to-pinned", "from-pinned", "to-pageable", "from-pageable")
Task = tuple[str, int, int]
"""Way, bytes, number of the copy."""


@cache
def source(task: Task, device: str) -> Tensor:
    """Return the random fp32 tensor that is copied, the same in every process."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    way, size_bytes, number = task
    generator = torch.Generator().manual_seed(size_bytes + number)
    content = torch.randn(size_bytes // 4, generator=generator)
    if way.startswith("from"):
        return content.to(device)
    return content.pin_memory() if way.endswith("pinned") else content


@cache
def target(task: Task, device: str) -> Tensor:
    """Return the task's own buffer that is copied to."""
    import torch  # noqa: PLC0415

    way, size_bytes, _ = task
    if way.startswith("to"):
        return torch.empty(size_bytes // 4, device=device)
    buffer = torch.empty(size_bytes // 4)
    return buffer.pin_memory() if way.endswith("pinned") else buffer


@cache
def last(task: Task, device: str) -> Tensor:
    """Return a view of the last number of the target; read when the copy is done."""
    return target(task, device).select(0, -1)


def copy(task: Task, device: str) -> Any:
    """Queue a copy, and return the last number copied, where it lies."""
    target(task, device).copy_(source(task, device), non_blocking=True)
    return last(task, device)


@cache
def expected_number(task: Task) -> float:
    """Return the last number of the source."""
    return float(source(("to-pageable", *task[1:]), "cpu")[-1])


def every_number(task: Task, device: str) -> Any:
    """Copy over NaN, wait, and compare every number."""
    import torch  # noqa: PLC0415

    target(task, device).fill_(float("nan"))
    copy(task, device)
    torch.cuda.synchronize(device)
    return bool(torch.equal(target(task, device).cpu(), source(task, device).cpu()))


WORKLOAD = Workload(
    summary="copies between host and GPU, of pinned and of pageable memory",
    kind=Kind.TENSOR,
    task=copy,
    expected=expected_number,
    audit=every_number,
    to_device_bytes=lambda task: float(task[1]) if task[0].startswith("to") else 0.0,
    from_device_bytes=lambda task: float(task[1]) if task[0].startswith("from") else 0.0,
    resident_bytes=lambda task: float(task[1]),
    devices=frozenset({"cuda"}),
    device_scopes={"cuda": Scope.DEFAULT},
    size_scopes={f"{way}-1MiB": Scope.FULL for way in WAYS},
    requires=("torch",),
    extra="torch",
    sizes={
        f"{way}-{size}MiB": tuple((way, size * MIB, number) for number in range(copies))
        for way in WAYS
        for size, copies in SIZES.items()
    },
)
