"""A server that tasks talk to: a process of its own, which is gone when its lane is.

Standard library only, since it travels into every lane.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ready: TypeAlias = Callable[[str], None]
    """Takes the server's address once it answers."""
    Serve: TypeAlias = Callable[[Ready], None]

END_GRACE_S = 0.6
"""From SIGTERM to SIGKILL; a lane has a second for all of its end."""
MOST_FILES = 65_536
"""Connections are files, too."""

PROGRAM = """
import os, signal, sys, threading

def end_with_the_lane():
    os.read(0, 1)  # nothing is ever written: it ends with whoever holds the other end
    os.kill(os.getpid(), signal.SIGTERM)

sys.path[:] = {path!r}
threading.Thread(target=end_with_the_lane, daemon=True).start()
from {module} import {name} as serve
serve(lambda address: print(address, flush=True))
"""


class ServerGoneError(ConnectionError):
    """A server does not answer any more."""


def unanswered(server: str, error: BaseException) -> ServerGoneError:
    """Return what a task raises when a server, such as `the echo server`, lets it down."""
    return ServerGoneError(f"{server} does not answer any more: {type(error).__name__}: {error}")


@contextmanager
def served(serve: Serve) -> Iterator[str]:
    """Run a function in a process and a group of its own; yield the address of which it tells.

    `serve` must be importable. It takes a function to which it gives its address, in one line, once
    it answers; then it serves until it gets SIGTERM. ServerGoneError if it ends before.
    """
    raise_file_limit()
    program = PROGRAM.format(path=sys.path, module=serve.__module__, name=serve.__qualname__)
    with subprocess.Popen(  # noqa: S603 (ours)
        [sys.executable, "-P", "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield address_of(process)
        finally:
            end(process)


def address_of(process: subprocess.Popen[bytes]) -> str:
    """Wait for the line in which a server tells its address."""
    line = process.stdout.readline() if process.stdout else b""
    if not line.endswith(b"\n"):
        code = process.wait()
        raise ServerGoneError(f"the server ended with code {code} before it answered")
    return line.decode().strip()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server, first gently, then with all of its group."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_GRACE_S)
    with suppress(OSError, AttributeError):  # Windows has no groups
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def raise_file_limit() -> None:
    """Let this process and its children have as many open files as the system allows them."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 (not on Windows)

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
        if soft != resource.RLIM_INFINITY and soft < most:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
