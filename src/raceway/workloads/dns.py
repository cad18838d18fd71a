"""Names looked up by the system's resolver, which only knows how to block: no network is needed."""

from __future__ import annotations

import asyncio
import socket
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "localhost"
"""Which the system knows by itself, or by its file of hosts."""
ADDRESS = "127.0.0.1"


def look_up(port: int) -> tuple[str, int]:
    """Return the address of a port of this machine."""
    return address_of(socket.getaddrinfo(NAME, port, socket.AF_INET, socket.SOCK_STREAM))


async def look_up_async(port: int) -> tuple[str, int]:
    """Do the same as event loops do, which have a few threads for it."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(NAME, port, family=socket.AF_INET, type=socket.SOCK_STREAM)
    return address_of(found)


def address_of(found: Sequence[tuple[Any, ...]]) -> tuple[str, int]:
    """Return the first host and port found."""
    host, port = found[0][-1]
    return host, port


def known(port: int) -> tuple[str, int]:
    """Return the right answer."""
    return ADDRESS, port


WORKLOAD = Workload(
    summary="localhost looked up by the system's resolver, on event loops by their threads",
    kind=Kind.CPU,
    task=look_up,
    async_task=look_up_async,
    expected=known,
    sizes={"100": range(1, 101), "1000": range(1, 1_001)},
    size_scopes={"100": Scope.FULL, "1000": Scope.FULL},
    releases_gil=True,
)
