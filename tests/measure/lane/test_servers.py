"""A workload's server in a lane: neither its time nor its processes are the model's."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.spoken import Put


def named(number: int, resource: str) -> str:
    return f"{number} through {resource}"


@contextmanager
def busy_process() -> Iterator[str]:
    """Compute without end in a process."""
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as process:
        yield str(process.pid)
        process.kill()


def test_a_servers_time_and_end_are_not_the_models(lane: Any, put_workload: Put) -> None:
    def slow(number: int, resource: str) -> int:
        del resource
        time.sleep(0.1)
        return number

    put_workload(slow, server=busy_process)
    lane.told("prepare")
    lane.told("open")

    went = lane.told("go", rounds=1)
    closed = lane.told("close")
    lane.serving.close()

    assert lane.servers
    assert went["cpu_s"] < 0.1
    assert closed["left_behind"] == []


@contextmanager
def forking_process() -> Iterator[str]:
    """Start a process that will start another when it gets a line."""
    program = "import subprocess, sys; input(); subprocess.Popen(['sleep', '60']); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        FORKING.append(process)
        yield str(process.pid)
        for child in psutil.Process(process.pid).children():
            child.kill()
        process.kill()


FORKING: list[subprocess.Popen[bytes]] = []


def test_what_a_server_starts_later_is_not_the_models(lane: Any, put_workload: Put) -> None:
    put_workload(named, server=forking_process)
    lane.told("prepare")
    lane.told("open")
    process = FORKING.pop()
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"\n")
    process.stdin.flush()
    process.stdout.readline()

    closed = lane.told("close")
    lane.serving.close()

    assert closed["left_behind"] == []
