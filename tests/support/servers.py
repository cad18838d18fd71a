"""Servers, good and bad, and how tests find their processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.serving import Ready


def obliging(ready: Ready) -> None:
    """Tell the process, and serve nothing until told to end."""
    ready(str(os.getpid()))
    signal.pause()


def deaf(ready: Ready) -> None:
    """Go on for ever."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    ready(str(os.getpid()))
    while True:
        time.sleep(60)


def with_child(ready: Ready) -> None:
    """Leave a process behind, and tell which."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    ready(str(child.pid))
    signal.pause()


def failing(ready: Ready) -> None:
    """End before anything is served."""
    del ready
    sys.exit(3)


def served_by(family: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Return the servers of workloads: of PostgreSQL its own process, not the one around it."""
    return [each for each in family if serves(each)]


def serves(process: psutil.Process) -> bool:
    """Whether a process is a server itself."""
    with contextlib.suppress(psutil.Error):
        command = process.cmdline()
        if "postgres" in "".join(command[:1]):
            return "-D" in command
        return "serve(lambda" in " ".join(command) and not is_around_postgres(command)
    return False


def is_around_postgres(command: Sequence[str]) -> bool:
    """Whether a command is the program that starts PostgreSQL."""
    return "workloads.postgres" in " ".join(command)


def servers_below(pid: int) -> list[psutil.Process]:
    """Return the processes of servers that a process has started."""
    below = psutil.Process(pid).children(recursive=True)
    return [process for process in below if "serve(lambda" in " ".join(process.cmdline())]
