"""The cuda-streams model on a stand-in for torch: tasks in turn on its streams."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from raceway.lap import Job
from raceway.models.cuda_streams import MODEL
from support.torch_stand_in import install_torch

if TYPE_CHECKING:
    from collections.abc import Iterator


class Device:
    """Notes what is queued on which stream."""

    def __init__(self) -> None:
        self.streams = 0
        self.current = 0
        self.log: list[tuple[str, int]] = []

    def task(self, number: float) -> float:
        self.log.append((f"task {number:.0f}", self.current))
        return number

    def note(self, what: str) -> None:
        self.log.append((what, self.current))

    def new_stream(self) -> int:
        self.streams += 1
        return self.streams

    @contextmanager
    def on(self, stream: int) -> Iterator[None]:
        before, self.current = self.current, stream
        yield
        self.current = before


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    """Return a device that a stand-in for torch drives."""
    here = Device()

    @contextmanager
    def on_device(name: str) -> Iterator[None]:
        here.note(name)
        yield

    install_torch(
        monkeypatch,
        device=on_device, stream=here.on, Stream=here.new_stream,
        synchronize=lambda: here.note("awaited"), empty_cache=lambda: here.note("emptied"),
    )  # fmt: skip
    return here


@pytest.fixture
def job(device: Device) -> Job:
    """Return three computations for two streams of the second device."""
    return Job(device.task, (1.0, 2.0, 3.0), workers=2, device="cuda:1")


def test_tasks_go_to_the_streams_in_turn(device: Device, job: Job) -> None:
    with MODEL.open(job) as runner:
        device.log.clear()
        assert runner(1).answers == [1.0, 2.0, 3.0]
        assert device.log == [
            ("awaited", 0), ("task 1", 1), ("task 2", 2), ("task 3", 1), ("awaited", 0),
        ]  # fmt: skip


def test_what_tasks_share_is_made_on_one_stream_before(device: Device, job: Job) -> None:
    with MODEL.open(job):
        assert device.log == [
            ("cuda:1", 0), ("task 1", 0), ("task 2", 0), ("task 3", 0), ("awaited", 0),
        ]  # fmt: skip


def test_memory_is_given_back_even_after_an_error(device: Device, job: Job) -> None:
    with pytest.raises(ZeroDivisionError), MODEL.open(job):
        raise ZeroDivisionError

    assert device.log[-1] == ("emptied", 0)


def test_the_number_of_streams_does_not_follow_from_cores() -> None:
    assert MODEL.usual_workers == 4
