"""Short names of cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.report.format.labels import Labels, joined

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run


def test_the_model_alone_is_enough_where_nothing_else_differs(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    pool = record("pool", workers=2)

    assert Labels(run([record(), pool]))(pool) == "pool"


def test_workers_are_named_where_a_group_has_several(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    two, four = record("pool", workers=2), record("pool", workers=4)

    assert [*map(Labels(run([two, four])), [two, four])] == ["pool w2", "pool w4"]


def test_workers_of_another_group_do_not_matter(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    here, there = record("pool", workers=2), record("pool", workers=4, size="100")

    assert Labels(run([here, there]))(here) == "pool"


def test_devices_are_named_where_a_model_has_several(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    first, second = (record("cuda", device=f"cuda:{number}") for number in (0, 1))

    assert Labels(run([first, second]))(second) == "cuda cuda:1"


def test_interpreters_are_named_where_a_run_has_several(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    here, there = record("pool"), record("serial", interpreter="3.14t")

    assert Labels(run([here, there]))(here) == "pool @current"


@pytest.mark.parametrize(
    ("names", "expected"), [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")]
)
def test_names_are_joined_as_in_a_sentence(names: str, expected: str) -> None:
    assert joined(names) == expected
