"""The digests of run files: kept from the last time, or made anew, side by side where many are."""

from __future__ import annotations

import signal
import time
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from typing import TYPE_CHECKING, Self

import msgspec

from raceway.analysis.digest import Digest, digest_of
from raceway.kept import Kept, Seen, keep, kept_of, seen
from raceway.store.shelf import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

MANY = 24
"""Files from which on several processes read them, and it is worth while to keep what they hold."""
SHARE = 16
"""Files a process is given at a time."""
SETTLED_NS = 2 * 10**9
"""How long a file must have lain still when it was read, to be kept.

Clocks of file systems tick coarsely: a file written twice within a tick looks the same.
"""


class Read(msgspec.Struct, frozen=True, array_like=True):
    """What came of reading one file."""

    digest: Digest | None
    """None if it holds no run."""
    seen: Seen | None
    """What tells it from a later one; None if it had not lain still."""
    problems: list[str]


_READS = msgspec.msgpack.Decoder(list[Read])


class Reading:
    """Run files whose digests are being made while the caller does something else."""

    def __init__(self, files: Iterable[Path]) -> None:
        """Begin with those that are not kept, or have changed since."""
        self._files = list(files)
        kept: dict[Path, Kept] = {}
        for folder in {path.parent for path in self._files}:
            kept |= kept_of(folder)
        self._known = {path: kept[path] for path in self._files if _holds(kept.get(path), path)}
        self._missing = [path for path in self._files if path not in self._known]
        self._pool: ProcessPoolExecutor | None = None
        self._jobs: list[Future[bytes]] = []
        if len(self._missing) >= MANY:
            self._begin()

    def __enter__(self) -> Self:
        """Return it: what is still being read is given up at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give up what is still being read."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def digests(self, problems: list[str]) -> list[tuple[Path, Digest]]:
        """Return the digest of each file; those that hold no run are named in `problems`."""
        read = dict(zip(self._missing, self._read(), strict=True))
        problems += [problem for one in read.values() for problem in one.problems]
        digests = {path: kept.digest for path, kept in self._known.items()}
        digests |= {path: one.digest for path, one in read.items() if one.digest}
        self._keep({path: Kept(one.seen, one.digest) for path, one in read.items()
                    if one.seen and one.digest})  # fmt: skip
        return [(path, digests[path]) for path in self._files if path in digests]

    def _begin(self) -> None:
        """Let several processes read, unless the system allows none."""
        from raceway.track.machine import usable_cores_here  # noqa: PLC0415 (only where it is long)

        shares = [self._missing[at : at + SHARE] for at in range(0, len(self._missing), SHARE)]
        with suppress(OSError, NotImplementedError, BrokenExecutor):
            self._pool = _pool(min(usable_cores_here(), len(shares)))
            jobs = [self._pool.submit(read_files, each) for each in shares]
            self._jobs = jobs

    def _read(self) -> list[Read]:
        """Return what came of each missing file."""
        try:
            shares = [job.result() for job in self._jobs] or [read_files(self._missing)]
        except BrokenExecutor:  # a process was ended: memory ran out, or a user was impatient
            shares = [read_files(self._missing)]
        return [one for share in shares for one in _READS.decode(share)]

    def _keep(self, fresh: dict[Path, Kept]) -> None:
        """Keep what is new, beside what is still there, of folders with many files."""
        every = self._known | fresh
        for folder in {path.parent for path in fresh}:
            files = {path: kept for path, kept in every.items() if path.parent == folder}
            if len(files) >= MANY:
                keep(folder, files)


def _holds(kept: Kept | None, path: Path) -> bool:
    """Whether what is kept of a file is still so."""
    return kept is not None and kept.seen == seen(path) and kept.digest.is_whole


def read_files(paths: Sequence[Path]) -> bytes:
    """Return what came of each file, encoded, for it may cross from one process to another."""
    return msgspec.msgpack.encode([_read_one(path) for path in paths])


def _read_one(path: Path) -> Read:
    before, began_ns = seen(path), time.time_ns()
    loaded = load([path])
    digest = next((digest_of(run) for _, run in loaded.runs), None)
    lay_still = before and before == seen(path) and began_ns - before.newest_ns > SETTLED_NS
    return Read(digest, before if lay_still else None, loaded.problems)


def _pool(processes: int) -> ProcessPoolExecutor:
    context = get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_interrupts)


def _leave_interrupts() -> None:
    """Leave interrupts to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
