"""Many small products of fp32 matrices: a loop of torch.mm against one torch.bmm."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from torch import Tensor

COUNTS = {32: 2_048, 128: 256}
"""Number of products in one task by matrix size."""
TASKS = 4
UNIT_ROUNDOFF = 2.0**-24
"""fp32's."""
TRACE_BOUND = 256.0
"""Largest accepted error of a task's summed traces over n·√products·u."""
FREIVALDS_BOUND = 256.0
"""Largest residual over n·u accepted as rounding."""
Task = tuple[str, int, int]
"""`loop` or `bmm`, size of the matrices, number of the task."""


@cache
def operands(size: int, number: int, device: str) -> tuple[Tensor, Tensor]:
    """Return two random batches, (products, size, size) fp32, the same in every process."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    torch.set_float32_matmul_precision("highest")
    generator = torch.Generator().manual_seed(size + number)
    left, right = torch.randn(2, COUNTS[size], size, size, generator=generator).to(device)
    return left, right


@cache
def output(task: Task, device: str) -> Tensor:
    """Return the task's own result buffer, so that tasks can run in parallel."""
    import torch  # noqa: PLC0415

    return torch.empty_like(operands(*task[1:], device)[0])


@cache
def in_pairs(task: Task, device: str) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Return each product's operands and result as tensors of their own."""
    return list(zip(*operands(*task[1:], device), output(task, device), strict=True))


def multiply(task: Task, device: str) -> Any:
    """Multiply all pairs of the task; return the sum of the traces of the products."""
    import torch  # noqa: PLC0415

    product = output(task, device)
    if task[0] == "bmm":
        torch.bmm(*operands(*task[1:], device), out=product)
    else:
        for left, right, out in in_pairs(task, device):
            torch.mm(left, right, out=out)
    trace = product.diagonal(dim1=1, dim2=2).sum()
    return trace if trace.is_cuda else trace.item()


@cache
def expected_trace(task: Task) -> tuple[float, float]:
    """Return the sum of traces in fp64, and the allowed error."""
    left, right = operands(*task[1:], "cpu")
    trace = float((left.double() * right.double().mT).sum())
    return trace, TRACE_BOUND * task[1] * len(left) ** 0.5 * UNIT_ROUNDOFF


def within_rounding(trace: float, expected: tuple[float, float]) -> bool:
    """Whether a trace differs from the expected one by rounding alone."""
    return abs(trace - expected[0]) <= expected[1]


def freivalds(task: Task, device: str) -> Any:
    """Verify every product against A(Bx), x of ±1, in fp64 (Freivalds, 1977).

    The buffer is filled with NaN first, so that an element never written is found.
    """
    import torch  # noqa: PLC0415

    left, right = operands(*task[1:], device)
    product = output(task, device).fill_(float("nan"))
    multiply(task, device)
    signs = torch.randint(0, 2, (len(left), task[1], 1), device=device).double() * 2 - 1
    residual = left.double() @ (right.double() @ signs) - product.double() @ signs
    right_one = residual.abs().max() <= FREIVALDS_BOUND * task[1] * UNIT_ROUNDOFF
    return right_one if right_one.is_cuda else bool(right_one)


WORKLOAD = Workload(
    summary="many small fp32 products, one by one or by torch.bmm",
    kind=Kind.TENSOR,
    task=multiply,
    expected=expected_trace,
    agrees=within_rounding,
    audit=freivalds,
    flops=lambda task: 2.0 * COUNTS[task[1]] * task[1] ** 3,
    moved_bytes=lambda task: 3.0 * 4 * COUNTS[task[1]] * task[1] ** 2,
    resident_bytes=lambda task: (3.0 * 4 + 3.0 * 8) * COUNTS[task[1]] * task[1] ** 2,  # and fp64
    capturable=True,
    device_scopes={"cpu": Scope.FULL, "cuda": Scope.DEFAULT},
    size_scopes={f"128-{how}": Scope.FULL for how in ("loop", "bmm")},
    requires=("torch",),
    extra="torch",
    sizes={
        f"{size}-{how}": tuple((how, size, number) for number in range(TASKS))
        for size in COUNTS
        for how in ("loop", "bmm")
    },
)
