"""A cache of digests, folder by folder; all of it may be deleted.

A digest is valid while its file is the same by size, inode and both times of change.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from msgspec.structs import replace

from raceway import analysis, record, store
from raceway.analysis.history.digest import Cases, Digest
from raceway.store.cache import read_cache, write_cache

if TYPE_CHECKING:
    from collections.abc import Mapping

INODE = 2**63 - 1
"""Windows has inodes of 128 bits."""
NONE = Cases((), (), ())


class Seen(NamedTuple):
    """What distinguishes a file from a later one of the same name."""

    size_bytes: int
    inode: int
    changed_ns: int
    entry_changed_ns: int

    @property
    def newest_ns(self) -> int:
        """When it last changed in any way."""
        return max(self.changed_ns, self.entry_changed_ns)


class CachedDigest(msgspec.Struct, frozen=True, array_like=True):
    """What one file looked like when it was read, and what it held."""

    seen: Seen
    digest: Digest


class _Folder(msgspec.Struct, frozen=True, array_like=True):
    """All files of a folder, by name."""

    cases: list[Cases]
    """Each once, since most runs hold the same cases; the digests below hold none."""
    files: dict[str, tuple[int, CachedDigest]]
    """With the index of each file's cases."""


_DECODER = msgspec.msgpack.Decoder(_Folder)


def seen(path: Path) -> Seen | None:
    """Return what the file looks like now; None if it does not exist."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Seen(status.st_size, status.st_ino & INODE, status.st_mtime_ns, status.st_ctime_ns)


def cached_in(folder: Path) -> dict[Path, CachedDigest]:
    """Return what is cached of a folder's files, even of those that have changed since."""
    content = read_cache(_name(folder), version())
    if content is None:
        return {}
    try:
        known = _DECODER.decode(content)
        return {
            folder / name: replace(cached, digest=replace(cached.digest, cases=known.cases[which]))
            for name, (which, cached) in known.files.items()
        }
    except (msgspec.MsgspecError, UnicodeDecodeError, LookupError):
        return {}


def keep(folder: Path, files: Mapping[Path, CachedDigest]) -> None:
    """Cache the digests of a folder's files, in place of all earlier ones."""
    places: dict[Cases, int] = {}
    entries = {
        path.name: (
            places.setdefault(cached.digest.cases, len(places)),
            replace(cached, digest=replace(cached.digest, cases=NONE)),
        )
        for path, cached in files.items()
    }
    with suppress(UnicodeEncodeError, OverflowError):  # names and numbers no encoding holds
        content = msgspec.msgpack.encode(_Folder(list(places), entries))
        write_cache(_name(folder), version(), content)


@cache
def version() -> str:
    """Return a hash of the code that makes and caches digests."""
    folders = (Path(str(room.__file__)).parent for room in (analysis, record, store))
    rooms = chain.from_iterable(sorted(folder.rglob("*.py")) for folder in folders)
    known = hashlib.blake2b(digest_size=12)
    for source in (Path(__file__), *rooms):
        known.update(source.read_bytes())
    return known.hexdigest()


def _name(folder: Path) -> str:
    place = str(folder.resolve()).encode("utf-8", "surrogateescape")
    return f"history-{hashlib.blake2b(place, digest_size=12).hexdigest()}"
