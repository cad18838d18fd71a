"""What a session keeps while it measures, and what it saves in the end."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from raceway.errors import StoreError
from raceway.record import JournalLine, Run, Status
from raceway.store.joining import records_of
from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.record import GroupEnd, GroupResult, Header, Peak, Record
    from raceway.store.journal import Journal


@dataclass(slots=True)
class Recording:
    """A run in progress: its journal, and all that has finished."""

    header: Header = field(init=False)
    journal: Journal = field(init=False)
    groups: list[GroupResult] = field(init=False, default_factory=list)
    plain: list[Record] = field(init=False, default_factory=list)
    peaks: list[Peak] = field(init=False, default_factory=list)
    ends: list[GroupEnd] = field(init=False, default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder of the run."""
        return self.journal.path.parent

    def finished_group(self, result: GroupResult) -> None:
        """Keep a group; StoreError if it cannot be written."""
        self.journal.append(JournalLine(group=result))
        self.groups.append(result)

    def ended_groups(self, ends: list[GroupEnd]) -> None:
        """Keep the looks at which some groups ended; StoreError if they cannot be written."""
        if ends:
            self.journal.append(JournalLine(ends=ends))
            self.ends.extend(ends)

    def finished_plain(self, record: Record) -> None:
        """Keep a plain benchmark; StoreError if it cannot be written."""
        self.journal.append(JournalLine(plain=record))
        self.plain.append(record)

    def measured_peaks(self, peaks: list[Peak]) -> None:
        """Keep the devices' peaks; StoreError if they cannot be written."""
        self.journal.append(JournalLine(peaks=peaks))
        self.peaks.extend(peaks)

    def run(self, status: Status) -> Run:
        """Return all that was measured, as it will be saved."""
        return Run(
            header=self.header,
            finished_at=datetime.now(UTC).isoformat(),
            status=status,
            records=records_of(
                self.header,
                self.groups,
                self.plain,
                ends=self.ends,
                finished=status is not Status.INTERRUPTED,
            ),
            groups=[msgspec.structs.replace(group, launches={}) for group in self.groups],
            peaks=self.peaks,
            ends=self.ends,
        )

    def save(self, status: Status) -> tuple[Path, Run]:
        """Publish the run's file and remove the journal, which a StoreError leaves in place."""
        if status is not Status.INTERRUPTED:
            self.measured_all()
        run = self.run(status)
        try:
            path = save(run, self.folder)
        except StoreError:
            self.journal.close()
            raise
        self.journal.remove()
        return path, run

    def measured_all(self) -> None:
        """Note that only saving is left, so that a run that cannot be saved is recovered whole."""
        with suppress(StoreError):
            self.journal.append(JournalLine(finished_at=datetime.now(UTC).isoformat()))

    def save_interrupted(self) -> tuple[Path, Run] | None:
        """Publish what an interrupted session measured, if anything."""
        if self.groups or self.plain:
            return self.save(Status.INTERRUPTED)
        self.journal.remove()
        return None
