from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.measure.control import ending
from raceway.measure.control.ending import family_of, running, signal_all, signal_name
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator

SLEEP = "import time; time.sleep(600)"
PARENT = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEP!r}], start_new_session=True)
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def family() -> Iterator[tuple[int, int]]:
    """Return a process in a group of its own, and its child in another."""
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, start_new_session=True
    ) as parent:
        assert parent.stdout
        child = psutil.Process(int(parent.stdout.readline()))
        yield parent.pid, child.pid
        parent.kill()
        if child.is_running():
            child.kill()


def wait_until_ended(pid: int) -> bool:
    """Give a process a while to end, and tell whether it has."""
    deadline_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline_s:
        if not psutil.pid_exists(pid) or not running(psutil.Process(pid)):
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("listed", ["/proc/thread-self/children", "/no/such/file"])
def test_a_family_is_a_process_and_all_below_it(
    family: tuple[int, int], monkeypatch: pytest.MonkeyPatch, listed: str
) -> None:
    monkeypatch.setattr(ending, "LISTED", Path(listed))

    assert [process.pid for process in family_of(family[0])] == [*family]


def test_a_process_that_is_gone_has_no_family() -> None:
    assert family_of(2**22 + 1) == []


def test_a_child_that_left_the_group_is_signalled_too(family: tuple[int, int]) -> None:
    signal_all(family[0], family_of(family[0]), signal.SIGTERM)

    assert wait_until_ended(family[1])


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs process groups")
def test_a_group_is_signalled_even_if_nobody_of_it_is_known(family: tuple[int, int]) -> None:
    signal_all(family[0], (), signal.SIGTERM)

    assert wait_until_ended(family[0])


def test_signalling_what_is_gone_does_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP], start_new_session=True) as process:
        gone = family_of(process.pid)
        process.kill()

    signal_all(process.pid, gone, signal.SIGTERM)


def test_a_process_runs_until_it_has_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as process:
        known = psutil.Process(process.pid)
        before = running(known)
        process.kill()

    assert (before, running(known)) == (True, False)


@pytest.mark.skipif(os.name == "nt", reason="needs zombies")
def test_a_process_that_only_waits_to_be_reaped_does_not_run() -> None:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    try:
        assert wait_until_ended(process.pid)
        assert psutil.pid_exists(process.pid)
    finally:
        process.wait()


@pytest.mark.parametrize(
    ("number", "name"), [(int(signal.SIGSEGV), "SIGSEGV"), (12_345, "signal 12345")]
)
def test_signals_are_named(number: int, name: str) -> None:
    assert signal_name(number) == name
