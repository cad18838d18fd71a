"""The user's cache folder, for what takes long to make; all of it may be deleted.

A file that is unreadable, damaged or of another version counts as missing. Failures to write are
ignored.
"""

from __future__ import annotations

import os
import time
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from raceway.store.disk import read_regular, write_whole
from raceway.store.strict import UnreadableError

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"raceway cache"
UNUSED_S = 90 * 24 * 3600
"""Files unused for so long are deleted when another is written."""


def cache_folder() -> Path:
    """Return the cache folder; RuntimeError if the user has no home."""
    return user_cache_path("raceway", appauthor=False)


def read_cache(name: str, version: str) -> memoryview | None:
    """Return what this version cached under the name; None if there is nothing."""
    try:
        path = cache_folder() / name
        content = read_regular(path)
    except (UnreadableError, RuntimeError):
        return None
    with suppress(OSError):
        os.utime(path)
    head, _, _ = content[:256].partition(b"\n")
    body = memoryview(content)[len(head) + 1 :]
    return body if head == _head(version, body) else None


def write_cache(name: str, version: str, body: bytes) -> None:
    """Cache something under the name, whole or not at all; it replaces what was there."""
    with suppress(OSError, RuntimeError):
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / name, b"\n".join((_head(version, body), body)), lasting=False)
        _forget_unused(folder)


def _head(version: str, body: bytes | memoryview) -> bytes:
    return b"%s %s %08x" % (MAGIC, version.encode(), zlib.crc32(body))


def _forget_unused(folder: Path) -> None:
    now = time.time()
    for path in folder.iterdir():
        with suppress(OSError):
            if now - path.stat().st_mtime > UNUSED_S:
                path.unlink()
