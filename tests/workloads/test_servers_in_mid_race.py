"""What is killed of a server in mid-race: one case fails with the cause, and all else goes on."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.errors import ExitCode
from raceway.plan.catalogue import discover
from raceway.record import Status
from support.mid_race import is_called, killed, killed_in_mid_race
from support.servers import served_by

if TYPE_CHECKING:
    from pathlib import Path

    from support.mid_race import MidRace

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="needs signals"),
]
MODELS = ("serial", "threads", "asyncio")
TOLD = {
    "tcp-echo": "ServerGoneError: the echo server does not answer any more: .+",
    "http": "ServerGoneError: the HTTP server does not answer any more: .+",
    "postgres": "ServerGoneError: PostgreSQL does not answer any more: .+",
}


def in_use(race: MidRace) -> list[psutil.Process]:
    """Return a server, begun since the first group, that somebody is connected to."""
    for server in served_by(race.family()):
        with contextlib.suppress(psutil.Error):
            if server.pid not in race.before and is_asked(server):
                return [server]
    return []


def is_asked(server: psutil.Process) -> bool:
    """Whether somebody is connected to a server."""
    if is_called(server, "postgres"):
        return any(is_called(each, "[local]") for each in server.children())
    return any(each.status == psutil.CONN_ESTABLISHED for each in server.net_connections())


@pytest.mark.parametrize("workload", TOLD)
def test_a_server_that_is_killed_fails_its_own_case_in_that_launch_alone(
    tmp_path: Path, workload: str
) -> None:
    work = discover().workloads[workload]
    for package in work.requires:
        pytest.importorskip(package, reason=f"{package} is not installed")
    if reason := work.obstacle() if work.obstacle else "":
        pytest.skip(reason)

    def kill(race: MidRace) -> None:
        killed(race.awaited(lambda: in_use(race)))

    outcome = killed_in_mid_race(
        tmp_path, kill, f"--workloads={workload}", "--sizes=10", f"--models={','.join(MODELS)}"
    )

    (failed,) = outcome.failed
    assert re.fullmatch(TOLD[workload], failed.reason), failed.reason
    assert [launch.status for launch in failed.launches] == [Status.OK, Status.FAILED, Status.OK]
    assert outcome.exit_code == ExitCode.FAILED
    assert outcome.went_on()
    assert outcome.left == []
