"""What may be raced, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import TargetError
from raceway.plan.target.binding import Pickled, Sourced, binding_of
from raceway.plan.target.target import Target

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LIMIT", "3: of type int, which cannot be called"),
        ("lines", "mysvc.core:lines: a generator function, which does nothing until it is gone"),
        ("rows", r"a coroutine function that returns \[each async for each in rows\(…\)\]$"),
        ("two", r"mysvc.core:two cannot be called with an item \(missing a required argument: 'b'"),
    ],
)
def test_what_cannot_be_called_with_an_item_is_refused(
    core: ModuleType, name: str, said: str
) -> None:
    with pytest.raises(TargetError, match=said):
        Target.of(getattr(core, name), [1])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"items": 5}, "items: of type int; give a list, one item a call"),
        ({"items": None}, "items: of type NoneType; give a list"),
        ({"kwargs": [1]}, "kwargs: of type list; give a dict"),
        ({"repeat": 1.5}, r"repeat 1\.5: give a whole number above 0"),
    ],
)
def test_what_is_of_another_type_is_refused_with_the_right_one(
    core: ModuleType, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(TargetError, match=said):
        Target.of(core.parse, **{"items": [1], **asked})


def test_a_method_of_a_builtin_type_is_called_by_its_name() -> None:
    assert Target.of(str.upper, ["a"]).called == "str.upper"


def test_a_keyword_that_a_function_does_not_take_is_refused(core: ModuleType) -> None:
    with pytest.raises(TargetError, match=r"with an item and loud .*unexpected keyword argument"):
        Target.of(core.parse, [1], kwargs={"loud": 1})


@pytest.mark.parametrize(("items", "repeat"), [([], 1), ([1], 0)])
def test_a_pass_without_tasks_is_refused(core: ModuleType, items: list[int], repeat: int) -> None:
    with pytest.raises(TargetError, match=r"give"):
        Target.of(core.parse, items, repeat=repeat)


def test_a_pair_is_a_plain_function_and_a_coroutine_function(core: ModuleType) -> None:
    with pytest.raises(TargetError, match=r"async mysvc.core:parse: not defined with async def"):
        Target.of(core.fetch, [1], async_function=core.parse)
    with pytest.raises(TargetError, match=r"mysvc.core:afetch is a coroutine function itself"):
        Target.of(core.afetch, [1], async_function=core.afetch)


def test_a_function_that_no_process_can_import_is_refused_with_the_remedy() -> None:
    with pytest.raises(TargetError, match=r"the function .*lambda.*; define it at the top"):
        Target.of(lambda number: number, [1])


def test_other_ways_to_send_a_function_can_be_given(made: Callable[..., Any]) -> None:
    def bind(_: Any, what: str) -> Sourced:
        return Sourced("cell 3", f"def twice(number):\n    return 2 * number  # {what}", "twice")

    work = made(Target.of(lambda number: 2 * number, [1], bind=bind))

    assert work.task(21) == 42


def test_an_object_without_a_name_is_pickled(core: ModuleType) -> None:
    bound = binding_of(core.parser.parse, "the function")

    assert isinstance(bound, Pickled)
    assert bound.called == "mysvc.core:Parser.parse"
