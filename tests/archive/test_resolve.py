from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.archive.resolve import MOST_RUNS, Chooser
from raceway.errors import SelectionError, StoreError
from raceway.record import HostState
from raceway.store.baseline import set_baseline
from raceway.store.runs import load, save

if TYPE_CHECKING:
    from support.archived import Keep
    from support.checkout import Git
    from support.saved import MakeRun


@pytest.fixture
def chooser(tmp_path: Path) -> Chooser:
    return Chooser(tmp_path / "results")


def days(side: Side) -> list[int]:
    return [int(run.header.run_id.removeprefix("day")) for run in side.runs]


def test_two_words_are_two_sides(keep: Keep, chooser: Chooser) -> None:
    for day in (1, 2):
        keep(day)
    a, b = chooser.sides("day01", "latest")

    assert (a.label, days(a), b.label, days(b)) == ("day01", [1], "latest", [2])
    assert chooser.notes == []


def test_a_run_is_not_compared_with_a_folder_that_holds_it(keep: Keep, chooser: Chooser) -> None:
    for day in (1, 2, 3):
        keep(day)

    assert days(chooser.sides("m1", "latest")[0]) == [1, 2]


def test_a_run_compared_with_itself_is_noted(keep: Keep, chooser: Chooser) -> None:
    set_baseline(keep(1))
    a, b = chooser.sides("baseline", "latest")

    assert (days(a), days(b)) == ([1], [1])
    assert chooser.notes == ["baseline and latest are the same: this compares a run with itself"]


def test_two_interpreters_of_a_run_are_two_sides(keep: Keep, chooser: Chooser) -> None:
    keep(1, labels=("current", "3.14"))
    a, b = chooser.sides("latest@current", "3.14")

    assert (a.interpreter, b.interpreter) == ("current", "3.14")
    assert chooser.notes == []


def test_runs_without_the_interpreter_are_left_out(keep: Keep, chooser: Chooser) -> None:
    keep(1, labels=("current", "3.14"))
    keep(2)
    a, _ = chooser.sides("m1@3.14", "day02")

    assert days(a) == [1]


def test_of_several_machines_that_of_the_other_side_is_meant(keep: Keep, chooser: Chooser) -> None:
    for day, machine in ((1, "m1"), (2, "m2"), (3, "m1")):
        keep(day, machine)
    a, _ = chooser.sides("results", "m1/20261103T000000Z_0123456_day03.json")

    assert days(a) == [1]
    assert chooser.notes == [
        "results: 1 of 2 runs are compared: the newest of one machine, host and interpreter"
    ]


def test_another_machine_will_do_where_there_is_none_of_the_other_side(
    keep: Keep, chooser: Chooser
) -> None:
    keep(1, "m1")
    keep(2, "m2")

    assert days(chooser.sides("m1", "m2")[0]) == [1]


def test_a_side_is_of_one_machine_even_where_it_is_not_the_other_side_s(
    keep: Keep, chooser: Chooser
) -> None:
    for day, machine in ((1, "m1"), (2, "m2"), (3, "m2"), (4, "m3")):
        keep(day, machine)
    (chooser.results / "m3").rename(chooser.results.parent / "m3")
    a, b = chooser.sides("results", "m3")

    assert (days(a), days(b)) == ([2, 3], [4])


def test_only_runs_of_the_newest_interpreter_are_compared(keep: Keep, chooser: Chooser) -> None:
    for day, version in ((1, "3.13.0"), (2, "3.14.0"), (3, "3.14.0"), (4, "3.14.0")):
        keep(day, version=version)
    a, _ = chooser.sides("m1", "latest")

    assert days(a) == [2, 3]


def test_runs_that_name_no_interpreter_are_alike(keep: Keep, chooser: Chooser) -> None:
    for day in (1, 2, 3):
        keep(day, labels=())

    assert days(chooser.sides("m1", "latest")[0]) == [1, 2]


def test_of_many_runs_the_newest_are_compared(keep: Keep, chooser: Chooser) -> None:
    for day in range(1, MOST_RUNS + 4):
        keep(day)
    a, _ = chooser.sides("m1", "latest")

    assert days(a) == list(range(3, MOST_RUNS + 3))


def test_files_that_cannot_be_read_are_noted(keep: Keep, chooser: Chooser) -> None:
    for day in (1, 2):
        keep(day)
    keep(3).write_bytes(b"{")
    a, _ = chooser.sides("m1", "day02")

    (note,) = chooser.notes
    assert days(a) == [1]
    assert "day03.json: not JSON (unexpected end, byte 1); skipped. " in note


def test_a_side_that_cannot_be_read_is_refused(keep: Keep, chooser: Chooser) -> None:
    keep(1)
    keep(2).write_bytes(b"\xff\xfe")

    with pytest.raises(SelectionError, match=r"^latest: holds no run that can be read; choose an"):
        chooser.sides("day01", "latest")


@pytest.mark.parametrize(
    ("labels", "said"),
    [(("current", "3.14"), "choose from current, 3.14"), ((), "it names none")],
)
def test_an_unknown_interpreter_is_refused_with_the_known_ones(
    keep: Keep, chooser: Chooser, labels: tuple[str, ...], said: str
) -> None:
    keep(1, labels=labels)

    with pytest.raises(SelectionError, match=rf"^latest@pypy: no interpreter pypy was .*; {said}$"):
        chooser.sides("latest@pypy", "latest")


def test_a_word_that_means_nothing_is_refused(keep: Keep, chooser: Chooser) -> None:
    keep(1)

    with pytest.raises(StoreError, match=r"^zz: no run, folder, machine"):
        chooser.sides("zz", "latest")


def test_a_side_may_be_a_revision_of_the_repository_around(
    git: Git, make_run: MakeRun, chooser: Chooser, keep: Keep
) -> None:
    commit = git("rev-parse", "HEAD")
    save(make_run(run_id="day01", commit=commit), chooser.results / "m1")
    git("tag", "v1")
    keep(30)

    assert days(chooser.sides("v1", "latest")[0]) == [1]


def test_runs_of_another_host_are_not_compared_together(
    keep: Keep, chooser: Chooser, make_run: MakeRun
) -> None:
    folder = keep(1).parent
    for day, host in ((2, HostState(microcode="0x1")), (3, HostState(microcode="0x2"))):
        run = make_run(run_id=f"day{day:02}", started_at=f"2026-11-{day:02}T00:00:00+00:00")
        header = msgspec.structs.replace(
            run.header, host=host, machine=msgspec.structs.replace(run.header.machine, id="m1")
        )
        save(msgspec.structs.replace(run, header=header), folder)
    keep(30)

    assert days(chooser.sides("m1", "day01")[0]) == [30]
    assert days(chooser.sides("m1", "day30")[0]) == [3]


COMMITTED = sorted((Path(__file__).parents[2] / "results").glob("*/*_5863ab6_*.json"))[:2]


@pytest.mark.skipif(len(COMMITTED) < 2, reason="needs the committed runs")
def test_the_committed_runs_which_know_nothing_of_hosts_are_compared_by_absolute_times() -> None:
    a, b = (Side(path.stem, [run]) for path, run in load(COMMITTED).runs)
    compared = compare_sides(a, b)

    assert not any("another host" in row.reason for row in compared.rows)
    assert compared.count(Verdict.SAME) > 0
    assert compared.count(Verdict.SLOWER) == compared.count(Verdict.FASTER) == 0
