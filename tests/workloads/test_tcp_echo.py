from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from raceway.serving import ServerGoneError
from raceway.workloads import tcp_echo
from raceway.workloads.tcp_echo import (
    DELAY_S,
    TrioPool,
    connected,
    pool,
    request,
    request_async,
    request_trio,
    trio_pool,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a server."""
    with tcp_echo.server() as address:
        yield address


@pytest.mark.parametrize("number", [0, 1, 2**32])
def test_a_number_comes_back(address: str, number: int) -> None:
    with connected(address) as connection:
        assert request(number, connection) == number


def test_a_connection_serves_one_message_after_another(address: str) -> None:
    with connected(address) as connection:
        assert [request(number, connection) for number in range(3)] == [0, 1, 2]


def test_a_message_waits_as_long_as_declared(address: str) -> None:
    with connected(address) as connection:
        start_s = time.perf_counter()
        request(1, connection)

        assert time.perf_counter() - start_s >= 0.9 * DELAY_S


async def test_messages_of_an_event_loop_each_come_back_to_their_sender(address: str) -> None:
    async with pool(address) as connections:
        answers = await asyncio.gather(*(request_async(n, connections) for n in range(50)))

    assert answers == list(range(50))


async def test_an_event_loop_has_as_many_connections_as_it_needs_at_once(address: str) -> None:
    async with pool(address) as connections:
        for together in (1, 5, 3):
            await asyncio.gather(*(request_async(n, connections) for n in range(together)))

        assert len(connections.idle) == 5


def test_messages_of_trio_each_come_back_to_their_sender(address: str) -> None:
    trio = pytest.importorskip("trio", reason="trio is not installed")
    answers: dict[int, int] = {}
    needed = []

    async def ask(number: int, connections: TrioPool) -> None:
        answers[number] = await request_trio(number, connections)

    async def main() -> None:
        async with trio_pool(address) as connections:
            for together in (5, 50, 3):
                async with trio.open_nursery() as children:
                    for number in range(together):
                        children.start_soon(ask, number, connections)
                needed.append(len(connections.idle))

    trio.run(main)
    assert answers == {number: number for number in range(50)}
    assert needed == [5, 50, 50]


def test_without_a_server_tasks_of_trio_say_so() -> None:
    trio = pytest.importorskip("trio", reason="trio is not installed")
    with tcp_echo.server() as address:
        pass

    async def main() -> None:
        async with trio_pool(address) as connections:
            await request_trio(1, connections)

    with pytest.raises(ServerGoneError, match=r"^the echo server does not answer any more: "):
        trio.run(main)


async def test_without_a_server_tasks_say_so() -> None:
    with tcp_echo.server() as address, connected(address) as connection:
        pass
    told = "^the echo server does not answer any more: "

    with pytest.raises(ServerGoneError, match=told), connected(address):
        pass
    with pytest.raises(ServerGoneError, match=told):
        request(1, connection)
    async with pool(address) as connections:
        with pytest.raises(ServerGoneError, match=told):
            await request_async(1, connections)
