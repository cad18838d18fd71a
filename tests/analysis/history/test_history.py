"""What happened, and what else changed there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.comparison.differences import Difference
from raceway.analysis.history.history import case_ids
from raceway.analysis.history.reach import MachineReach, Where
from raceway.record import Commit
from support.past import digested, history_in, noisy, past, with_python

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.history.history import Step
    from raceway.record import Header

SLOWER = noisy(40, 1.2, 20)


def only_step(*pasts: list[Any]) -> Step:
    """Return the only change on machine one."""
    (history,) = [
        each
        for each in history_in([run for runs in pasts for run in runs])
        if each.series.place.machine == "one"
    ]
    (step,) = history.steps
    return step


def from_day_20(edit: Callable[[Header], Header]) -> Callable[[int, Header], Header]:
    return lambda day, header: edit(header) if day >= 20 else header


def test_a_change_lies_between_the_last_run_before_and_the_first_after() -> None:
    step = only_step(past(SLOWER))

    assert (step.before.header.run_id, step.after.header.run_id) == ("one-019", "one-020")
    assert step.change.ratio == pytest.approx(1.2, rel=0.02)
    assert not step.same_commit
    assert not step.unversioned


def test_noisy_runs_do_not_move_a_change() -> None:
    values = list(SLOWER)
    values[5:8] = [9.0] * 3
    step = only_step(past(values, noise=[5, 6, 7]))

    assert step.after.header.run_id == "one-020"


def test_where_nothing_changed_nothing_is_told() -> None:
    (history,) = history_in(past(noisy(40)))

    assert history.steps == ()
    assert history.is_long_enough


def test_a_short_history_is_not_long_enough() -> None:
    (history,) = history_in(past([1.0, 1.0, 3.0]))

    assert not history.is_long_enough
    assert history.steps == ()


def test_what_else_changed_is_named() -> None:
    def edit(header: Header) -> Header:
        machine = msgspec.structs.replace(header.machine, kernel="6.8", turbo=False)
        changed = with_python(header, version="3.13.2", libraries={"numpy": "2.0"})
        return msgspec.structs.replace(changed, machine=machine)

    step = only_step(past(SLOWER, edit=from_day_20(edit)))

    assert set(step.differences) == {
        Difference("kernel", "6.1", "6.8"),
        Difference("turbo", "not known", "off"),
        Difference("Python", "3.13.1", "3.13.2"),
        Difference("numpy", "1.26", "2.0"),
    }


@pytest.mark.parametrize(
    ("commit", "same_commit", "unversioned"),
    [("0" * 40, True, False), ("unversioned", False, True)],
)
def test_code_that_did_not_change_or_is_not_known_is_told(
    commit: str, *, same_commit: bool, unversioned: bool
) -> None:
    def edit(_: int, header: Header) -> Header:
        return msgspec.structs.replace(header, commit=Commit(id=commit))

    step = only_step(past(SLOWER, edit=edit))

    assert (step.same_commit, step.unversioned) == (same_commit, unversioned)


def test_a_change_on_every_machine_is_told_from_one_on_a_single_machine() -> None:
    both = only_step(past(SLOWER), past(noisy(40, 1.2, 20, seed=5), machine="two"))
    alone = only_step(past(SLOWER), past(noisy(40, seed=5), machine="two"))

    assert both.reach == MachineReach(Where.EVERYWHERE, ("two",), ())
    assert alone.reach == MachineReach(Where.HERE, (), ("two",))


def test_the_ids_of_all_cases_are_listed_once() -> None:
    runs = [*past([1.0, 1.0], size="9"), *past([1.0])]

    assert case_ids(digested(runs)) == ["primes-9-serial-w1@", "primes-4000-serial-w1@"]
