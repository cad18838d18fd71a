"""Reads and writes whole files; nothing in a results folder can hang or crash the reader."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from raceway.store.asides import CAN_RENAME_OPEN, clear_asides, open_aside
from raceway.store.strict import UnreadableError
from raceway.store.trouble import reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_FILE_BYTES = 512 * 2**20


def read_regular(path: Path) -> bytes:
    """Return the content of a regular file of sane size; UnreadableError for anything else."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a file", "Move it away.")
        if status.st_size > LARGEST_FILE_BYTES:
            size = f"{status.st_size / 2**20:.0f} MiB, {LARGEST_FILE_BYTES / 2**20:.0f} at most"
            raise UnreadableError(f"too large ({size})")
        return path.read_bytes()
    except OSError as error:
        advice = "Make it readable or move it away."
        raise UnreadableError(f"cannot be read ({reason(error)})", advice) from None


def write_all(descriptor: int, content: bytes, *, lasting: bool = True) -> None:
    """Write everything; if `lasting`, wait until it is on the disk. OSError if that fails."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    if lasting:
        os.fsync(descriptor)


@contextmanager
def written_aside(final: Path, content: bytes, *, lasting: bool = True) -> Iterator[Path]:
    """Write a new file beside `final` for the caller to rename; what is left of it is deleted.

    It gets the permissions of the file it may replace. OSError if writing fails.
    """
    clear_asides(final.parent, final.stem.__eq__)
    aside, descriptor = open_aside(final)
    with ExitStack() as ending:
        ending.callback(aside.unlink, missing_ok=True)
        file = ending.enter_context(os.fdopen(descriptor, "wb", buffering=0))
        write_all(descriptor, content, lasting=lasting)
        if not CAN_RENAME_OPEN:
            file.close()
        with suppress(OSError):
            aside.chmod(stat.S_IMODE(final.stat().st_mode))
        yield aside


def write_whole(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Write or replace a file, whole or not at all; OSError if that fails.

    A link stays, and what it means is replaced. A pipe or a device is written to directly.
    """
    if path.is_symlink():
        path = type(path)(os.path.realpath(path))
    if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
        path.write_bytes(content)
        return
    with written_aside(path, content, lasting=lasting) as aside:
        aside.replace(path)
    if lasting:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Sync the folder's entries to the disk, on systems that can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
