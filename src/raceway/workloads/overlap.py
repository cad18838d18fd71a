"""Matrices copied to a GPU, multiplied there, and copied back: what overlaps, and what waits."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from torch import Tensor

TASKS = {512: 16, 2_048: 8}
"""Number of products in one pass by matrix size."""
FP32_BYTES = 4
TRACE_BOUND = 1e-5
"""Largest accepted error of a trace over n: rounding gives up to 4e-7, TF32 in disguise 5e-4."""
TOLERANCE = 1e-4
"""Largest accepted error of an element over √n."""
Task = tuple[int, int]
"""Matrix size, number of the product."""


@cache
def on_host(task: Task) -> tuple[Tensor, Tensor]:
    """Return a task's random matrix in pinned memory, and where its product goes."""
    import torch  # noqa: PLC0415 (an extra: imported where it is needed)

    size, number = task
    generator = torch.Generator().manual_seed(size + number)
    matrix = torch.randn(size, size, generator=generator)
    return matrix.pin_memory(), torch.empty_like(matrix).pin_memory()


@cache
def on_device(task: Task, device: str) -> tuple[Tensor, Tensor]:
    """Return a task's own buffers on the device, for its matrix and the product."""
    import torch  # noqa: PLC0415

    size, _ = task
    return torch.empty(size, size, device=device), torch.empty(size, size, device=device)


@cache
def factor(size: int, device: str) -> Tensor:
    """Return the matrix that all are multiplied by, which stays on the device."""
    import torch  # noqa: PLC0415

    torch.set_float32_matmul_precision("highest")
    generator = torch.Generator().manual_seed(size)
    return torch.randn(size, size, generator=generator).to(device)


def there_and_back(task: Task, device: str) -> Any:
    """Queue copy, product, trace and copy; return the trace, which stays on the device."""
    import torch  # noqa: PLC0415

    matrix, result = on_host(task)
    here, product = on_device(task, device)
    here.copy_(matrix, non_blocking=True)
    torch.mm(here, factor(task[0], device), out=product)
    trace = product.trace()
    result.copy_(product, non_blocking=True)
    return trace


@cache
def expected_trace(task: Task) -> tuple[float, float]:
    """Return the trace in fp64, and the allowed error."""
    matrix, _ = on_host(task)
    trace = float((matrix.double() * factor(task[0], "cpu").double().T).sum())
    return trace, TRACE_BOUND * task[0]


def within_rounding(trace: float, expected: tuple[float, float]) -> bool:
    """Whether a trace differs from the expected one by rounding alone."""
    return abs(trace - expected[0]) <= expected[1]


def every_element(task: Task, device: str) -> bool:
    """Compare what came back, over NaN, with the product in fp64."""
    import torch  # noqa: PLC0415

    matrix, result = on_host(task)
    result.fill_(float("nan"))
    for buffer in on_device(task, device):
        buffer.fill_(float("nan"))
    there_and_back(task, device)
    torch.cuda.synchronize(device)
    right = matrix.to(device).double() @ factor(task[0], device).double()
    error = (result.to(device).double() - right).abs().max()
    return bool(error <= TOLERANCE * task[0] ** 0.5)


WORKLOAD = Workload(
    summary="fp32 matrices copied to a GPU, multiplied, and copied back",
    kind=Kind.TENSOR,
    task=there_and_back,
    expected=expected_trace,
    agrees=within_rounding,
    audit=every_element,
    flops=lambda task: 2.0 * task[0] ** 3,
    to_device_bytes=lambda task: float(FP32_BYTES * task[0] ** 2),
    from_device_bytes=lambda task: float(FP32_BYTES * task[0] ** 2),
    resident_bytes=lambda task: 8.0 * FP32_BYTES * task[0] ** 2,
    devices=frozenset({"cuda"}),
    device_scopes={"cuda": Scope.DEFAULT},
    size_scopes={"512": Scope.FULL},
    requires=("torch",),
    extra="torch",
    sizes={
        str(size): tuple((size, number) for number in range(tasks)) for size, tasks in TASKS.items()
    },
)
