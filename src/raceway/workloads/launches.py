"""Kernels that do next to nothing: what it costs to launch one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from torch import Tensor

COUNTS = (10, 100, 1_000)
"""Number of kernels in one pass."""
MOST = max(COUNTS)


@cache
def cells(device: str) -> tuple[Tensor, ...]:
    """Return a place for one number per kernel, as tensors of their own."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    return tuple(torch.zeros(MOST, device=device).unbind())


def write(number: int, device: str) -> Any:
    """Launch a kernel that writes a number into its cell; return the cell."""
    cell = cells(device)[number].fill_(number + 1)
    return cell if cell.is_cuda else cell.item()


def written(number: int) -> float:
    """Return the number that is written."""
    return number + 1.0


def written_anew(number: int, device: str) -> Any:
    """Empty the cell, write, and compare."""
    cells(device)[number].fill_(-1.0)
    write(number, device)
    right_one = cells(device)[number] == number + 1
    return right_one if right_one.is_cuda else bool(right_one)


WORKLOAD = Workload(
    summary="kernels that write one number each",
    kind=Kind.TENSOR,
    task=write,
    expected=written,
    audit=written_anew,
    resident_bytes=lambda _: 4.0,
    capturable=True,
    device_scopes={"cpu": Scope.FULL, "cuda": Scope.DEFAULT},
    size_scopes=dict.fromkeys(("10", "100"), Scope.FULL),
    requires=("torch",),
    extra="torch",
    sizes={str(count): tuple(range(count)) for count in COUNTS},
)
