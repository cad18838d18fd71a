"""The digests of run files, from the cache or made by several processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from raceway.archive.digest_cache import CachedDigest, cached_in, keep, seen
from raceway.archive.reader import Reader, read_one

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from raceway.analysis.history.digest import Digest
    from raceway.archive.reader import Read

MANY = 24
"""From so many files on, several processes read them, and their digests are cached."""
MOST_READERS = 8


class Reading:
    """Run files whose digests are made while the caller does something else."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Begin to read the files that are not cached or have changed since."""
        self._files = list(files)
        cached: dict[Path, CachedDigest] = {}
        for folder in {path.parent for path in self._files}:
            cached |= cached_in(folder)
        self._known = {path: cached[path] for path in self._files if _holds(cached.get(path), path)}
        self._missing = [path for path in self._files if path not in self._known]
        self._readers: list[Reader] = []
        if len(self._missing) >= MANY:
            self._begin()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop reading."""
        for reader in self._readers:
            reader.stop()

    def digests(self, problems: list[str]) -> list[tuple[Path, Digest]]:
        """Return the digest of each file; `problems` gets a message for each that holds no run."""
        read = self._read()
        problems += [problem for path in self._missing for problem in read[path].problems]
        digests = {path: cached.digest for path, cached in self._known.items()}
        digests |= {path: one.digest for path, one in read.items() if one.digest}
        self._keep({path: CachedDigest(one.seen, one.digest) for path, one in read.items()
                    if one.seen and one.digest})  # fmt: skip
        return [(path, digests[path]) for path in self._files if path in digests]

    def _begin(self) -> None:
        """Start a reader per core, unless the system refuses."""
        from raceway.measure.machine.machine import usable_cores_here  # noqa: PLC0415 (only where it is long)

        count = min(usable_cores_here(), MOST_READERS)
        try:
            for number in range(count):
                self._readers.append(Reader(self._missing[number::count]))
        except (OSError, RuntimeError):
            self.__exit__()
            self._readers.clear()

    def _read(self) -> dict[Path, Read]:
        """Read the missing files."""
        if not self._readers:
            return {path: read_one(path) for path in self._missing}
        return {
            path: one
            for reader in self._readers
            for path, one in zip(reader.files, reader.reads(), strict=True)
        }

    def _keep(self, fresh: dict[Path, CachedDigest]) -> None:
        """Cache the digests of folders with many files, new ones and known ones."""
        every = self._known | fresh
        for folder in {path.parent for path in fresh}:
            files = {path: cached for path, cached in every.items() if path.parent == folder}
            if len(files) >= MANY:
                keep(folder, files)


def _holds(cached: CachedDigest | None, path: Path) -> bool:
    """Whether a cached digest is whole and its file unchanged."""
    return cached is not None and cached.seen == seen(path) and cached.digest.is_whole
