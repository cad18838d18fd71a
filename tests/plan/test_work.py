from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from raceway.case import Kind, Workload
from raceway.plan.work import work_digest

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
