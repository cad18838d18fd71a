from __future__ import annotations

import math
import os
import subprocess
import sys
from threading import Lock
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Workload
from raceway.plan.work import BOUND, work_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def double(number: int) -> int:
    return 2 * number


def triple(number: int) -> int:
    return 3 * number


def digest(task: Callable[[Any], Any] = double, arguments: Sequence[Any] = (1, 2)) -> str:
    work = Workload(summary="", kind=Kind.CPU, task=task, sizes={"few": arguments})
    return work_digest(work, "few")


def test_the_same_work_has_the_same_digest() -> None:
    assert digest() == digest() != ""


def test_another_task_or_other_arguments_are_other_work() -> None:
    told = {digest(), digest(triple), digest(math.factorial), digest(arguments=(1, 3))}

    assert len(told) == 4


def test_what_cannot_be_told_has_no_digest() -> None:
    assert digest(arguments=(lambda: None,)) == ""
    assert digest(bound(lock=Lock())) == ""


def bound(**values: object) -> Callable[[int], int]:
    """Return a task that is called with more than its argument."""

    def task(number: int) -> int:
        return number

    setattr(task, BOUND, values)
    return task


def test_what_is_bound_to_a_task_is_part_of_the_work() -> None:
    told = {
        digest(task)
        for task in (
            bound(), bound(strict=True), bound(strict=False), bound(lazy=True),
            bound(setup=double), bound(setup=triple),
        )
    }  # fmt: skip

    assert len(told) == 6
    assert digest(bound(a=1, b=2)) == digest(bound(b=2, a=1))


DIGEST_OF_SETS = """
from raceway.case import Kind, Workload
from raceway.plan.work import work_digest
sets = [{"ant", "bee", "cat", "dog"}, frozenset({"elk", "fox", "gnu", "hen"})]
print(work_digest(Workload(summary="", kind=Kind.CPU, task=len, sizes={"few": sets}), "few"))
"""


def test_sets_have_the_same_digest_in_every_process() -> None:
    told = {
        subprocess.check_output(
            [sys.executable, "-c", DIGEST_OF_SETS], env={**os.environ, "PYTHONHASHSEED": seed}
        )
        for seed in "1234"
    }

    assert len(told) == 1
