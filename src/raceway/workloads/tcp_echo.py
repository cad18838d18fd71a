"""Messages to a server in a process of its own, which sends each back after 10 ms."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload
from raceway.serving import served, unanswered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import AbstractContextManager

    import trio

    from raceway.serving import Ready

    Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

DELAY_S = 0.01
"""How long the server lets each message wait."""
MESSAGE_BYTES = 64
BACKLOG = 4_096
"""Connections that may wait to be taken: a thousand threads connect at once."""
SERVER = "the echo server"
LOCAL = frozenset(Family) - {Family.ENGINES}
"""Workers elsewhere would not reach the server."""


def serve(ready: Ready) -> None:
    """Send messages back until the process is ended."""
    asyncio.run(serving(ready))


async def serving(ready: Ready) -> None:
    """Listen on a free port of this machine alone."""
    server = await asyncio.start_server(send_back, "127.0.0.1", 0, backlog=BACKLOG)
    host, port = server.sockets[0].getsockname()
    ready(f"{host}:{port}")
    await server.serve_forever()


async def send_back(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Serve one connection until it is closed."""
    with suppress(ConnectionError, asyncio.IncompleteReadError):
        while True:
            message = await reader.readexactly(MESSAGE_BYTES)
            await asyncio.sleep(DELAY_S)
            writer.write(message)
    writer.close()


def server() -> AbstractContextManager[str]:
    """Start the server, and yield its address."""
    return served(serve)


@contextmanager
def connected(address: str) -> Iterator[socket.socket]:
    """Connect a worker."""
    host, _, port = address.partition(":")
    try:
        connection = socket.create_connection((host, int(port)))
    except OSError as error:
        raise unanswered(SERVER, error) from error
    with connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield connection


def request(number: int, resource: socket.socket) -> int:
    """Send a number, and return what comes back."""
    try:
        resource.sendall(number.to_bytes(MESSAGE_BYTES))
        return int.from_bytes(received(resource))
    except OSError as error:
        raise unanswered(SERVER, error) from error


def received(connection: socket.socket) -> bytes:
    """Return a whole message."""
    message = b""
    while len(message) < MESSAGE_BYTES:
        part = connection.recv(MESSAGE_BYTES - len(message))
        if not part:
            raise ConnectionError("it closed the connection")
        message += part
    return message


class Pool:
    """The connections of an event loop; there are as many as were ever needed at once."""

    def __init__(self, address: str) -> None:
        """Begin without any."""
        self.address = address
        self.idle: list[Stream] = []

    async def taken(self) -> Stream:
        """Return a connection that nobody uses, a new one if there is none."""
        if self.idle:
            return self.idle.pop()
        host, _, port = self.address.partition(":")
        return await asyncio.open_connection(host, int(port))

    async def close(self) -> None:
        """Close all."""
        for _, writer in self.idle:
            writer.close()
        closing = (writer.wait_closed() for _, writer in self.idle)
        await asyncio.gather(*closing, return_exceptions=True)


@asynccontextmanager
async def pool(address: str) -> AsyncIterator[Pool]:
    """Give an event loop its connections."""
    made = Pool(address)
    try:
        yield made
    finally:
        await made.close()


async def request_async(number: int, resource: Pool) -> int:
    """Do the same as `request`, with the event loop free while it waits."""
    try:
        reader, writer = stream = await resource.taken()
        writer.write(number.to_bytes(MESSAGE_BYTES))
        message = await reader.readexactly(MESSAGE_BYTES)
    except (OSError, asyncio.IncompleteReadError) as error:
        raise unanswered(SERVER, error) from error
    resource.idle.append(stream)
    return int.from_bytes(message)


class TrioPool:
    """The same for a run of trio."""

    def __init__(self, address: str) -> None:
        """Begin without any."""
        self.address = address
        self.idle: list[trio.SocketStream] = []

    async def taken(self) -> trio.SocketStream:
        """Return a connection that nobody uses, a new one if there is none."""
        import trio  # noqa: PLC0415 (an extra: imported where it is needed)

        if self.idle:
            return self.idle.pop()
        host, _, port = self.address.partition(":")
        return await trio.open_tcp_stream(host, int(port))

    async def close(self) -> None:
        """Close all."""
        for stream in self.idle:
            await stream.aclose()


@asynccontextmanager
async def trio_pool(address: str) -> AsyncIterator[TrioPool]:
    """Give a run of trio its connections."""
    made = TrioPool(address)
    try:
        yield made
    finally:
        await made.close()


async def request_trio(number: int, resource: TrioPool) -> int:
    """Do the same as `request_async` on trio."""
    import trio  # noqa: PLC0415 (as above)

    try:
        stream = await resource.taken()
        await stream.send_all(number.to_bytes(MESSAGE_BYTES))
        message = await received_by_trio(stream)
    except (OSError, trio.BrokenResourceError) as error:
        raise unanswered(SERVER, error) from error
    resource.idle.append(stream)
    return int.from_bytes(message)


async def received_by_trio(stream: trio.SocketStream) -> bytes:
    """Return a whole message."""
    message = b""
    while len(message) < MESSAGE_BYTES:
        part = await stream.receive_some(MESSAGE_BYTES - len(message))
        if not part:
            raise ConnectionError("it closed the connection")
        message += part
    return message


def waiting(number: int) -> float:
    """Return the seconds each message waits."""
    del number
    return DELAY_S


WORKLOAD = Workload(
    summary="messages that a server sends back after 10 ms, over connections kept open",
    kind=Kind.IO,
    task=request,
    async_task=request_async,
    trio_task=request_trio,
    expected=int,
    wait_s=waiting,
    server=server,
    setup=connected,
    async_setup=pool,
    trio_setup=trio_pool,
    sizes={"10": range(10), "100": range(100), "1000": range(1_000)},
    size_scopes={"10": Scope.FULL, "100": Scope.DEFAULT, "1000": Scope.FULL},
    families=LOCAL,
)
