"""Files are written whole or not at all, and nothing else is left behind."""

from __future__ import annotations

import errno
import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from raceway.store.disk import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from support.files import Refuse

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def test_what_was_there_is_replaced_and_nothing_else_stays(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"much longer than before")

    write_whole(tmp_path / "a.json", b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"new")]


@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse, call: str
) -> None:
    (tmp_path / "a.json").write_bytes(b"old")
    monkeypatch.setattr(os, call, refuse(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a.json", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.json", b"old")]


@posix
def test_a_file_stays_as_private_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.json").touch(mode=0o600)

    write_whole(tmp_path / "a.json", b"new")

    assert (tmp_path / "a.json").stat().st_mode & 0o777 == 0o600


@posix
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")

    write_whole(tmp_path / "link", b"new")

    assert ((tmp_path / "link").is_symlink(), (tmp_path / "target").read_bytes()) == (True, b"new")


@posix
def test_a_pipe_is_written_to_and_stays(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[bytes]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()

    write_whole(pipe, b"new")
    reader.join(60)

    assert (pipe.is_fifo(), read) == (True, [b"new"])


def test_what_a_link_means_is_replaced_as_a_whole_and_the_link_stays(tmp_path: Path) -> None:
    meant, link = tmp_path / "meant", tmp_path / "link"
    meant.write_text("old")
    link.symlink_to(meant)
    with meant.open() as reader:
        write_whole(link, b"new")
        assert reader.read() == "old"

    assert link.is_symlink()
    assert meant.read_text() == "new"
