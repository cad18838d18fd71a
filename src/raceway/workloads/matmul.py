"""Products of square fp32 matrices with torch: large computations outside the interpreter."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from torch import Tensor

TASKS = {256: 16, 512: 8, 1_024: 4, 2_048: 2, 4_096: 1, 10_000: 1, 16_384: 1}
"""Number of products in one pass by matrix size; fewer for the larger ones."""
UNIT_ROUNDOFF = 2.0**-24
"""fp32's."""
FREIVALDS_BOUND = 256.0
"""Largest residual over n·u accepted as rounding, for entries of order 1: fp32 gives 10 to 20,
bf16 in disguise 150,000."""
TRACE_BOUND = 1e-5
"""Largest accepted error of a trace over n: rounding gives up to 4e-7, TF32 in disguise 5e-4."""


@cache
def operands(size: int, device: str) -> tuple[Tensor, Tensor]:
    """Return two random matrices, (size, size) fp32, the same in every process."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    torch.set_float32_matmul_precision("highest")
    generator = torch.Generator().manual_seed(size)
    left, right = torch.randn(2, size, size, generator=generator).to(device)
    return left, right


@cache
def output(task: tuple[int, int], device: str) -> Tensor:
    """Return the task's own result buffer, so that tasks can run in parallel."""
    import torch  # noqa: PLC0415

    return torch.empty(task[0], task[0], device=device)


def multiply(task: tuple[int, int], device: str) -> Any:
    """Multiply the matrices of `task` = (size, number); return the trace of the product.

    On a GPU the trace stays a tensor there, so that nothing waits for the queue.
    """
    import torch  # noqa: PLC0415

    left, right = operands(task[0], device)
    product = torch.mm(left, right, out=output(task, device))
    trace = product.trace()
    return trace if trace.is_cuda else trace.item()


@cache
def expected_trace(task: tuple[int, int]) -> tuple[float, float]:
    """Return the trace in fp64, from n² products instead of n³, and the allowed error."""
    left, right = operands(task[0], "cpu")
    return float((left.double() * right.double().T).sum()), TRACE_BOUND * task[0]


def within_rounding(trace: float, expected: tuple[float, float]) -> bool:
    """Whether a trace differs from the expected one by rounding alone."""
    return abs(trace - expected[0]) <= expected[1]


def freivalds(task: tuple[int, int], device: str) -> Any:
    """Verify every element of the product against A(Bx), x of ±1, in fp64 (Freivalds, 1977).

    The buffer is filled with NaN first, so that an element never written is found.
    """
    import torch  # noqa: PLC0415

    left, right = operands(task[0], device)
    product = output(task, device).fill_(float("nan"))
    multiply(task, device)
    signs = torch.randint(0, 2, (task[0],), device=device, dtype=torch.float64) * 2 - 1
    residual = left.double() @ (right.double() @ signs) - product.double() @ signs
    right_one = residual.abs().max() <= FREIVALDS_BOUND * task[0] * UNIT_ROUNDOFF
    return right_one if right_one.is_cuda else bool(right_one)


WORKLOAD = Workload(
    summary="torch.mm of random fp32 matrices",
    kind=Kind.TENSOR,
    task=multiply,
    expected=expected_trace,
    agrees=within_rounding,
    audit=freivalds,
    flops=lambda task: 2.0 * task[0] ** 3,
    moved_bytes=lambda task: 3.0 * 4 * task[0] ** 2,
    resident_bytes=lambda task: 3.0 * 4 * task[0] ** 2,
    capturable=True,
    requires=("torch",),
    extra="torch",
    sizes={
        str(size): tuple((size, number) for number in range(tasks)) for size, tasks in TASKS.items()
    },
    size_scopes={"2048": Scope.FULL},
)
