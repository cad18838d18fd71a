"""The cuda-graph model on a stand-in for torch: captured once, replayed ever after."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from raceway.lap import Job
from raceway.models.cuda_graph import MODEL, WARM_UPS
from support.torch_stand_in import install_torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Cell:
    """A number on the device: there only when the device has come to it."""

    def __init__(self) -> None:
        self.value: float | None = None

    def __float__(self) -> float:
        assert self.value is not None, "read before the device had computed it"
        return self.value


class Device:
    """Notes work, and does it when awaited: at once, or while capturing only in replays."""

    def __init__(self) -> None:
        self.queued: list[Callable[[], None]] = []
        self.recorded: list[Callable[[], None]] | None = None
        self.log: list[str] = []

    def task(self, number: float) -> Cell:
        """Queue a computation, and return at once."""
        cell = Cell()
        self.log.append("task" if self.recorded is None else "captured")
        (self.queued if self.recorded is None else self.recorded).append(
            lambda: setattr(cell, "value", 2.0 * number)
        )
        return cell

    def synchronize(self) -> None:
        assert self.recorded is None, "nothing may be awaited in a capture"
        for work in self.queued:
            work()
        self.queued.clear()


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> Device:
    """Return a device that a stand-in for torch drives."""
    here = Device()

    class Graph:
        held: list[Callable[[], None]]

        def replay(self) -> None:
            here.log.append("replay")
            here.queued.extend(self.held)

        def reset(self) -> None:
            here.log.append("reset")

    @contextmanager
    def graph(captured: Graph, stream: object) -> Iterator[None]:
        assert stream == "side"
        here.recorded = []
        yield
        captured.held, here.recorded = here.recorded, None

    @contextmanager
    def entered(what: object) -> Iterator[None]:
        here.log.append(f"on {what}")
        yield

    install_torch(
        monkeypatch,
        device=entered, stream=entered, Stream=lambda: "side", CUDAGraph=Graph, graph=graph,
        synchronize=here.synchronize, empty_cache=lambda: here.log.append("emptied"),
    )  # fmt: skip
    return here


@pytest.fixture
def job(device: Device) -> Job:
    """Return two computations on the second device."""
    return Job(device.task, (1.0, 2.0), device="cuda:1")


def test_a_pass_is_captured_once_and_replayed_each_time(device: Device, job: Job) -> None:
    with MODEL.open(job) as runner:
        assert runner(3).answers == [2.0, 4.0]

    assert (device.log.count("captured"), device.log.count("replay")) == (2, 3)


def test_the_capture_comes_after_warming_up_on_a_side_stream(device: Device, job: Job) -> None:
    with MODEL.open(job):
        pass

    assert device.log[:2] == ["on cuda:1", "on side"]
    assert device.log.count("task") == 2 * WARM_UPS
    assert device.log.index("captured") > device.log.index("task")


def test_answers_are_those_of_the_replay(device: Device, job: Job) -> None:
    with MODEL.open(job) as runner:
        device.queued.append(lambda: None)
        assert runner(1).answers == [2.0, 4.0]


def test_graph_and_memory_are_given_back_even_after_an_error(device: Device, job: Job) -> None:
    with pytest.raises(ZeroDivisionError), MODEL.open(job):
        raise ZeroDivisionError

    assert device.log[-2:] == ["reset", "emptied"]


def test_only_work_that_a_graph_can_hold_is_captured() -> None:
    assert MODEL.needs == ("capturable",)
    assert MODEL.devices == {"cuda"}
