"""A cluster of ray's that is there before any race."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from support.lanes import still_running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE_S = 240.0
"""ray takes its time to start where much else runs."""
STARTED = "Ray runtime started"


@dataclass(frozen=True)
class RayCluster:
    """A head with as many CPUs as were asked for."""

    address: str
    process: subprocess.Popen[bytes]

    def family(self) -> list[psutil.Process]:
        """Return its processes."""
        with contextlib.suppress(psutil.NoSuchProcess):
            head = psutil.Process(self.process.pid)
            return [head, *head.children(recursive=True)]
        return []


@contextmanager
def ray_cluster(folder: Path, cpus: int = 2) -> Iterator[RayCluster]:
    """Start a head in a folder with a short name, and end all of it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = folder / "said.txt"
    command = (
        *(sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block"),
        *(f"--num-cpus={cpus}", f"--port={port}"),
        *("--include-dashboard=false", "--disable-usage-stats", f"--temp-dir={folder}"),
    )
    with said.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=quiet())
    started = RayCluster(f"127.0.0.1:{port}", process)
    try:
        await_start(started, said)
        yield started
    finally:
        everyone = started.family()
        for each in everyone:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        process.wait()
        assert still_running(everyone) == []


def await_start(cluster: RayCluster, said: Path) -> None:
    """Wait until a cluster says that it has started."""
    deadline_s = time.monotonic() + PATIENCE_S
    while STARTED not in said.read_text(errors="replace"):
        assert cluster.process.poll() is None, said.read_text(errors="replace")
        assert time.monotonic() < deadline_s, said.read_text(errors="replace")
        time.sleep(0.05)


def quiet() -> dict[str, str]:
    """Return the environment of a cluster that stands alone and asks for no token."""
    kept = {name: value for name, value in os.environ.items() if name != "RAY_ADDRESS"}
    return {**kept, "RAY_AUTH_MODE": "disabled"}
