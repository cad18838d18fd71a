"""Arguments that are made anew before each pass, for tasks that change theirs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.spoken import Put


def test_arguments_are_made_anew_before_each_pass(lane: Any, put_workload: Put) -> None:
    put_workload(ordered, fresh=list, sizes={"few": ([2, 1], [3, 2, 1])}, expected=sorted)
    lane.told("prepare")
    lane.told("open", reference=True)
    lane.told("warm", round_s=0.0, warm_s=0.001)

    lane.told("go", rounds=3)
    lane.told("close")


def ordered(numbers: list[int]) -> list[int]:
    """Refuse what is in order already."""
    if numbers == sorted(numbers):
        raise ValueError("these have been sorted")
    numbers.sort()
    return numbers


def test_making_arguments_anew_is_not_timed(lane: Any, put_workload: Put) -> None:
    def slowly(number: int) -> int:
        end_s = time.process_time() + 0.05
        while time.process_time() < end_s:
            pass
        return number

    put_workload(fresh=slowly)
    lane.told("prepare")
    lane.told("open")

    went = lane.told("go", rounds=2)

    assert sum(went["rounds_ns"]) < 0.05e9
    assert went["cpu_s"] < 0.05
