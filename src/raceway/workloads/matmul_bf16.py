"""Products of square bf16 matrices with torch, on the matrix units of CPUs and GPUs."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from torch import Tensor

TASKS = {256: 16, 1_024: 8, 4_096: 2, 8_192: 1, 16_384: 1}
"""Number of products in one pass by matrix size."""
UNIT_ROUNDOFF = 2.0**-8
"""bf16's, of 7 bits behind the point."""
TRACE_BOUND = 4.0
"""Largest accepted error of a trace over n·u: rounding gives up to 2."""
ELEMENT_BOUND = 16.0
"""Largest accepted error of an element over √n·u: rounding gives up to 6, fp8 in
disguise 45."""

BLOCK = 256
"""Rows taken to fp64 at a time."""


@cache
def operands(size: int, device: str) -> tuple[Tensor, Tensor]:
    """Return two random matrices, (size, size) bf16, the same in every process."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    generator = torch.Generator().manual_seed(size)
    left, right = torch.randn(2, size, size, generator=generator).to(device, torch.bfloat16)
    return left, right


@cache
def output(task: tuple[int, int], device: str) -> Tensor:
    """Return the task's own result buffer, so that tasks can run in parallel."""
    import torch  # noqa: PLC0415

    return torch.empty(task[0], task[0], device=device, dtype=torch.bfloat16)


def multiply(task: tuple[int, int], device: str) -> Any:
    """Multiply the matrices of `task` = (size, number); return the trace of the product.

    On a GPU the trace stays a tensor there, so that nothing waits for the queue.
    """
    import torch  # noqa: PLC0415

    left, right = operands(task[0], device)
    product = torch.mm(left, right, out=output(task, device))
    trace = product.diagonal().sum(dtype=torch.float32)
    return trace if trace.is_cuda else trace.item()


@cache
def expected_trace(task: tuple[int, int]) -> tuple[float, float]:
    """Return the trace in fp64, from n² products instead of n³, and the allowed error."""
    left, right = operands(task[0], "cpu")
    parts = (slice(start, start + BLOCK) for start in range(0, task[0], BLOCK))
    trace = sum(float((left[part].double() * right[:, part].double().T).sum()) for part in parts)
    return trace, TRACE_BOUND * task[0] * UNIT_ROUNDOFF


def within_rounding(trace: float, expected: tuple[float, float]) -> bool:
    """Whether a trace differs from the expected one by rounding alone."""
    return abs(trace - expected[0]) <= expected[1]


def every_element(task: tuple[int, int], device: str) -> Any:
    """Compare every element with the product in fp64.

    The buffer is filled with NaN first, so that an element never written is found.
    """
    left, right = operands(task[0], device)
    product = output(task, device).fill_(float("nan"))
    multiply(task, device)
    error = (product.double() - left.double() @ right.double()).abs().max()
    right_one = error <= ELEMENT_BOUND * task[0] ** 0.5 * UNIT_ROUNDOFF
    return right_one if right_one.is_cuda else bool(right_one)


WORKLOAD = Workload(
    summary="torch.mm of random bf16 matrices",
    kind=Kind.TENSOR,
    task=multiply,
    expected=expected_trace,
    agrees=within_rounding,
    audit=every_element,
    precision="bf16",
    flops=lambda task: 2.0 * task[0] ** 3,
    moved_bytes=lambda task: 3.0 * 2 * task[0] ** 2,
    resident_bytes=lambda task: (3.0 * 2 + 4.0 * 8) * task[0] ** 2,  # the audit's fp64, too
    capturable=True,
    device_scopes={"cpu": Scope.FULL, "cuda": Scope.DEFAULT},
    size_scopes=dict.fromkeys(("256", "1024", "16384"), Scope.FULL),
    requires=("torch",),
    extra="torch",
    sizes={
        str(size): tuple((size, number) for number in range(tasks)) for size, tasks in TASKS.items()
    },
)
