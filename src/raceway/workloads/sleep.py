"""Sleeping: pure waiting that needs no CPU."""

from __future__ import annotations

import asyncio
import time

from raceway.case import Kind, Workload


def sleep(wait_s: float) -> float:
    """Block for `wait_s` seconds and return that number."""
    time.sleep(wait_s)
    return wait_s


async def sleep_trio(wait_s: float) -> float:
    """Do the same on trio's event loop."""
    import trio  # noqa: PLC0415 (an extra: imported where it is needed)

    await trio.sleep(wait_s)
    return wait_s


async def sleep_async(wait_s: float) -> float:
    """Release the event loop for `wait_s` seconds and return that number."""
    await asyncio.sleep(wait_s)
    return wait_s


WORKLOAD = Workload(
    summary="sleeps of 10 ms; the seed's 2, 1 and 3 s as 20, 10 and 30 ms",
    kind=Kind.IO,
    task=sleep,
    async_task=sleep_async,
    trio_task=sleep_trio,
    expected=float,
    wait_s=float,
    sizes={
        "seed": (0.02, 0.01, 0.03),
        "10": (0.01,) * 10,
        "100": (0.01,) * 100,
        "1000": (0.01,) * 1_000,
    },
)
