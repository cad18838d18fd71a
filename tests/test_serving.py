from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway import serving
from raceway.serving import ServerGoneError, served
from support.servers import deaf, failing, obliging, with_child

if TYPE_CHECKING:
    from raceway.serving import Serve
    from support.lanes import StillRunning

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals and groups")

LANE = """
import sys, time
sys.path[:] = sys.argv[1:]
from raceway.serving import served
from support.servers import obliging
with served(obliging) as address:
    print(address, flush=True)
    time.sleep(600)
"""
LIMITED = """
import resource, sys
sys.path[:] = sys.argv[1:]
from raceway.serving import raise_file_limit
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (100, most))
raise_file_limit()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 100)
"""


def test_a_server_runs_in_a_process_and_a_group_of_its_own() -> None:
    with served(obliging) as address:
        pid = int(address)

        assert psutil.Process(pid).ppid() == os.getpid()
        assert os.getpgid(pid) == pid


@pytest.mark.parametrize("serve", [obliging, deaf, with_child])
def test_nothing_of_a_server_outlives_its_context(
    still_running: StillRunning, monkeypatch: pytest.MonkeyPatch, serve: Serve
) -> None:
    monkeypatch.setattr(serving, "END_GRACE_S", 0.1)
    with served(serve) as address:
        process = psutil.Process(int(address))

    assert still_running([process]) == []


def test_a_server_that_ends_before_it_answers_is_no_server() -> None:
    with (
        pytest.raises(ServerGoneError, match="ended with code 3 before it answered"),
        served(failing),
    ):
        pass


def test_a_server_ends_with_whoever_started_it_even_if_that_is_killed(
    still_running: StillRunning,
) -> None:
    command = [sys.executable, "-c", LANE, *sys.path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as lane:
        assert lane.stdout
        server = psutil.Process(int(lane.stdout.readline()))
        lane.send_signal(signal.SIGKILL)

    assert still_running([server]) == []


def test_a_lane_with_a_server_may_open_as_many_files_as_the_system_allows() -> None:
    command = [sys.executable, "-c", LIMITED, *sys.path]

    assert subprocess.check_output(command, text=True) == "True\n"
