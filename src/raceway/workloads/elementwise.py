"""Numbers of tensors doubled: bound by memory, and by launches where tensors are small."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from torch import Tensor

TASKS = {2**16: 512, 2**20: 32, 2**25: 1}
"""Number of tensors in one pass by their numbers: 256 MiB in all, beyond any cache."""
SAMPLES = 64
"""Numbers that are added up as the answer of every round."""
FP32_BYTES = 4
TOLERANCE = 1e-4
"""Largest accepted error of the sum of samples."""


@cache
def source(task: tuple[int, int], device: str) -> Tensor:
    """Return the task's own random tensor of fp32, the same in every process."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    size, number = task
    generator = torch.Generator().manual_seed(size + number)
    return torch.randn(size, generator=generator).to(device)


@cache
def target(task: tuple[int, int], device: str) -> Tensor:
    """Return the task's own result buffer."""
    import torch  # noqa: PLC0415

    return torch.empty_like(source(task, device))


@cache
def samples(task: tuple[int, int], device: str) -> Tensor:
    """Return a view of some results, spread over the whole buffer."""
    return target(task, device).view(SAMPLES, -1).select(1, 0)


def double(task: tuple[int, int], device: str) -> Any:
    """Double the numbers of `task` = (numbers, number of the tensor); return a sum of samples."""
    import torch  # noqa: PLC0415

    torch.mul(source(task, device), 2.0, out=target(task, device))
    total = samples(task, device).sum()
    return total if total.is_cuda else total.item()


@cache
def expected_sum(task: tuple[int, int]) -> float:
    """Return the sum of the samples in fp64."""
    chosen = source(task, "cpu")[:: task[0] // SAMPLES]
    return 2.0 * float(chosen.double().sum())


def within_rounding(total: float, expected: float) -> bool:
    """Whether a sum of a few dozen numbers differs by rounding alone."""
    return abs(total - expected) <= TOLERANCE


def every_number(task: tuple[int, int], device: str) -> Any:
    """Compare all results with those of adding each number to itself, exactly.

    The buffer is filled with NaN first, so that a number never written is found.
    """
    numbers = source(task, device)
    results = target(task, device).fill_(float("nan"))
    double(task, device)
    right_one = (results == numbers + numbers).all()
    return right_one if right_one.is_cuda else bool(right_one)


WORKLOAD = Workload(
    summary="each number of fp32 tensors doubled",
    kind=Kind.TENSOR,
    task=double,
    expected=expected_sum,
    agrees=within_rounding,
    audit=every_number,
    flops=lambda task: float(task[0]),
    moved_bytes=lambda task: 2.0 * FP32_BYTES * task[0],
    resident_bytes=lambda task: 4.0 * FP32_BYTES * task[0],  # two more in the audit
    capturable=True,
    device_scopes={"cpu": Scope.FULL, "cuda": Scope.DEFAULT},
    size_scopes={"1024Ki": Scope.FULL},
    requires=("torch",),
    extra="torch",
    sizes={
        f"{size // 1024}Ki": tuple((size, number) for number in range(tasks))
        for size, tasks in TASKS.items()
    },
)
