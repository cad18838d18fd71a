"""The journal of a run in progress: each group is on disk before the next one begins.

JSON lines: the header, then one line for each finished group, plain benchmark, set of peaks, or
look at which groups ended. Its owner holds a lock on it, so that a live journal can be told from
one left behind.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import msgspec
from msgspec.structs import replace

from raceway.errors import StoreError
from raceway.record import SCHEMA_VERSION, GroupEnd, GroupResult, Header, JournalLine, Peak, Record
from raceway.store.asides import BINARY
from raceway.store.disk import read_regular, sync_folder, write_all
from raceway.store.lock import wait_for_lock
from raceway.store.naming import stem_of
from raceway.store.runfile import check_schema
from raceway.store.schema_1 import AnyJournalLine, upgraded, with_family
from raceway.store.soundness import check_machine, flaw_of, of_one_launch, once
from raceway.store.strict import UnreadableError, from_json, to_json
from raceway.store.trouble import cannot, located

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = -1
"""The launch of a plain benchmark, which has none."""
_HEADER = msgspec.json.Decoder(Header)
_LINE = msgspec.json.Decoder(AnyJournalLine)


class Journal:
    """The open, locked journal of this process; use it as a context manager or `close` it.

    Processes forked meanwhile hold the lock too, unless they execute another program.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        """Take over a descriptor that is open for writing."""
        self.path = path
        self._descriptor: int | None = descriptor
        self._whole_bytes = 0

    @classmethod
    def create(cls, folder: Path, header: Header) -> Self:
        """Begin the journal of a run; StoreError if it cannot be written there."""
        path = folder / f"{stem_of(header)}.journal"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | BINARY
        try:
            folder.mkdir(parents=True, exist_ok=True)
            journal = cls(path, os.open(path, flags, 0o666))
            while not journal._locked():
                journal.close()
                journal = cls(path, os.open(path, flags, 0o666))
        except OSError as error:
            raise cannot("begin a journal", path, error) from None
        try:
            journal._begin(header)
        except BaseException:
            with suppress(StoreError):
                journal.remove()
            raise
        return journal

    def append(self, line: JournalLine) -> None:
        """Write one line to the disk; StoreError if that fails. Earlier lines stay."""
        self._write(to_json(line), f"write {_what(line)}")

    def close(self) -> None:
        """Release the lock and leave the journal for recovery."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor = None

    def remove(self) -> None:
        """Close and delete the journal; StoreError if it cannot be deleted."""
        self.close()
        try:
            self.path.unlink(missing_ok=True)
        except OSError as error:
            raise cannot("remove the journal", self.path, error) from None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _locked(self) -> bool:
        """Lock the file; return whether it is still there.

        A recovery that came before the lock found it empty, as if its session had died.
        """
        descriptor = self._open_descriptor()
        with suppress(OSError):  # a file system without locks: journal all the same
            wait_for_lock(descriptor)
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False

    def _begin(self, header: Header) -> None:
        content = to_json(header)
        try:
            from_json(content, _HEADER)
        except UnreadableError as error:
            raise StoreError(f"cannot be saved: {error.reason}; choose other numbers") from None
        self._write(content, "begin a journal")
        sync_folder(self.path.parent)

    def _write(self, content: bytes, action: str) -> None:
        descriptor = self._open_descriptor()
        line = content + b"\n"
        try:
            os.lseek(descriptor, self._whole_bytes, os.SEEK_SET)
            write_all(descriptor, line)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(descriptor, self._whole_bytes)
            raise cannot(action, self.path, error) from None
        self._whole_bytes += len(line)

    def _open_descriptor(self) -> int:
        if self._descriptor is None:
            message = f"{self.path}: the journal is closed. Begin a new run."
            raise StoreError(message)
        return self._descriptor


@dataclass(frozen=True, slots=True)
class JournalContents:
    """What a journal holds, with a message for each line that could not be read."""

    header: Header
    groups: list[GroupResult] = field(default_factory=list)
    plain: list[Record] = field(default_factory=list)
    peaks: list[Peak] = field(default_factory=list)
    ends: list[GroupEnd] = field(default_factory=list)
    finished_at: list[str] = field(default_factory=list)
    """When the session had measured everything; empty if it had not."""
    problems: list[str] = field(default_factory=list)
    known: set[tuple[str, int]] = field(default_factory=set)
    """Groups and launches, and plain benchmarks, that were read."""
    homes: dict[str, str] = field(default_factory=dict)
    """By id of a planned case, the group that it races in."""
    doubtful: list[tuple[GroupResult, str]] = field(default_factory=list)
    """Groups that hold cases of others, each with its line; an intact line goes before them."""
    cut: bool = False
    """Whether the session died while it wrote the last line."""

    @property
    def measured(self) -> bool:
        """Whether anything measured can be read."""
        return bool(self.groups or self.plain)

    def holds(self, name: str, launch: int, flaw: str, where: str) -> bool:
        """Whether something is sound and was not read before; else note the problem."""
        if not flaw and (name, launch) in self.known:
            flaw = f"the same again: {name}"
        if flaw:
            self.problems.append(f"{where}: {UnreadableError(flaw).reason}; skipped")
        else:
            self.known.add((name, launch))
        return not flaw

    def take(self, group: GroupResult, where: str) -> None:
        """Add a group of a launch if it is sound and new."""
        if self.holds(group.id, group.launch, flaw_of(group), where):
            self.groups.append(of_one_launch(group))

    def has_strays(self, group: GroupResult) -> bool:
        """Whether a group holds a case that was planned for another one."""
        return any(self.homes.get(case, group.id) != group.id for case in group.launches)

    def leave_out_strays(self) -> None:
        """Leave each case's launch to one group: its own, if a damaged line names it, too."""
        owners: dict[tuple[str, int], str] = {}
        for group in self.groups:
            for case in group.launches:
                if self.homes.get(case) == group.id or (case, group.launch) not in owners:
                    owners[case, group.launch] = group.id
        for place, group in enumerate(self.groups):
            own = {case: launch for case, launch in group.launches.items()
                   if owners[case, group.launch] == group.id}  # fmt: skip
            if strays := group.launches.keys() - own.keys():
                self.problems.append(f"{group.id}: holds {min(strays)} of another group; left out")
                self.groups[place] = replace(group, launches=own)

    @property
    def damaged(self) -> bool:
        """Whether more is unreadable than a last line that was cut."""
        return len(self.problems) > self.cut


class UnreadableHeaderError(StoreError):
    """The first line is no JSON, so that no version of raceway began this journal."""

    def __init__(self, path: Path, error: UnreadableError, *, is_whole: bool) -> None:
        """Take whether the line has an end; else its session died as it began the journal."""
        super().__init__(str(located(path, error)))
        self.reason = error.reason
        self.is_whole = is_whole


def read_journal(path: Path) -> JournalContents:
    """Return what a journal holds; StoreError if its header cannot be read.

    Unreadable lines, such as one torn when the session died, are reported and skipped.
    """
    try:
        first, *lines = read_regular(path).split(b"\n")
    except UnreadableError as error:
        raise located(path, error) from None
    try:
        header = from_json(first, _HEADER)
        check_schema(header.schema)
        check_machine(header.machine)
    except UnreadableError as error:
        if error.reason.startswith("not JSON"):
            raise UnreadableHeaderError(path, error, is_whole=bool(lines)) from None
        raise located(path, error) from None
    planned = once(map(with_family, header.planned))
    whole_header = replace(header, schema=SCHEMA_VERSION, planned=planned)
    contents = JournalContents(whole_header, cut=bool(lines and lines[-1]))
    contents.known.update((record.id, PLAIN) for record in planned)
    contents.homes.update((record.id, record.group or record.fullname) for record in planned)
    for number, line in enumerate(lines, start=2):
        if line:
            _collect(line, f"line {number}", contents)
    for group, where in contents.doubtful:
        contents.take(group, where)
    contents.leave_out_strays()
    return contents


def _collect(line: bytes, where: str, contents: JournalContents) -> None:
    try:
        read = from_json(line, _LINE)
    except UnreadableError as error:
        contents.problems.append(f"{where}: {error.reason}; skipped")
        return
    groups = [*([read.group] if read.group else []), *upgraded([read.heat] if read.heat else [])]
    for group in groups:
        if contents.has_strays(group):
            contents.doubtful.append((group, where))
        else:
            contents.take(group, where)
    if read.plain and contents.holds(read.plain.id, PLAIN, "", where):
        contents.plain.append(read.plain)
    contents.peaks.extend(read.peaks or ())
    contents.ends.extend(read.ends or ())
    if read.finished_at:
        contents.finished_at.append(read.finished_at)


def _what(line: JournalLine) -> str:
    if line.group:
        return f"group {line.group.id} of launch {line.group.launch}"
    if line.plain:
        return line.plain.id
    if line.finished_at:
        return "that all was measured"
    return "peaks" if line.ends is None else "what has ended"
