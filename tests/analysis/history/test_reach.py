"""Whether a change shows on one machine, or on all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.history.reach import MachineReach, Where
from raceway.record import Commit
from support.past import history_in, noisy, past, with_python

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Header

SLOWER = noisy(40, 1.2, 20)


def reach(*others: list[Any], edit: Callable[[int, Header], Header] | None = None) -> MachineReach:
    """Return how far the only change of machine one reaches."""
    runs = [
        *past(SLOWER, **({"edit": edit} if edit else {})),
        *(run for other in others for run in other),
    ]
    mine = [each for each in history_in(runs) if each.series.place.machine == "one"]
    return mine[0].steps[0].reach


def late(days: int) -> Callable[[int, Header], Header]:
    """Return what lets each commit be measured so many days later than on machine one."""

    def edit(_: int, header: Header) -> Header:
        started = datetime.fromisoformat(header.started_at) + timedelta(days=days)
        return msgspec.structs.replace(header, started_at=started.isoformat())

    return edit


def unversioned(_: int, header: Header) -> Header:
    return msgspec.structs.replace(header, commit=Commit())


def test_without_other_machines_nothing_is_known() -> None:
    assert reach() == MachineReach(Where.NOT_KNOWN)


def test_a_machine_with_too_few_runs_after_the_change_does_not_count() -> None:
    assert reach(past(noisy(24), machine="two")) == MachineReach(Where.NOT_KNOWN)


def test_the_same_place_among_commits_counts_whenever_it_was_measured() -> None:
    other = past(noisy(40, 1.2, 20, seed=3), machine="two", edit=late(300))

    assert reach(other) == MachineReach(Where.EVERYWHERE, ("two",))


def test_another_place_among_commits_is_another_change() -> None:
    other = past(noisy(40, 1.2, 28, seed=3), machine="two")

    assert reach(other) == MachineReach(Where.HERE, (), ("two",))


def test_the_other_direction_is_another_change() -> None:
    other = past(noisy(40, 0.8, 20, seed=3), machine="two")

    assert reach(other) == MachineReach(Where.HERE, (), ("two",))


def test_a_run_more_or_less_is_the_same_change() -> None:
    other = past(noisy(40, 1.2, 21, seed=3), machine="two")

    assert reach(other) == MachineReach(Where.EVERYWHERE, ("two",))


@pytest.mark.parametrize(("days", "where"), [(0, Where.EVERYWHERE), (10, Where.HERE)])
def test_without_commits_the_time_decides(days: int, where: Where) -> None:
    def edit(day: int, header: Header) -> Header:
        return late(days)(day, unversioned(day, header))

    other = past(noisy(40, 1.2, 20, seed=3), machine="two", edit=edit)

    assert reach(other, edit=unversioned).where is where


def test_a_change_without_new_code_is_placed_by_time() -> None:
    def frozen(_: int, header: Header) -> Header:
        return msgspec.structs.replace(header, commit=Commit(id="f" * 40, time="2026-08-01"))

    other = past(noisy(40, seed=3), machine="two", edit=frozen)

    assert reach(other, edit=frozen) == MachineReach(Where.HERE, (), ("two",))


def test_some_machines_are_told_from_all() -> None:
    with_it = past(noisy(40, 1.2, 20, seed=3), machine="two")
    without = past(noisy(40, seed=4), machine="three")

    assert reach(with_it, without) == MachineReach(Where.SOME, ("two",), ("three",))


def test_a_machine_shows_a_change_if_any_of_its_interpreters_does() -> None:
    def newer(_: int, header: Header) -> Header:
        changed = with_python(header, version="3.14.0")
        return msgspec.structs.replace(changed, run_id=f"{header.run_id}-new")

    with_it = past(noisy(40, 1.2, 20, seed=3), machine="two", edit=newer)
    without = past(noisy(40, seed=4), machine="two")

    assert reach(with_it, without) == MachineReach(Where.EVERYWHERE, ("two",))
