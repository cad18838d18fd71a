"""What a workload declares, checked while it is measured."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind
from raceway.measure.lane.declared import (
    CHANGED,
    Arguments,
    ChangedArgumentError,
    false_wait,
    sample_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.spoken import SpokenLane

    Put = Callable[..., None]


class Lazy:
    """An object that keeps what it has once computed, and is equal all the same."""

    def __init__(self) -> None:
        self.kept: int | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lazy)

    def __hash__(self) -> int:
        return 0


def grown(values: list[int]) -> int:
    values.append(1)
    return 0


def test_a_task_that_changes_its_argument_fails_with_a_remedy(
    lane: SpokenLane, put_workload: Put
) -> None:
    put_workload(grown, sizes={"few": ([1], [2])})

    assert lane.error("prepare") == CHANGED


def test_a_task_whose_answers_are_known_is_seen_to_change_its_argument_when_opened(
    lane: SpokenLane, put_workload: Put
) -> None:
    put_workload(grown, sizes={"few": ([1], [2])}, expected=lambda _: 0)
    lane.told("prepare")

    assert lane.error("open") == CHANGED


def test_arguments_that_stay_as_they_are_pass() -> None:
    for values in ((1, "a", (2.0, b"b")), ([1], {"a": {2}}), (lambda: None,)):
        Arguments.of(values).check()


def test_what_an_object_keeps_for_itself_is_no_change() -> None:
    lazy = Lazy()
    noted = Arguments.of([lazy])
    lazy.kept = 1

    noted.check()


def test_what_nobody_can_compare_counts_as_changed() -> None:
    class Odd(list[int]):
        __hash__ = None  # type: ignore[assignment]

        def __eq__(self, other: object) -> bool:
            raise ValueError("ambiguous")

    values: list[Any] = [[1]]
    noted = Arguments.of(values)
    values[0] = Odd([2])

    with pytest.raises(ChangedArgumentError):
        noted.check()


@pytest.mark.parametrize(
    ("declared_s", "told"),
    [(0.02, ""), (0.06, "a declared wait of 60 ms took "), (5.0, ""), (0.0, "")],
    ids=["true", "false", "too long to be tried", "none"],
)
def test_a_wait_that_is_declared_is_waited_once(
    lane: SpokenLane, put_workload: Put, declared_s: float, told: str
) -> None:
    put_workload(
        lambda _: time.sleep(0.021), kind=Kind.IO, expected=lambda _: None,
        wait_s=lambda _: declared_s,
    )  # fmt: skip
    contradiction = lane.told("prepare", check=True)["contradiction"]

    assert contradiction.startswith(told)
    assert bool(contradiction) is bool(told)


def test_a_false_wait_among_true_ones_is_found(lane: SpokenLane, put_workload: Put) -> None:
    put_workload(
        lambda _: time.sleep(0.011), kind=Kind.IO, expected=lambda _: None, wait_s=float,
        sizes={"few": (0.01, 0.06, 0.01, 0.01)},
    )  # fmt: skip

    assert lane.told("prepare", check=True)["contradiction"].startswith(
        "a declared wait of 60 ms took "
    )


def test_waits_are_tried_for_a_second_at_most(lane: SpokenLane, put_workload: Put) -> None:
    put_workload(
        lambda _: time.sleep(0.011), kind=Kind.IO, expected=lambda _: None, wait_s=float,
        sizes={"few": (0.01, 1.5, 0.01)},
    )  # fmt: skip

    assert lane.told("prepare", check=True)["contradiction"] == ""


@pytest.mark.parametrize(
    ("waits_s", "expected"),
    [((), []), ((0, 0), []), ((3,), [3]), ((5, 1), [1, 5]), ((4, 0, 1, 5, 3), [1, 4, 5])],
)
def test_a_short_a_usual_and_a_long_wait_are_tried(
    waits_s: tuple[int, ...], expected: list[int]
) -> None:
    assert sample_of(waits_s, float) == expected


def test_a_workload_without_waits_is_not_tried(put_workload: Put) -> None:
    put_workload()
    from raceway.workloads.odd_work import WORKLOAD  # type: ignore[import-not-found]  # noqa: PLC0415

    assert false_wait(WORKLOAD, "few", pytest.fail) == ""
