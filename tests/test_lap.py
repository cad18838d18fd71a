from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloudpickle
import pytest

import raceway
from raceway import lap
from raceway.lap import (
    INSTALLED,
    Job,
    as_function,
    over_executor,
    sent_by_value,
    timed,
    uninstalled,
)
from raceway.measure.lane.resource import WithResource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class VirtualTime:
    """A clock that stands still unless told to go on."""

    def __init__(self) -> None:
        self.now_ns = 0

    def perf_counter_ns(self) -> int:
        return self.now_ns

    def work(self, lasts_ns: int) -> int:
        self.now_ns += lasts_ns
        return self.now_ns


@pytest.fixture
def virtual_time(monkeypatch: pytest.MonkeyPatch) -> VirtualTime:
    """Return the clock that laps are timed with."""
    virtual = VirtualTime()
    monkeypatch.setattr(lap, "time", virtual)
    return virtual


def test_a_lap_lasts_as_long_as_all_its_loops(virtual_time: VirtualTime) -> None:
    assert timed(lambda: [virtual_time.work(7)])(3).elapsed_ns == 21


def test_a_lap_answers_what_its_last_loop_answered(virtual_time: VirtualTime) -> None:
    assert timed(lambda: [virtual_time.work(7)])(3).answers == [21]


class SlowToStart(Executor):
    """An executor that takes its time to start and stop, and is worked by one thread."""

    def __init__(self, virtual_time: VirtualTime) -> None:
        self.time = virtual_time
        self.stopped = False

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **_: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(task(*arguments))
        return done

    def shutdown(self, *_: Any, **__: Any) -> None:
        self.time.work(1_000_000)
        self.stopped = True


def test_an_executor_is_timed_from_the_first_task_to_the_last_answer(
    virtual_time: VirtualTime,
) -> None:
    executor = SlowToStart(virtual_time)
    with over_executor(executor, Job(virtual_time.work, (1, 2, 3))) as runner:
        assert runner(2) == (12, [7, 9, 12])


def test_an_executor_is_shut_down_at_the_end(virtual_time: VirtualTime) -> None:
    executor = SlowToStart(virtual_time)
    with over_executor(executor, Job(abs, (1,))):
        pass

    assert executor.stopped


def test_answers_come_in_the_order_of_the_tasks() -> None:
    with over_executor(ThreadPoolExecutor(4), Job(str, range(100))) as runner:
        assert runner(1).answers == [str(number) for number in range(100)]


SENT = """
import pickle, sys
sys.path = [place for place in sys.path if place not in sys.argv[1:]]
task = pickle.loads(sys.stdin.buffer.read())
print([task(number) for number in (1, 2)])
"""


@contextmanager
def counted() -> Iterator[list[int]]:
    """Set up a list to which tasks add."""
    yield []


def count(number: int, resource: list[int]) -> int:
    """Return how many tasks ran in this worker so far."""
    resource.append(number)
    return len(resource)


def test_code_that_is_not_installed_is_sent_itself_with_what_is_set_up_for_it() -> None:
    task = WithResource(count, counted)
    assert (task(0), task(0)) == (1, 2)

    with sent_by_value(cloudpickle):
        content = cloudpickle.dumps(as_function(task))
    source = Path(raceway.__file__).parents[1]
    hidden = [] if INSTALLED.search(str(source / "raceway.py")) else [str(source)]
    there = subprocess.run(
        [sys.executable, "-I", "-c", SENT, *hidden], input=content, capture_output=True, check=False
    )

    assert there.stdout.decode() == "[1, 2]\n", there.stderr.decode()


def test_what_is_installed_or_pythons_own_is_not_sent() -> None:
    sent = {module.__name__ for module in uninstalled()}

    assert __name__ in sent
    assert not {"json", "pytest", "cloudpickle", "threading"} & sent


def test_code_is_sent_by_its_name_again_afterwards() -> None:
    before = set(cloudpickle.list_registry_pickle_by_value())
    with sent_by_value(cloudpickle):
        assert __name__ in cloudpickle.list_registry_pickle_by_value()

    assert set(cloudpickle.list_registry_pickle_by_value()) == before
