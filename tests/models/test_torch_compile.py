"""The torch-compile model: what is compiled, when, and that it leaves torch as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.lap import Job
from raceway.measure.lane.facts import can_compile
from raceway.models.torch_compile import MODEL, passes

if TYPE_CHECKING:
    from collections.abc import Callable


def double(number: float) -> float:
    return 2.0 * number


def task(_: float) -> float:
    raise AssertionError("the task itself is not run where its kernel is")


JOB = Job(task, (1.0, 2.0), kernel=double, inputs=lambda number: (number + 1.0,))


def test_the_kernel_is_compiled_once_and_whole() -> None:
    made: list[dict[str, Any]] = []

    def make(kernel: Callable[..., Any], **options: Any) -> Callable[..., Any]:
        made.append(options)
        return kernel

    run = passes(JOB, make)

    assert [run(), run()] == [[4.0, 6.0]] * 2
    assert made == [{"fullgraph": True, "dynamic": False}]


def test_inputs_are_made_before_the_pass() -> None:
    asked: list[float] = []
    job = Job(task, (1.0, 2.0), kernel=double, inputs=lambda each: (asked.append(each), (each,))[1])
    run = passes(job, lambda kernel, **_: kernel)
    run()

    assert asked == [1.0, 2.0]


def test_a_job_without_a_kernel_runs_as_it_is() -> None:
    assert passes(Job(double, (1.0,)), lambda _: None)() == [2.0]


def test_an_audit_is_given_the_compiled_kernel() -> None:
    def audit(number: float, kernel: Callable[[float], float]) -> bool:
        return kernel(number) == 2.0 * number

    assert passes(Job(audit, (1.0, 3.0), kernel=double), lambda kernel, **_: kernel)() == [True] * 2


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own, of its own parts
@pytest.mark.skipif(not can_compile(), reason="needs a C++ compiler and Python's headers")
def test_a_compiled_kernel_answers_as_the_plain_one_does() -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    numbers = torch.arange(8.0)
    job = Job(
        task, (1.0,), kernel=lambda each: (each * 2.0 + 1.0).sum(), inputs=lambda _: (numbers,)
    )
    threads = torch.get_num_threads()

    with MODEL.open(job) as runner:
        assert runner(2).answers == [64.0]
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == threads


def test_it_races_in_the_full_profile_or_by_name() -> None:
    assert MODEL.scope == "full"
