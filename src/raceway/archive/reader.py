"""Processes that read run files beside this one.

They are plain programs: multiprocessing would run the caller's script again, and leave its
processes behind if the caller is killed.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from raceway.analysis.history.digest import Digest, digest_of
from raceway.archive.digest_cache import Seen, seen
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Sequence

BOOT = "import sys; sys.path[:] = sys.argv[1:]; from raceway.archive.reader import main; main()"
SETTLED_NS = 2 * 10**9
"""How long a file must have been unchanged to be cached.

File systems have coarse clocks: a file written twice within a tick looks the same.
"""


class Read(msgspec.Struct, frozen=True, array_like=True):
    """What one file held."""

    digest: Digest | None
    """None if it holds no run."""
    seen: Seen | None
    """What distinguishes it from a later one; None if it changed too recently."""
    problems: list[str]


_READS = msgspec.msgpack.Decoder(list[Read])
_PATHS = msgspec.msgpack.Decoder(list[bytes])


class Reader:
    """A process that reads some files, and a thread that waits for its answer."""

    def __init__(self, files: Sequence[Path]) -> None:
        """Start it; OSError or RuntimeError if the system refuses."""
        self.files = files
        self._answer = b""
        self._process = Popen(  # noqa: S603 (this very interpreter)
            [sys.executable, "-c", BOOT, *sys.path],
            stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._thread = Thread(target=self._talk, daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self.stop()
            raise

    def reads(self) -> list[Read]:
        """Return what the files held; this process reads them if the other one failed."""
        self._thread.join()
        with suppress(msgspec.MsgspecError, UnicodeDecodeError):
            told = _READS.decode(self._answer)
            if len(told) == len(self.files):
                return told
        return list(map(read_one, self.files))

    @property
    def is_over(self) -> bool:
        """Whether the process has ended."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()

    def _talk(self) -> None:
        paths = msgspec.msgpack.encode([os.fsencode(path) for path in self.files])
        with suppress(OSError, ValueError):
            self._answer, _ = self._process.communicate(paths)


def read_one(path: Path) -> Read:
    """Read one file."""
    before, began_ns = seen(path), time.time_ns()
    loaded = load([path])
    digest = next((digest_of(run) for _, run in loaded.runs), None)
    lay_still = before and before == seen(path) and began_ns - before.newest_ns > SETTLED_NS
    return Read(digest, before if lay_still else None, loaded.problems)


def main() -> None:
    """Be such a process: read paths from standard input, write the results to standard output.

    It ends by itself when its parent is gone.
    """
    parent = os.getppid()
    reads = []
    for path in _PATHS.decode(sys.stdin.buffer.read()):
        if os.getppid() != parent:
            return
        reads.append(read_one(Path(os.fsdecode(path))))
    sys.stdout.buffer.write(msgspec.msgpack.encode(reads))
