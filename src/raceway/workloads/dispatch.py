"""Tasks that do nothing: what it costs to hand one over."""

from __future__ import annotations

from raceway.case import Kind, Scope, Workload


def nothing(number: int) -> int:
    """Return the argument."""
    return number


async def nothing_async(number: int) -> int:
    """Return the argument without ever waiting."""
    return number


WORKLOAD = Workload(
    summary="tasks that do nothing: the price of handing one over",
    kind=Kind.CPU,
    task=nothing,
    async_task=nothing_async,
    expected=int,
    sizes={
        "100": range(100),
        "1000": range(1_000),
        "10000": range(10_000),
        "100000": range(100_000),
    },
    size_scopes={
        "100": Scope.DEFAULT,
        "1000": Scope.FULL,
        "10000": Scope.FULL,
        "100000": Scope.NAMED,
    },
)
