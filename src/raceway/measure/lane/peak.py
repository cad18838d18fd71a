"""The peaks of a device, from which the limits of tensor work follow. Runs inside a lane."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MATRIX_SIZE = {"cpu": 2_048, "cuda": 8_192}
"""Large enough to be bound by arithmetic, small enough for well under a second."""
COPIED_BYTES = {"cpu": 2**28, "cuda": 2**30}
"""Beyond any cache."""
REPEATS = 5


def measured_peak(device: str, workers: int) -> dict[str, Any]:
    """Return operations per second of a large fp32 product, and bytes per second of a copy.

    A copy reads and writes each byte, so it counts twice. The best of a few repeats counts, since a
    peak is what the device can do.
    """
    import torch  # noqa: PLC0415 (an extra)

    kind = device.split(":", maxsplit=1)[0]
    if kind == "cpu":
        torch.set_num_threads(workers)
    size = MATRIX_SIZE[kind]
    left = torch.randn(size, size, device=device)
    product = torch.empty_like(left)
    product_s = best_s(lambda: torch.mm(left, left, out=product), device)
    source = torch.ones(COPIED_BYTES[kind] // 4, device=device)
    target = torch.empty_like(source)
    copy_s = best_s(lambda: target.copy_(source), device)
    return {
        "flops_per_s": 2.0 * size**3 / product_s,
        "bytes_per_s": 2.0 * COPIED_BYTES[kind] / copy_s,
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
