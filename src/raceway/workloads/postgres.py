"""PostgreSQL queries of 5 ms through psycopg, over connections kept open.

Against the server that the environment names, else one of our own in a temporary folder.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Scope, Workload
from raceway.serving import served, unanswered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import psycopg

    from raceway.serving import Ready

DSN = "RACEWAY_POSTGRES"
"""The environment variable that names a server, by a connection string or URI of libpq."""
DELAY_S = 0.005
QUERY = f"select %s::integer * %s::integer, pg_sleep({DELAY_S})"
MOST_AT_ONCE = 10
"""Connections of a pool or an event loop: servers allow about a hundred in all."""
PROGRAMS = ("initdb", "postgres")
DEBIAN = Path("/usr/lib/postgresql")
"""Where Debian puts them, by version; not on the path."""
OTHER_USERS = ("postgres", "nobody")
"""As whom the server runs where we are root, as whom it refuses to."""
USER = "raceway"
INITIAL = (f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
SETTINGS = {
    "listen_addresses": "", "unix_socket_directories": ".", "dynamic_shared_memory_type": "mmap",
    "shared_buffers": "16MB", "fsync": "off", "autovacuum": "off", "log_min_messages": "fatal",
}  # fmt: skip
"""Of our own server: a socket in its folder is the only way to it, and it writes only there."""
PATIENCE_S = 30.0
"""For our own server to start."""
LOOK_S = 0.02
SERVER = "PostgreSQL"
FAMILIES = frozenset(Family) - {Family.ENGINES, Family.INTERPRETERS}
"""Workers elsewhere would not reach the server; psycopg is for one interpreter a process."""


def obstacle() -> str:
    """Return why there is no server to ask; empty if there is one."""
    if os.environ.get(DSN):
        return ""
    if programs() is None:
        return "no PostgreSQL: give --postgres DSN, or put initdb on the path"
    if is_root() and not as_other_user():
        return "PostgreSQL refuses to run as root, and there is no user postgres or nobody"
    return ""


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs: on the path, else the newest of Debian's."""
    debian = sorted(DEBIAN.glob("[0-9]*/bin"), key=version_of, reverse=True)
    for folder in (*map(Path, os.get_exec_path()), *debian):
        if all(shutil.which(name, path=str(folder)) for name in PROGRAMS):
            return folder
    return None


def version_of(folder: Path) -> list[int]:
    """Return the version, such as 9.6, of a folder of Debian's."""
    return [int(word) for word in folder.parent.name.split(".") if word.isdecimal()]


def is_root() -> bool:
    """Whether we are root, as whom PostgreSQL refuses to run."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def as_other_user() -> dict[str, Any]:
    """Return how to start a process as somebody else where we are root; nothing elsewhere."""
    if is_root():
        import pwd  # noqa: PLC0415 (not on Windows)

        for name in OTHER_USERS:
            with suppress(KeyError):
                user = pwd.getpwnam(name)
                return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": ()}
    return {}


@contextmanager
def server() -> Iterator[str]:
    """Yield how to connect to the server named, or to one of our own."""
    if named := os.environ.get(DSN):
        yield named
    else:
        with served(serve) as own:
            yield own


def serve(ready: Ready) -> None:
    """Run a server of our own until the process is told to end."""
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 (an extra: imported late)

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory() as folder, cluster(folder) as process:
        own = make_conninfo(host=folder, user=USER, dbname="postgres")
        await_start(process, own)
        ready(own)
        process.wait()


@contextmanager
def cluster(folder: str) -> Iterator[subprocess.Popen[bytes]]:
    """Make a database cluster in a folder, and run its server; end that at once, without care."""
    home = programs() or Path()
    settings = (f"--{name}={value}" for name, value in SETTINGS.items())
    with owned(folder) as (place, how):
        subprocess.run([home / "initdb", "-D", place, *INITIAL], check=True, **how)  # noqa: S603 (found)
        with subprocess.Popen([home / "postgres", "-D", place, *settings], **how) as process:  # noqa: S603
            try:
                yield process
            finally:
                process.send_signal(signal.SIGQUIT)


@contextmanager
def owned(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a path to a folder, and how to start a process that owns it.

    Another user may not go through the folders above, but through one that is open already.
    """
    how: dict[str, Any] = {"cwd": "/", "stdout": subprocess.DEVNULL, **as_other_user()}
    if "user" not in how:
        yield folder, how
        return
    os.chown(folder, how["user"], how["group"])
    opened = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{opened}", {**how, "pass_fds": (opened,)}
    finally:
        os.close(opened)


def await_start(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait until a server takes connections; OperationalError if it does not."""
    import psycopg  # noqa: PLC0415 (as above)

    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(address).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline_s:
                raise
            time.sleep(LOOK_S)
        else:
            return


@contextmanager
def connected(address: str) -> Iterator[psycopg.Connection]:
    """Connect a worker; ServerGoneError if our own server is gone."""
    import psycopg  # noqa: PLC0415 (as above)

    with reached():
        connection = psycopg.connect(address, autocommit=True)
    with connection:
        yield connection


def square(number: int, resource: psycopg.Connection) -> int:
    """Let the server square a number, and wait."""
    with watched(resource):
        row = resource.execute(QUERY, (number, number)).fetchone()
    return int(row[0])


@contextmanager
def reached() -> Iterator[None]:
    """Tell by ServerGoneError that our own server, which took connections before, takes none."""
    import psycopg  # noqa: PLC0415 (as above)

    try:
        yield
    except psycopg.OperationalError as error:
        if os.environ.get(DSN):
            raise
        raise unanswered(SERVER, error) from error


@contextmanager
def watched(connection: psycopg.Connection | psycopg.AsyncConnection) -> Iterator[None]:
    """Tell by ServerGoneError that a connection was lost with its server."""
    import psycopg  # noqa: PLC0415 (as above)

    try:
        yield
    except psycopg.OperationalError as error:
        if connection.closed:
            raise unanswered(SERVER, error) from error
        raise


class Pool:
    """The few connections of an event loop, opened when there is none to spare."""

    def __init__(self, address: str) -> None:
        """Begin without any."""
        self.address = address
        self.places = asyncio.Semaphore(MOST_AT_ONCE)
        self.idle: list[psycopg.AsyncConnection] = []

    async def taken(self) -> psycopg.AsyncConnection:
        """Return a connection that nobody uses, a new one if there is none."""
        import psycopg  # noqa: PLC0415 (as above)

        if self.idle:
            return self.idle.pop()
        with reached():
            return await psycopg.AsyncConnection.connect(self.address, autocommit=True)

    async def close(self) -> None:
        """Close all."""
        for connection in self.idle:
            await connection.close()


@asynccontextmanager
async def pool(address: str) -> AsyncIterator[Pool]:
    """Give an event loop its connections."""
    made = Pool(address)
    try:
        yield made
    finally:
        await made.close()


async def square_async(number: int, resource: Pool) -> int:
    """Do the same as `square`, with the event loop free while it waits."""
    async with resource.places:
        connection = await resource.taken()
        with watched(connection):
            cursor = await connection.execute(QUERY, (number, number))
            row = await cursor.fetchone()
        resource.idle.append(connection)
    return int(row[0])


def squared(number: int) -> int:
    """Return the same without a server."""
    return number * number


def waiting(number: int) -> float:
    """Return the seconds each query waits."""
    del number
    return DELAY_S


WORKLOAD = Workload(
    summary="PostgreSQL queries of 5 ms by psycopg, at most 10 connections a pool or loop",
    kind=Kind.IO,
    task=square,
    async_task=square_async,
    expected=squared,
    wait_s=waiting,
    server=server,
    setup=connected,
    async_setup=pool,
    obstacle=obstacle,
    most_at_once=MOST_AT_ONCE,
    sizes={"10": range(10), "100": range(100)},
    size_scopes={"10": Scope.FULL, "100": Scope.FULL},
    requires=("psycopg",),
    extra="postgres",
    families=FAMILIES,
)
