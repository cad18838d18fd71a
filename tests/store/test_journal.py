from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from raceway.errors import StoreError
from raceway.record import JournalLine, Peak, Record
from raceway.store.journal import Journal, read_journal
from raceway.store.lock import try_lock
from raceway.store.recovery import recover
from raceway.store.runs import load

if TYPE_CHECKING:
    from pathlib import Path

    from support.processes import AppendForever
    from support.saved import MakeGroup, MakeRun


PEAK = Peak(device="cpu", interpreter="current", precision="fp32", flops_per_s=1, bytes_per_s=2)


def is_live(path: Path) -> bool:
    """Whether a session holds the journal, so that a recovery leaves it alone."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)


def test_what_was_appended_is_read_back(
    journal: Journal, make_run: MakeRun, make_group: MakeGroup
) -> None:
    plain = Record(id="a::b", fullname="a::b")
    journal.append(JournalLine(group=make_group(0)))
    journal.append(JournalLine(plain=plain))
    journal.append(JournalLine(peaks=[PEAK]))

    read = read_journal(journal.path)

    assert (read.header, read.groups) == (make_run().header, [make_group(0)])
    assert (read.plain, read.peaks, read.problems) == ([plain], [PEAK], [])


def test_a_second_journal_of_the_same_run_is_refused(journal: Journal, make_run: MakeRun) -> None:
    with pytest.raises(StoreError, match=r"cannot begin a journal \(File exists\)"):
        Journal.create(journal.path.parent, make_run().header)


def test_a_closed_journal_takes_no_line(journal: Journal, make_group: MakeGroup) -> None:
    journal.close()

    with pytest.raises(StoreError, match="the journal is closed"):
        journal.append(JournalLine(group=make_group(0)))


def test_a_removed_journal_is_gone(journal: Journal) -> None:
    journal.remove()

    assert not journal.path.exists()


def test_a_journal_is_live_while_it_is_open(journal: Journal) -> None:
    assert is_live(journal.path)


def test_a_journal_is_dead_once_it_is_closed(journal: Journal) -> None:
    journal.close()

    assert not is_live(journal.path)


def test_a_killed_session_loses_only_the_group_in_progress(
    append_forever: AppendForever, tmp_path: Path
) -> None:
    appending = append_forever(tmp_path / "machine")
    assert appending.stdout
    appended = [int(appending.stdout.readline()) for _ in range(20)]
    appending.kill()
    appended += map(int, appending.stdout)

    (recovered,) = recover(tmp_path)
    ((_, run),) = load([recovered.run_file or tmp_path]).runs
    kept = [group.launch for group in run.groups]

    assert appended == kept[: len(appended)]
    assert len(run.records[0].launches) == len(kept)


def test_a_journal_is_live_until_its_process_is_killed(
    append_forever: AppendForever, tmp_path: Path
) -> None:
    appending = append_forever(tmp_path / "machine")
    assert appending.stdout
    appending.stdout.readline()
    (path,) = tmp_path.glob("*/*.journal")
    live = is_live(path)
    appending.kill()
    appending.wait()

    assert (live, is_live(path)) == (True, False)


def test_a_journal_that_a_recovery_took_away_before_it_was_locked_is_begun_anew(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []

    def taken_away(descriptor: int) -> None:
        if not waits:
            next((tmp_path / "machine").iterdir()).unlink()
        waits.append(descriptor)

    monkeypatch.setattr("raceway.store.journal.wait_for_lock", taken_away)

    with Journal.create(tmp_path / "machine", make_run().header) as journal:
        assert read_journal(journal.path).header == make_run().header
