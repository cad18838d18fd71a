"""A chain of element-wise operations (GELU, written out), which a compiler can fuse into one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

TASKS = {2**20: 32, 2**25: 1}
"""Number of tensors in one pass by their numbers: 256 MiB in and out, beyond any cache."""
SAMPLES = 64
"""Numbers that are added up as the answer of every round."""
FP32_BYTES = 4
OPERATIONS = 9
"""Of one number: six products, two sums, and tanh."""
TOLERANCE = 1e-5
"""Largest accepted error of a number; entries are of order 1, fp32 gives up to 1e-6."""


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


def gelu(numbers: Tensor) -> Tensor:
    """Return the Gaussian error linear unit by its tanh formula (Hendrycks and Gimpel, 2016)."""
    cubed = 0.044715 * numbers * numbers * numbers
    return 0.5 * numbers * (1.0 + (0.7978845608028654 * (numbers + cubed)).tanh())


def kernel(numbers: Tensor, results: Tensor) -> Tensor:
    """Write the results, and return the sum of some of them."""
    results.copy_(gelu(numbers))
    return results.view(SAMPLES, -1).select(1, 0).sum()


def inputs(task: tuple[int, int], device: str) -> tuple[Tensor, Tensor]:
    """Return what the kernel reads and where it writes."""
    return source(task, device), target(task, device)


def activate(task: tuple[int, int], device: str) -> Any:
    """Apply GELU to the tensor of `task` = (numbers, number of the tensor)."""
    total = kernel(*inputs(task, device))
    return total if total.is_cuda else total.item()


@cache
def expected_sum(task: tuple[int, int]) -> float:
    """Return the sum of the samples in fp64."""
    return float(gelu(source(task, "cpu")[:: task[0] // SAMPLES].double()).sum())


def within_rounding(total: float, expected: float) -> bool:
    """Whether a sum of samples differs by rounding alone."""
    return abs(total - expected) <= TOLERANCE * SAMPLES


def every_number(task: tuple[int, int], device: str, kernel: Callable[..., Any] = kernel) -> Any:
    """Compare all results of a kernel with those in fp64.

    The buffer is filled with NaN first, so that a number never written is found.
    """
    numbers, results = inputs(task, device)
    results.fill_(float("nan"))
    kernel(numbers, results)
    right_one = (results - gelu(numbers.double())).abs().max() <= TOLERANCE
    return right_one if right_one.is_cuda else bool(right_one)


WORKLOAD = Workload(
    summary="a chain of element-wise operations on fp32 tensors",
    kind=Kind.TENSOR,
    task=activate,
    expected=expected_sum,
    agrees=within_rounding,
    audit=every_number,
    flops=lambda task: float(OPERATIONS * task[0]),
    moved_bytes=lambda task: 2.0 * FP32_BYTES * task[0],
    resident_bytes=lambda task: 16.0 * FP32_BYTES * task[0],  # temporaries, and the audit's fp64
    kernel=kernel,
    inputs=inputs,
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
