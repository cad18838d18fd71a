from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from raceway.errors import StoreError
from raceway.record import JournalLine, Run, Status
from raceway.store.journal import Journal
from raceway.store.recovery import recover
from raceway.store.runs import load
from raceway.store.strict import to_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.processes import StartPython
    from support.saved import MakeGroup, MakeRun


def recovered_run(results: Path) -> Run:
    (recovered,) = recover(results)
    assert recovered.run_file
    ((_, run),) = load([recovered.run_file]).runs
    return run


@pytest.mark.usefixtures("left")
def test_every_whole_group_is_in_the_recovered_run(tmp_path: Path, make_group: MakeGroup) -> None:
    run = recovered_run(tmp_path)

    measured = [make_group(launch).launches["primes-small-serial-w1"] for launch in (0, 1)]
    assert run.records[0].launches == measured


@pytest.mark.usefixtures("left")
def test_a_recovered_run_is_interrupted(tmp_path: Path) -> None:
    run = recovered_run(tmp_path)

    assert (run.status, run.records[0].status) == (Status.INTERRUPTED, Status.INTERRUPTED)
    assert run.records[0].reason == "2 of 3 launches were measured"


@pytest.mark.usefixtures("left")
def test_a_recovered_run_ends_with_its_last_group(tmp_path: Path) -> None:
    assert recovered_run(tmp_path).finished_at == "2026-11-23T04:55:01.500000+00:00"


def test_a_run_of_plain_benchmarks_alone_ends_where_it_began(
    make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run()
    with Journal.create(tmp_path / "machine", run.header) as journal:
        journal.append(JournalLine(plain=replace(run.records[0], id="plain")))

    assert recovered_run(tmp_path).finished_at == "2026-11-23T04:55:00+00:00"


@pytest.mark.parametrize("end", ["", '{"peaks": []}\n', '{"group": {"id": "primes-sm'])
def test_a_session_that_died_before_it_measured_publishes_nothing(
    make_run: MakeRun, tmp_path: Path, end: str
) -> None:
    with Journal.create(tmp_path / "machine", make_run().header) as journal:
        pass
    with journal.path.open("a") as file:
        file.write(end)

    assert recover(tmp_path) == []
    assert list((tmp_path / "machine").iterdir()) == []


@pytest.mark.parametrize("bytes_written", [0, 100])
def test_a_session_that_died_as_it_began_its_journal_leaves_none(
    left: Path, tmp_path: Path, bytes_written: int
) -> None:
    os.truncate(left, bytes_written)

    assert recover(tmp_path) == []
    assert list(left.parent.iterdir()) == []


def test_a_run_that_only_could_not_be_saved_is_recovered_whole(left: Path, tmp_path: Path) -> None:
    end = "2026-11-23T05:00:00+00:00"
    with left.open("ab") as file:
        file.write(to_json(JournalLine(finished_at=end)) + b"\n")

    run = recovered_run(tmp_path)

    assert (run.status, run.finished_at) == (Status.OK, end)
    assert run.records[0].status is Status.OK


def test_a_recovered_journal_is_gone(left: Path, tmp_path: Path) -> None:
    recover(tmp_path)

    assert [path.name for path in left.parent.iterdir()] == [f"{left.stem}.json"]


def test_nothing_is_recovered_twice(left: Path, tmp_path: Path) -> None:
    recover(tmp_path)

    assert (recover(tmp_path), len(list(left.parent.iterdir()))) == ([], 1)


def test_a_live_journal_is_left_alone(make_run: MakeRun, tmp_path: Path) -> None:
    with Journal.create(tmp_path / "machine", make_run().header) as journal:
        recovered = recover(tmp_path)

        assert (recovered, journal.path.exists()) == ([], True)


def test_a_run_saved_before_its_session_died_is_kept_as_it_is(left: Path, tmp_path: Path) -> None:
    saved = left.with_suffix(".json")
    saved.write_bytes(b"saved in full")

    (recovered,) = recover(tmp_path)

    assert (recovered.run_file, saved.read_bytes()) == (saved, b"saved in full")
    assert not left.exists()


def test_what_a_dead_session_began_to_save_is_removed(left: Path, tmp_path: Path) -> None:
    begun = left.with_name(f".{left.stem}.0123.tmp")
    begun.touch()

    recover(tmp_path)

    assert not begun.exists()


RECOVER_ON_CUE = """
import sys
from pathlib import Path
from raceway.store.recovery import recover

sys.stdin.readline()
for recovered in recover(Path(sys.argv[1])):
    print(recovered.run_file.name)
"""


def test_two_recoveries_at_once_save_each_run_once(
    leave_journal: Callable[[str], Journal], start_python: StartPython, tmp_path: Path
) -> None:
    for number in range(40):
        leave_journal(f"run{number:02}")
    pair = [start_python(RECOVER_ON_CUE, tmp_path) for _ in range(2)]
    for process in pair:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    told = [name for process in pair for name in process.communicate()[0].splitlines()]

    saved = sorted(path.name for path in (tmp_path / "machine").iterdir())

    assert len(saved) == 40
    assert sorted(set(told)) == saved


def test_a_journal_that_another_recovery_removed_is_no_problem(
    leave_journal: Callable[[str], Journal], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_journal("gone")

    def removed_meanwhile(journal: Path) -> None:
        journal.unlink()
        message = "no such file"
        raise StoreError(message)

    monkeypatch.setattr("raceway.store.recovery.read_journal", removed_meanwhile)

    assert recover(tmp_path) == []
