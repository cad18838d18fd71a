"""Whole files to and from the disk; nothing in a results folder may hang or hurt the reader."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from raceway.store.strict import UnreadableError
from raceway.store.trouble import reason

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE_BYTES = 512 * 2**20
BINARY = getattr(os, "O_BINARY", 0)
"""Flag that keeps Windows from translating line ends."""


def read_regular(path: Path) -> bytes:
    """Return the content of a regular file of sane size; UnreadableError says why there is none."""
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


def write_all(descriptor: int, content: bytes) -> None:
    """Write everything and wait until it is on the disk; OSError as the system gives it."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make new names in the folder last, on systems where a folder can be synced."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
