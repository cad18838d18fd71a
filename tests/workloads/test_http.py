from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from raceway.serving import ServerGoneError
from raceway.workloads import http
from raceway.workloads.http import DELAY_S, get, get_async, session, session_async

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("aiohttp", reason="aiohttp is not installed")
requests = pytest.importorskip("requests", reason="requests is not installed")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Return the address of a server."""
    with http.server() as address:
        yield address


def test_the_server_squares(address: str) -> None:
    with session(address) as asking:
        assert [get(number, asking) for number in (0, 3, 10**6)] == [0, 9, 10**12]


def test_a_request_waits_as_long_as_declared(address: str) -> None:
    with session(address) as asking:
        start_s = time.perf_counter()
        get(1, asking)

        assert time.perf_counter() - start_s >= 0.9 * DELAY_S


async def test_an_event_loop_gets_the_same_answers(address: str) -> None:
    async with session_async(address) as asking:
        answers = await asyncio.gather(*(get_async(number, asking) for number in range(50)))

    assert answers == [number**2 for number in range(50)]


def test_a_session_keeps_its_connection(address: str) -> None:
    with session(address) as asking:
        for number in range(3):
            get(number, asking)
        pools = asking[1].get_adapter(address).poolmanager.pools
        (known,) = map(pools.get, pools.keys())

        assert (known.num_connections, known.num_requests) == (1, 3)


def test_no_proxy_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    with session(address) as asking:
        assert get(2, asking) == 4


def test_an_error_of_the_server_is_no_answer(address: str) -> None:
    with session(f"{address}/none") as asking, pytest.raises(requests.HTTPError, match="404"):
        get(1, asking)


async def test_without_a_server_tasks_say_so() -> None:
    with http.server() as address:
        pass
    told = "^the HTTP server does not answer any more: "

    with session(address) as asking, pytest.raises(ServerGoneError, match=told):
        get(1, asking)
    async with session_async(address) as asking_async:
        with pytest.raises(ServerGoneError, match=told):
            await get_async(1, asking_async)
