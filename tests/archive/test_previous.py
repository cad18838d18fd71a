"""What a run is compared with where nobody says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.archive.previous import earlier
from raceway.record import SUITE
from raceway.store.baseline import set_baseline
from raceway.store.runfile import decode
from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from support.archived import Keep


def before(file: Path) -> tuple[str, list[int]] | None:
    side = earlier(file, decode(file.read_bytes()), [])
    return side and (
        side.label,
        [int(run.header.run_id.removeprefix("day")) for run in side.runs],
    )


def test_the_baseline_is_what_a_run_is_compared_with(keep: Keep) -> None:
    first, _, last = (keep(day) for day in (1, 2, 3))
    set_baseline(first)

    assert before(last) == ("baseline", [1])


def test_without_a_baseline_it_is_the_run_before(keep: Keep) -> None:
    _, second, third = (keep(day) for day in (1, 2, 3))

    assert before(third) == ("the run before", [2])
    assert before(second) == ("the run before", [1])


def test_the_baseline_itself_is_compared_with_the_run_before(keep: Keep) -> None:
    _, second = (keep(day) for day in (1, 2))
    set_baseline(second)

    assert before(second) == ("the run before", [1])


def as_suite(file: Path, name: str) -> Path:
    """Make a run one of a suite with a single benchmark."""
    run = decode(file.read_bytes())
    (record, *_) = run.records
    benchmark = msgspec.structs.replace(record, id=name, workload="", model="")
    header = msgspec.structs.replace(run.header, profile=SUITE)
    file.unlink()
    return save(msgspec.structs.replace(run, header=header, records=[benchmark]), file.parent)


def test_a_suites_run_is_compared_with_a_run_of_the_same_suite(keep: Keep) -> None:
    first, second, third, last = (keep(day) for day in (1, 2, 3, 4))
    as_suite(first, "test_one")
    as_suite(second, "test_other")
    last = as_suite(last, "test_one")

    assert before(last) == ("the run before", [1])
    assert before(third) is None


def test_the_first_run_has_nothing_before_it(keep: Keep) -> None:
    assert before(keep(1)) is None


def test_what_holds_no_run_or_another_machines_is_passed_over(keep: Keep) -> None:
    first, second, third = (keep(day) for day in (1, 2, 3))
    second.write_text("no run", encoding="utf-8")
    keep(2, machine="m2").rename(first.parent / "20261102T000001Z_0000000_other.json")

    assert before(third) == ("the run before", [1])


def test_a_run_of_another_interpreter_is_passed_over_unless_it_is_the_baseline(keep: Keep) -> None:
    _, other, last = keep(1), keep(2, version="3.14.0"), keep(3)

    assert before(last) == ("the run before", [1])
    set_baseline(other)
    assert before(last) == ("baseline", [2])


def test_a_run_is_not_compared_with_what_it_went_on_from(keep: Keep) -> None:
    keep(1)
    half = keep(2)
    run = decode(half.read_bytes())
    header = msgspec.structs.replace(
        run.header, run_id="day03", started_at="2026-11-03T00:00:00+00:00", resumed_from="day02"
    )
    whole = save(msgspec.structs.replace(run, header=header), half.parent)

    assert before(whole) == ("the run before", [1])
    assert before(keep(4)) == ("the run before", [3])


def test_runs_in_folders_below_are_not_before_it(keep: Keep) -> None:
    first, second = keep(1), keep(2)
    (first.parent / "trash").mkdir()
    first.rename(first.parent / "trash" / first.name)

    assert before(second) is None


def test_a_run_that_raced_nothing_is_compared_with_nothing(keep: Keep) -> None:
    keep(1)
    file = keep(2)
    run = msgspec.structs.replace(decode(file.read_bytes()), records=[])

    assert earlier(file, run, []) is None


def test_a_run_with_a_later_name_but_an_earlier_time_is_not_judged_by_later_runs(
    keep: Keep,
) -> None:
    keep(2)
    first = keep(1)
    late = first.with_name("zz.json")
    first.rename(late)

    assert before(late) is None


def test_a_side_of_a_duel_is_not_judged_by_its_duel_side(keep: Keep) -> None:
    first, second = keep(1), keep(2)
    duels = first.parent / "duels"
    duels.mkdir()
    first.rename(duels / first.name)
    second.rename(duels / second.name)

    assert before(duels / second.name) is None


@pytest.mark.parametrize("named", ["20260101T000000Z_0_gone.json", ""])
def test_a_baseline_that_cannot_be_compared_with_is_told(keep: Keep, named: str) -> None:
    _, second = keep(1), keep(2)
    (second.parent / "baseline.baseline").write_text(named)
    notes: list[str] = []
    side = earlier(second, decode(second.read_bytes()), notes)

    assert side
    assert side.label == "the run before"
    assert "baseline.baseline: the run it names cannot be read" in notes[0]
