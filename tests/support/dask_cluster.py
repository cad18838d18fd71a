"""A cluster of dask's that is there before any race."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRANGER = """
import sys
sys.modules["raceway"] = None
from dask.__main__ import main
main()
"""
"""A process of dask's in which nothing of ours can be imported."""


class Cluster:
    """A scheduler and some workers that are there before any race."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.folder = folder
        self.scheduler = self.start("scheduler", "--port", "0", "--no-dashboard")
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", STRANGER, *words, "--scheduler-file", str(self.file)]
        with (self.folder / "errors.txt").open("ab") as errors:
            return subprocess.Popen(command, stderr=errors, stdout=errors, cwd=self.folder)

    def grow(self, threads: int = 1) -> None:
        """Start another worker."""
        threads_of_it = ("--nthreads", str(threads), "--no-dashboard", "--no-nanny")
        self.workers.append(self.start("worker", *threads_of_it))

    @property
    def address(self) -> str:
        deadline_s = time.monotonic() + PATIENCE_S
        while not self.file.exists() and time.monotonic() < deadline_s:
            time.sleep(0.05)
        address: str = json.loads(self.file.read_text())["address"]
        return address

    def wait_for(self, workers: int) -> None:
        """Wait until the scheduler knows that many workers."""
        from distributed import Client  # noqa: PLC0415 (an extra)

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=PATIENCE_S)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def dask_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Start a cluster, whose files lie in a folder, and end it."""
    home = folder / "cluster"
    home.mkdir()
    started = Cluster(home)
    try:
        for _ in range(workers):
            started.grow()
        started.wait_for(workers)
        yield started
    finally:
        started.end()
