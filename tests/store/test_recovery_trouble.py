from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from raceway.store import recovery
from raceway.store.recovery import recover

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from support.files import Refuse


def test_what_is_no_journal_is_named_once_and_moved_aside(left: Path, tmp_path: Path) -> None:
    left.write_bytes(b"?\n")

    (recovered,) = recover(tmp_path)

    aside = left.with_name(f"{left.name}.unreadable")
    assert recovered.problems == (
        f"{left}: not JSON (invalid character, byte 0). Moved to {aside.name}.",
    )
    assert aside.read_bytes() == b"?\n"
    assert recover(tmp_path) == []


def test_a_journal_of_a_newer_raceway_is_named_and_left(left: Path, tmp_path: Path) -> None:
    left.write_bytes(b'{"schema": 99}\n')

    (recovered,) = recover(tmp_path)

    assert (recovered.run_file, left.exists()) == (None, True)
    assert recovered.problems


def test_a_journal_with_damaged_lines_alone_is_kept_aside(left: Path, tmp_path: Path) -> None:
    header = left.read_bytes().splitlines()[0]
    left.write_bytes(header + b'\n{"group": 7}\n')

    (recovered,) = recover(tmp_path)

    assert recovered.run_file is None
    assert recovered.problems[0].startswith(f"{left}: line 2: not a benchmark file")
    assert [path.name for path in left.parent.iterdir()] == [f"{left.name}.unreadable"]


def test_a_group_that_was_torn_is_reported(left: Path, tmp_path: Path) -> None:
    os.truncate(left, left.stat().st_size - 9)

    (recovered,) = recover(tmp_path)

    assert recovered.problems[0].startswith("line 3: not JSON (unexpected end")


def test_a_full_disk_leaves_the_journal_for_another_time(
    left: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    with monkeypatch.context() as full_disk:
        full_disk.setattr(os, "write", refuse(errno.ENOSPC))
        (recovered,) = recover(tmp_path)

    assert (recovered.run_file, left.exists()) == (None, True)
    assert "No space left on device" in recovered.problems[0]


def test_a_journal_that_cannot_be_opened_is_named(left: Path, tmp_path: Path) -> None:
    left.unlink()
    left.mkdir()

    (recovered,) = recover(tmp_path)

    assert recovered.problems[0].startswith(f"{left}: cannot recover the run (Is a directory)")


def test_a_disk_without_locks_is_named(
    left: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    monkeypatch.setattr(recovery, "try_lock", refuse(errno.ENOLCK))

    (recovered,) = recover(tmp_path)

    assert (recovered.run_file, left.exists()) == (None, True)


def test_a_journal_that_cannot_be_removed_is_named(left: Path, tmp_path: Path) -> None:
    begun = left.with_name(f".{left.stem}.0123.tmp")
    begun.mkdir()

    (recovered,) = recover(tmp_path)

    assert recovered.run_file == left.with_suffix(".json")
    assert "cannot remove what was recovered" in recovered.problems[0]


def test_a_journal_that_vanished_meanwhile_is_none_of_ours(
    left: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_open = os.open

    def gone_when_opened(path: Path, *arguments: int) -> int:
        if path == left:
            left.unlink()
        return real_open(path, *arguments)

    monkeypatch.setattr(os, "open", gone_when_opened)

    assert recover(tmp_path) == []


def test_a_journal_that_another_recovery_just_removed_is_not_saved_again(
    left: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removed_when_locked(_: int) -> bool:
        left.unlink()
        return True

    monkeypatch.setattr(recovery, "try_lock", removed_when_locked)

    assert (recover(tmp_path), list(left.parent.iterdir())) == ([], [])
