from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raceway.errors import StoreError
from raceway.record import GroupResult, JournalLine, Noise, Record
from raceway.store import journal as journal_module
from raceway.store.journal import Journal, read_journal
from raceway.store.strict import to_json

if TYPE_CHECKING:
    from support.files import Refuse
    from support.processes import AppendForever
    from support.saved import MakeGroup, MakeRun


def test_a_results_folder_that_is_a_file_is_refused(make_run: MakeRun, tmp_path: Path) -> None:
    taken = tmp_path / "machine"
    taken.touch()

    with pytest.raises(StoreError, match=r"cannot begin a journal .* choose another folder"):
        Journal.create(taken, make_run().header)


def test_a_journal_that_cannot_be_removed_is_named(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    monkeypatch.setattr(Path, "unlink", refuse(errno.EROFS))

    with pytest.raises(StoreError, match=r"cannot remove the journal .* Make it accessible"):
        journal.remove()


SMALL_DISK = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource limits")
def test_a_full_disk_is_told_and_costs_only_the_group_in_progress(
    append_forever: AppendForever, tmp_path: Path
) -> None:
    output, _ = append_forever(tmp_path, SMALL_DISK).communicate()
    *appended, told = output.splitlines()

    (path,) = tmp_path.glob("*.journal")
    read = read_journal(path)

    assert told.startswith(f"{path}: cannot write group primes-small of launch {len(appended)} (")
    assert "Free some space" in told
    assert [int(launch) for launch in appended] == [group.launch for group in read.groups]
    assert read.problems == []


def test_a_journal_goes_on_after_a_failed_line(
    journal: Journal, make_group: MakeGroup, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    write, torn = os.write, []

    def write_a_part_then_fail(descriptor: int, content: memoryview) -> int:
        if torn:
            raise OSError(errno.ENOSPC, "No space left on device")
        torn.append(True)
        return write(descriptor, content[:9])

    journal.append(JournalLine(group=make_group(0)))
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "write", write_a_part_then_fail)
        full_disk.setattr(os, "ftruncate", refuse(errno.EIO))
        with pytest.raises(StoreError, match="No space left on device"):
            journal.append(JournalLine(group=make_group(1)))
    journal.append(JournalLine(group=make_group(2)))

    assert read_journal(journal.path).groups == [make_group(0), make_group(2)]


def test_a_disk_that_cannot_keep_a_line_is_told(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    monkeypatch.setattr(os, "fsync", refuse(errno.EIO))

    with pytest.raises(StoreError, match="Check the folder and its disk"):
        journal.append(JournalLine(plain=Record(id="a", fullname="a")))
    assert read_journal(journal.path).plain == []


def test_a_disk_that_is_full_from_the_start_leaves_no_journal(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    monkeypatch.setattr(os, "write", refuse(errno.ENOSPC))

    with pytest.raises(StoreError, match="cannot begin a journal"):
        Journal.create(tmp_path, make_run().header)
    assert list(tmp_path.iterdir()) == []


def test_a_number_that_is_not_finite_is_no_line(journal: Journal) -> None:
    group = GroupResult(
        id="a", launch=0, started_at="", wall_s=1, noise=Noise(load=float("inf")), launches={}
    )

    with pytest.raises(StoreError, match=r"group\.noise\.load is inf"):
        journal.append(JournalLine(group=group))
    assert read_journal(journal.path).groups == []


def test_a_torn_last_line_costs_only_itself(journal: Journal, make_group: MakeGroup) -> None:
    journal.append(JournalLine(group=make_group(0)))
    whole = journal.path.read_bytes()
    journal.append(JournalLine(group=make_group(1)))
    longest = journal.path.read_bytes()

    for end in range(len(whole) + 1, len(longest) - 1):
        journal.path.write_bytes(longest[:end])
        read = read_journal(journal.path)
        assert ([make_group(0)], 1) == (read.groups, len(read.problems))


def test_garbage_between_lines_costs_only_itself(journal: Journal, make_group: MakeGroup) -> None:
    journal.append(JournalLine(group=make_group(0)))
    with journal.path.open("ab") as damaged:
        damaged.write(b"\0\xff garbage\n\n{}\n" + to_json(Record(id="a", fullname="a")) + b"\n")
        damaged.write(to_json(JournalLine(group=make_group(1))))

    read = read_journal(journal.path)

    assert read.groups == [make_group(0), make_group(1)]
    assert read.problems == ["line 3: not JSON (invalid character, byte 0); skipped"]


@pytest.mark.parametrize("content", [b"", b"{", b"{}\n{}\n"])
def test_a_header_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a\n.journal"
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"a\\n\.journal: not .*\. Delete it or move it away\.$"):
        read_journal(path)


def test_a_journal_of_a_newer_raceway_is_refused(journal: Journal) -> None:
    newer = journal.path.read_bytes().replace(b'"schema":2', b'"schema":999')
    journal.path.write_bytes(newer)

    with pytest.raises(StoreError, match=r"schema 999 .* Upgrade raceway\.$"):
        read_journal(journal.path)


def test_a_disk_without_locks_keeps_a_journal_all_the_same(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    monkeypatch.setattr(journal_module, "wait_for_lock", refuse(errno.ENOLCK))

    with Journal.create(tmp_path, make_run().header) as begun:
        assert read_journal(begun.path).header == make_run().header
