"""Ctrl-C stops what started processes, but not its cleaning up."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from raceway import interruption
from raceway.measure.control.running import run_to_its_end

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


async def cleans_up(told: list[str]) -> None:
    try:
        interrupt()
        await asyncio.sleep(60)
    finally:
        for _ in range(3):
            interrupt()
            await asyncio.sleep(0.01)
        told.append("clean")


def test_it_returns_what_the_work_does() -> None:
    assert run_to_its_end(asyncio.sleep(0, "done")) == "done"


def test_further_interrupts_do_not_cut_cleaning_up_short() -> None:
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        run_to_its_end(cleans_up(told))

    assert told == ["clean"]


@pytest.mark.parametrize("heard", [signal.default_int_handler, interruption.interrupt])
def test_interrupts_are_heard_as_before_afterwards(heard: Callable[..., None]) -> None:
    before = signal.signal(signal.SIGINT, heard)
    try:
        run_to_its_end(asyncio.sleep(0))
        assert signal.getsignal(signal.SIGINT) is heard
    finally:
        signal.signal(signal.SIGINT, before)


def test_after_an_interrupt_a_commands_cleaning_up_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interruption, "_heard_s", [])
    before = signal.signal(signal.SIGINT, interruption.interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            run_to_its_end(cleans_up([]))
        interrupt()
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_ignored_interrupt_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        run_to_its_end(asyncio.sleep(0))
        interrupt()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_work_that_cancels_itself_was_not_interrupted() -> None:
    async def cancelled() -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        run_to_its_end(cancelled())


def test_it_runs_in_other_threads_too() -> None:
    answers: list[int] = []
    thread = threading.Thread(target=lambda: answers.append(run_to_its_end(asyncio.sleep(0, 7))))
    thread.start()
    thread.join()

    assert answers == [7]
