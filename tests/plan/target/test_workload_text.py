"""The workload file of a user's function."""

from __future__ import annotations

import os
import pickle
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Family, Kind
from raceway.errors import TargetError
from raceway.plan.catalogue import discover
from raceway.plan.target.target import Target
from raceway.plan.target.workload_text import Shape, expression, workload_text
from raceway.plan.work import work_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from raceway.case import Workload

    Made = Callable[..., Workload]
    Answers = Callable[..., list[Any]]


def test_the_task_is_the_function_itself_where_workers_find_it_by_name(
    core: ModuleType, made: Made
) -> None:
    assert made(Target.of(core.parse, [1, 2])).task is core.parse


def test_a_package_is_imported_with_its_neighbours(core: ModuleType, answers: Answers) -> None:
    assert answers(Target.of(core.parse, [1, 2])) == [11, 12]


def test_keyword_arguments_go_with_every_call(core: ModuleType, answers: Answers) -> None:
    assert answers(Target.of(core.parse, [1], kwargs={"strict": True})) == [111]


def test_a_partial_is_taken_apart(core: ModuleType, answers: Answers) -> None:
    target = Target.of(partial(partial(core.two, 5)), [1, 2])

    assert answers(target) == [6, 7]
    assert target.called == "mysvc.core:two"


@pytest.mark.parametrize(
    ("function", "answer"),
    [("Parser.made", 3), ("Parser.fixed", 4), ("parser.parse", 2), ("strictly", 111)],
)
def test_methods_and_partials_can_be_sent_to_workers(
    core: ModuleType, made: Made, function: str, answer: int
) -> None:
    value: Any = core
    for name in function.split("."):
        value = getattr(value, name)
    task = pickle.loads(pickle.dumps(made(Target.of(value, [1])).task))  # noqa: S301 (ours)

    assert task(1) == answer


def test_items_are_repeated_within_a_pass(core: ModuleType, answers: Answers) -> None:
    target = Target.of(core.parse, [1, 2], repeat=2)

    assert answers(target, Shape(Kind.CPU, (4,))) == [11, 12, 11, 12]
    assert answers(target, Shape(Kind.CPU, (3,))) == [11, 12, 11]


def test_a_smaller_size_takes_items_from_everywhere(core: ModuleType, made: Made) -> None:
    target = Target.of(core.parse, range(100))
    work = made(target, Shape(Kind.CPU, (4, 100)))

    assert work.sizes["4"] == [0, 25, 50, 75]
    assert list(work.sizes["100"]) == list(range(100))


def test_items_of_any_type_are_sent(core: ModuleType, made: Made) -> None:
    items = [core.Parser, {"a": [1, (2.5, None)]}, float("inf"), b"\0", {1}]

    assert list(made(Target.of(core.parse, items, kwargs={"strict": 1})).sizes["5"]) == items


def test_what_cannot_be_sent_is_refused() -> None:
    with pytest.raises(TargetError, match=r"the items cannot be sent to other processes \("):
        expression([lambda: None], "the items")


def test_a_plain_function_races_everywhere_but_on_event_loops(core: ModuleType, made: Made) -> None:
    work = made(Target.of(core.parse, [1]))

    assert work.families == frozenset(Family) - {Family.EVENT_LOOP}
    assert work.async_task is None


async def test_a_pair_races_everywhere(core: ModuleType, made: Made) -> None:
    work = made(Target.of(core.fetch, [0.0], async_function=core.afetch))

    assert work.families == frozenset(Family)
    assert work.task is core.fetch
    assert work.async_task is core.afetch


def test_a_coroutine_function_alone_races_on_loops_and_in_turn(
    core: ModuleType, made: Made
) -> None:
    work = made(Target.of(core.afetch, [0.0]))

    assert work.families == {Family.ONE_CORE, Family.EVENT_LOOP}
    assert work.async_task is core.afetch
    assert [work.task(0.0), work.task(0.001)] == [0.0, 0.001]


def test_an_object_with_an_async_call_is_a_coroutine_function(core: ModuleType, made: Made) -> None:
    work = made(Target.of(core.awaitable, [3]))

    assert Family.THREADS not in work.families
    assert work.task(3) == 3


def test_a_process_is_set_up_once_and_so_is_each_forked_one(core: ModuleType, made: Made) -> None:
    task = made(Target.of(core.prepared, [1], setup=core.prepare)).task

    assert core.READY == []
    assert [task(1), task(1)] == [1, 1]
    if not hasattr(os, "fork"):
        return
    child = os.fork()
    if child == 0:
        os._exit(task(1))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


def test_answers_agree_by_the_users_own_function(core: ModuleType, made: Made) -> None:
    work = made(Target.of(core.parse, [1], agrees=core.near))

    assert work.agrees(1.5, 1.0)
    assert not work.agrees(2.5, 1.0)


def test_each_item_has_its_own_wait(core: ModuleType, made: Made, waiting: Shape) -> None:
    work = made(Target.of(core.fetch, [1.5, 2.5]), waiting)

    assert work.demand("2").waits_s == (0.25, 0.5)


def test_a_changed_function_changes_the_digest_of_the_work(core: ModuleType, made: Made) -> None:
    work = made(Target.of(core.parse, [1], kwargs={"strict": True}))

    assert getattr(work.task, "__wrapped__") is core.parse  # noqa: B009 (mypy knows no such name)


def test_other_arguments_or_another_setup_are_other_work(core: ModuleType, made: Made) -> None:
    targets = [
        Target.of(core.parse, [1]),
        Target.of(core.parse, [1], kwargs={"strict": True}),
        Target.of(core.parse, [1], kwargs={"strict": False}),
        Target.of(partial(core.two, 5), [1]),
        Target.of(partial(core.two, 6), [1]),
        Target.of(core.prepared, [1]),
        Target.of(core.prepared, [1], setup=core.prepare),
        Target.of(core.aparse, [1]),
        Target.of(core.aparse, [1], kwargs={"strict": True}),
    ]
    digests = [work_digest(made(target), "1") for target in targets]

    assert all(digests)
    assert len({*digests}) == len(targets)
    again = made(Target.of(core.parse, [1], kwargs={"strict": True}))
    assert work_digest(again, "1") == digests[1]


def test_the_users_folder_comes_last_on_the_path(core: ModuleType) -> None:
    text = workload_text(target := Target.of(core.parse, [1]), Shape.unknown(target))

    assert f"sys.path.append({os.path.dirname(os.path.dirname(core.__file__ or ''))!r})" in text  # noqa: PTH120


def test_the_file_under_test_is_the_users(core: ModuleType, tmp_path: Path) -> None:
    target = Target.of(core.parse, [1])
    file = tmp_path / "parse.py"
    file.write_text(workload_text(target, Shape.unknown(target)), encoding="utf-8")

    assert str(discover([file]).under_test["parse"]) == core.__file__


def test_an_installed_function_needs_no_folder() -> None:
    target = Target.of(os.path.basename, ["a/b"])

    assert "sys.path.append" not in workload_text(target, Shape.unknown(target))
