"""Why a pool broke is known even to whoever hands over a task afterwards."""

from __future__ import annotations

import signal
from concurrent.futures import ProcessPoolExecutor, process
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest

from raceway.measure.lane import workers
from raceway.measure.lane.causes import described
from raceway.measure.lane.workers import last_break, note_breaks

if TYPE_CHECKING:
    from collections.abc import Iterator


class Odd(Exception):  # noqa: N818 (as people name theirs)
    """Pickled well, and never read back: its arguments are not its constructor's."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(one)
        self.other = other


def raise_odd() -> None:
    raise Odd(1, 2)


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[ProcessPoolExecutor]:
    manager = process._ExecutorManagerThread  # type: ignore[attr-defined]  # noqa: SLF001
    monkeypatch.setattr(manager, "terminate_broken", manager.terminate_broken)
    monkeypatch.setattr(workers, "_breaks", [])
    monkeypatch.setattr(workers, "PATIENCE_S", 0.0)
    note_breaks()
    note_breaks()  # each model that opens does
    with ProcessPoolExecutor(2, get_context("fork")) as executor:
        yield executor


def test_a_task_handed_over_too_late_is_told_the_answer_that_could_not_be_read(
    pool: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    pool.submit(raise_odd).exception()
    with pytest.raises(process.BrokenProcessPool) as caught:
        pool.submit(raise_odd)
    monkeypatch.setattr(workers, "exit_codes", lambda: iter([-signal.SIGTERM] * 2))

    assert caught.value.__cause__ is None
    assert described(caught.value).startswith("an answer or exception of a worker cannot be read")
    assert "missing 1 required positional argument: 'other'" in described(caught.value)


def test_of_a_pool_that_broke_as_a_worker_died_nothing_else_is_told(
    pool: ProcessPoolExecutor,
) -> None:
    pool.submit(signal.raise_signal, signal.SIGTERM).exception()
    with pytest.raises(process.BrokenProcessPool) as caught:
        pool.submit(raise_odd)

    assert last_break() == ""
    assert described(caught.value) == "a worker was killed by SIGTERM while it ran a task"
