"""The cuda model on a stand-in: a queue that another thread works off, as a GPU would."""

from __future__ import annotations

import queue
import sys
import threading
import time
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from raceway import lap
from raceway.lap import Job, Runner, synchronised, timed
from raceway.models.cuda import MODEL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KERNEL_S = 0.005


@dataclass
class Device:
    """Runs what is queued in its order, while the host goes on."""

    jobs: queue.Queue[Callable[[], None]] = field(default_factory=queue.Queue)
    awaited: list[str] = field(default_factory=list)
    emptied: int = 0

    def work(self) -> None:
        while True:
            self.jobs.get()()
            self.jobs.task_done()

    def synchronize(self, device: str = "") -> None:
        self.jobs.join()
        self.awaited.append(device)

    def empty_cache(self) -> None:
        self.emptied += 1

    def multiply(self, number: float) -> Result:
        """Queue a computation, and return at once."""
        result = Result()
        self.jobs.put(lambda: result.compute(number))
        return result


@dataclass
class Result:
    """A number on the device: there only when the device has come to it."""

    value: float | None = None

    def compute(self, number: float) -> None:
        time.sleep(KERNEL_S)
        self.value = 2.0 * number

    def __float__(self) -> float:
        assert self.value is not None, "read before the device had finished"
        return self.value


@pytest.fixture
def device() -> Iterator[Device]:
    """Return a device that works."""
    device = Device()
    threading.Thread(target=device.work, daemon=True).start()
    yield device
    device.jobs.join()


@pytest.fixture
def job(device: Device) -> Job:
    """Return three computations on the second device."""
    return Job(device.multiply, (1.0, 2.0, 3.0), device="cuda:1")


def awaited(job: Job, device: Device) -> Runner:
    return synchronised(lambda: [job.task(each) for each in job.arguments], device.synchronize)


def test_the_clock_waits_for_the_device(device: Device, job: Job) -> None:
    assert awaited(job, device)(1).elapsed_ns >= 3 * KERNEL_S * 1e9


def test_a_clock_that_did_not_wait_would_see_next_to_nothing(device: Device, job: Job) -> None:
    naive = timed(lambda: [job.task(argument) for argument in job.arguments])

    naive_ns = min(naive(1).elapsed_ns for _ in range(3))
    device.synchronize()

    assert awaited(job, device)(1).elapsed_ns > 10 * naive_ns


class Backlog:
    """A clock, and a device that needs its time when it is awaited."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.queued_ns = 9_000

    def perf_counter_ns(self) -> int:
        return self.now_ns

    def synchronize(self) -> None:
        self.now_ns, self.queued_ns = self.now_ns + self.queued_ns, 0

    def multiply(self, _: float) -> float:
        self.queued_ns += 70
        return 0.0


def test_what_was_queued_before_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    backlog = Backlog()
    monkeypatch.setattr(lap, "time", backlog)

    runner = synchronised(lambda: [backlog.multiply(1.0)], backlog.synchronize)

    assert runner(2).elapsed_ns == 140


def test_all_loops_are_queued_before_the_device_is_awaited(device: Device, job: Job) -> None:
    timed_lap = awaited(job, device)(3)

    assert timed_lap.elapsed_ns >= 9 * KERNEL_S * 1e9
    assert len(device.awaited) == 2


def test_answers_are_plain_numbers(device: Device, job: Job) -> None:
    answers = awaited(job, device)(1).answers

    assert answers == [2.0, 4.0, 6.0]
    assert {type(answer) for answer in answers} == {float}


@pytest.fixture
def torch(device: Device, monkeypatch: pytest.MonkeyPatch) -> Device:
    """Return the device that a stand-in for torch drives."""
    module: Any = ModuleType("torch")
    module.cuda = device
    monkeypatch.setitem(sys.modules, "torch", module)
    return device


def test_it_is_the_device_of_the_case_that_is_awaited(torch: Device, job: Job) -> None:
    with MODEL.open(job) as runner:
        runner(1)

    assert torch.awaited == ["cuda:1", "cuda:1"]


def test_memory_is_given_back_at_the_end(torch: Device, job: Job) -> None:
    with MODEL.open(job):
        before = torch.emptied

    assert (before, torch.emptied) == (0, 1)


def test_memory_is_given_back_after_an_error(torch: Device) -> None:
    with pytest.raises(ZeroDivisionError), MODEL.open(Job(lambda _: 1 / 0, (1,))) as runner:
        runner(1)

    assert torch.emptied == 1


def test_only_a_gpu_races_on_it() -> None:
    assert MODEL.devices == {"cuda"}
