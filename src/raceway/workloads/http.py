"""HTTP requests to a real server in a process of its own, over connections kept alive.

Each side uses what is usual: requests where it blocks, aiohttp on an event loop and in the server.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload
from raceway.serving import served, unanswered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from contextlib import AbstractContextManager

    import aiohttp
    import requests
    from aiohttp import web

    from raceway.serving import Ready

DELAY_S = 0.01
"""How long the server lets each request wait."""
IDLE_S = 3_600.0
"""For how long both sides keep a connection: a lane may have to wait for its turn."""
BACKLOG = 4_096
"""Connections that may wait to be taken: a thousand threads connect at once."""
SERVER = "the HTTP server"
FAMILIES = frozenset(Family) - {Family.ENGINES, Family.INTERPRETERS}
"""Workers elsewhere would not reach the server; not every interpreter can load the libraries."""


def serve(ready: Ready) -> None:
    """Answer until the process is ended."""
    asyncio.run(serving(ready))


async def serving(ready: Ready) -> None:
    """Listen on a free port of this machine alone."""
    from aiohttp import web  # noqa: PLC0415 (an extra: imported where it is needed)

    application = web.Application()
    application.router.add_get("/squares/{number}", square)
    runner = web.AppRunner(application, access_log=None, keepalive_timeout=IDLE_S)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=BACKLOG).start()
    host, port = runner.addresses[0]
    ready(f"http://{host}:{port}/squares")
    await asyncio.Event().wait()


async def square(request: web.Request) -> web.Response:
    """Answer with the square of a number."""
    from aiohttp import web  # noqa: PLC0415 (as above)

    await asyncio.sleep(DELAY_S)
    return web.json_response({"square": int(request.match_info["number"]) ** 2})


def server() -> AbstractContextManager[str]:
    """Start the server, and yield its address."""
    return served(serve)


@contextmanager
def session(address: str) -> Iterator[tuple[str, requests.Session]]:
    """Give a worker a session, which keeps its connection; no proxy is asked."""
    import requests  # noqa: PLC0415 (as above)

    with requests.Session() as made:
        made.trust_env = False
        yield address, made


def get(number: int, resource: tuple[str, requests.Session]) -> int:
    """Ask for the square of a number."""
    import requests  # noqa: PLC0415 (as above)

    address, session = resource
    try:
        response = session.get(f"{address}/{number}")
        response.raise_for_status()
    except requests.ConnectionError as error:
        raise unanswered(SERVER, error) from error
    return int(response.json()["square"])


@asynccontextmanager
async def session_async(address: str) -> AsyncIterator[tuple[str, aiohttp.ClientSession]]:
    """Give an event loop a session with as many connections as it has requests at once.

    Its default is 100 at most, which threads have no need of.
    """
    import aiohttp  # noqa: PLC0415 (as above)

    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_S)
    async with aiohttp.ClientSession(connector=connector) as made:
        yield address, made


async def get_async(number: int, resource: tuple[str, aiohttp.ClientSession]) -> int:
    """Do the same as `get`, with the event loop free while it waits."""
    import aiohttp  # noqa: PLC0415 (as above)

    address, session = resource
    try:
        async with session.get(f"{address}/{number}", raise_for_status=True) as response:
            answer = await response.json()
    except aiohttp.ClientConnectionError as error:
        raise unanswered(SERVER, error) from error
    return int(answer["square"])


def squared(number: int) -> int:
    """Return the same without a server."""
    return number * number


def waiting(number: int) -> float:
    """Return the seconds each request waits."""
    del number
    return DELAY_S


WORKLOAD = Workload(
    summary="HTTP requests answered after 10 ms: requests where it blocks, aiohttp on event loops",
    kind=Kind.IO,
    task=get,
    async_task=get_async,
    expected=squared,
    wait_s=waiting,
    server=server,
    setup=session,
    async_setup=session_async,
    sizes={"10": range(10), "100": range(100), "1000": range(1_000)},
    size_scopes={"10": Scope.FULL, "100": Scope.DEFAULT, "1000": Scope.FULL},
    requires=("requests", "aiohttp"),
    extra="http",
    families=FAMILIES,
)
