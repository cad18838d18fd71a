"""The peaks of a device, from which the limits of tensor work follow. Runs inside a lane."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MATRIX_SIZE = {"cpu": 2_048, "cuda": 8_192}
"""Large enough to be bound by arithmetic, small enough for well under a second."""
COPIED_BYTES = {"cpu": 2**28, "cuda": 2**30}
"""Beyond any cache."""
LINKED_BYTES = 2**28
"""Copied between host and device in one piece."""
REPEATS = 5


def measured_peaks(
    device: str, workers: int, precisions: Sequence[str], *, link: bool
) -> list[dict[str, Any]]:
    """Return the peaks of a device in each precision, and of the link to it if asked for.

    These are operations per second of a large product, and bytes per second of copies. A copy
    within the device reads and writes each byte, so it counts twice. The best of a few repeats
    counts, since a peak is what the device can do.
    """
    import torch  # noqa: PLC0415 (an extra)

    if kind_of(device) == "cpu":
        torch.set_num_threads(workers)
    speeds = {"bytes_per_s": copy_bytes_per_s(device), **(link_speeds(device) if link else {})}
    return [
        {"precision": name, "flops_per_s": product_flops_per_s(device, name), **speeds}
        for name in precisions
    ]


def kind_of(device: str) -> str:
    """Return the type of a device such as `cuda:1`."""
    return device.split(":", maxsplit=1)[0]


def product_flops_per_s(device: str, precision: str) -> float:
    """Return the operations per second of a large product of random matrices."""
    import torch  # noqa: PLC0415

    size = MATRIX_SIZE[kind_of(device)]
    torch.set_float32_matmul_precision("high" if precision == "tf32" else "highest")
    number = torch.bfloat16 if precision == "bf16" else torch.float32
    left = torch.randn(size, size, device=device).to(number)
    product = torch.empty_like(left)
    try:
        return 2.0 * size**3 / best_s(lambda: torch.mm(left, left, out=product), device)
    finally:
        torch.set_float32_matmul_precision("highest")


def copy_bytes_per_s(device: str) -> float:
    """Return the bytes per second that a copy within the device reads and writes."""
    import torch  # noqa: PLC0415

    size_bytes = COPIED_BYTES[kind_of(device)]
    source = torch.ones(size_bytes // 4, device=device)
    target = torch.empty_like(source)
    return 2.0 * size_bytes / best_s(lambda: target.copy_(source), device)


def link_speeds(device: str) -> dict[str, float]:
    """Return the bytes per second of copies of pinned memory, each way."""
    import torch  # noqa: PLC0415

    host = torch.ones(LINKED_BYTES // 4, pin_memory=True)
    there = torch.empty_like(host, device=device)
    to_s = best_s(lambda: there.copy_(host, non_blocking=True), device)
    from_s = best_s(lambda: host.copy_(there, non_blocking=True), device)
    return {
        "to_device_bytes_per_s": LINKED_BYTES / to_s,
        "from_device_bytes_per_s": LINKED_BYTES / from_s,
    }


def best_s(run: Callable[[], object], device: str) -> float:
    """Return the shortest of a few timings, synchronised with the device."""
    import torch  # noqa: PLC0415

    def wait() -> None:
        if device != "cpu":
            torch.cuda.synchronize(device)

    times_s = []
    for _ in range(REPEATS + 1):
        wait()
        start_s = time.perf_counter()
        run()
        wait()
        times_s.append(time.perf_counter() - start_s)
    return min(times_s[1:])
