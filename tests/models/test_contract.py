"""What every model keeps to, whatever it is: found by discovery, run in this very process."""

from __future__ import annotations

import math
import multiprocessing
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from raceway.case import Family
from raceway.lap import Job
from raceway.plan.catalogue import discover
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from raceway.case import Model


BUILT_IN = discover()
PATCHING = {"gevent"}
"""Models that patch their process for good: for lanes alone."""
ORDINARY = {
    name: model
    for name, model in BUILT_IN.models.items()
    if "cpu" in model.devices and not set(model.needs) - {"kernel"} and name not in PATCHING
}
"""The models that can run any function."""


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Model:
    """Return the model of that name; skip where it cannot be opened here."""
    model: Model = ORDINARY[request.param]
    if model.option:
        pytest.skip(f"needs {model.option}")
    for package in model.requires:
        pytest.importorskip(package, reason=f"{package} is not installed")
    if sys.version_info < model.python:
        pytest.skip(f"needs Python {model.python[0]}.{model.python[1]}")
    if model.start_method not in {None, *multiprocessing.get_all_start_methods()}:
        pytest.skip(f"this system has no start method {model.start_method}")
    return model


def threads_left(before: set[threading.Thread]) -> set[threading.Thread]:
    """Give new threads a while to end, and return those that do not."""
    deadline_s = time.monotonic() + PATIENCE_S
    while (left := set(threading.enumerate()) - before) and time.monotonic() < deadline_s:
        time.sleep(0.01)
    return left


in_process = pytest.mark.parametrize(
    "opened",
    [
        pytest.param(name, marks=[pytest.mark.slow] if model.family is Family.ENGINES else [])
        for name, model in ORDINARY.items()
    ],
    indirect=True,
)


@in_process
def test_a_model_answers_in_the_order_of_its_tasks(opened: Model) -> None:
    with opened.open(Job(math.factorial, range(20), workers=2)) as runner:
        assert runner(3).answers == list(map(math.factorial, range(20)))


@in_process
def test_a_model_can_run_lap_after_lap(opened: Model) -> None:
    with opened.open(Job(abs, (-1, -2), workers=2)) as runner:
        laps = [runner(loops) for loops in (1, 2, 3)]

    assert [lap.answers for lap in laps] == [[1, 2]] * 3
    assert all(lap.elapsed_ns > 0 for lap in laps)


@in_process
def test_an_error_in_a_task_comes_through(opened: Model) -> None:
    job = Job(int, ("1", "x"), workers=2)
    with opened.open(job) as runner, pytest.raises(ValueError, match="invalid literal for int"):
        runner(1)


@in_process
def test_a_model_leaves_no_worker_behind(opened: Model) -> None:
    threads = set(threading.enumerate())
    with opened.open(Job(abs, range(9), workers=3)) as runner:
        runner(1)

    assert multiprocessing.active_children() == []
    assert threads_left(threads) == set()


@in_process
def test_a_model_whose_task_failed_leaves_no_worker_behind(opened: Model) -> None:
    threads = set(threading.enumerate())
    job = Job(int, ("x", "y", "1"), workers=3)
    with pytest.raises(ValueError, match="invalid literal"), opened.open(job) as runner:
        runner(1)

    assert multiprocessing.active_children() == []
    assert threads_left(threads) == set()


@in_process
def test_a_model_that_is_never_used_can_be_closed(opened: Model) -> None:
    with opened.open(Job(abs, (1,), workers=2)):
        pass

    assert multiprocessing.active_children() == []
