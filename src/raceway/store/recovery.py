"""Recovers runs whose session died: each journal left behind becomes a run file.

One in which nothing was measured goes away.
"""

from __future__ import annotations

import glob
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from raceway.errors import StoreError
from raceway.record import Run, Status
from raceway.store.asides import BINARY, clear_asides
from raceway.store.cache import clear_dead
from raceway.store.joining import records_of
from raceway.store.journal import UnreadableHeaderError, read_journal
from raceway.store.lock import try_lock
from raceway.store.naming import run_id_in, stem_of
from raceway.store.runs import DUELS, GATES, save
from raceway.store.suites import of_suite
from raceway.store.trouble import cannot
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from raceway.store.journal import JournalContents


@dataclass(frozen=True, slots=True)
class Recovered:
    """What became of a journal that was left behind."""

    journal: Path
    run_file: Path | None = None
    """The file of its run; None if it could not be recovered."""
    problems: tuple[str, ...] = ()
    """A message for each thing that could not be read or done."""
    whole: bool = False
    """Whether only saving the run was left to do."""

    def told(self) -> str:
        """Return what to tell the user of a run that was recovered."""
        what = "a run that could not be saved" if self.whole else "an interrupted run"
        return f"recovered {what}: {self.run_file}"


def recover(results: Path) -> list[Recovered]:
    """Save every run whose session died, and remove its journal and what was written aside.

    Journals of live sessions and those under recovery elsewhere are left alone. Unreadable ones are
    reported, and moved aside if they never were journals.
    """
    journals = [*results.glob("*/*.journal"), *results.glob("*/*/*.journal")]
    recovered = list(filter(None, map(_recover_one, sorted(journals))))
    for machine in results.glob("*/"):
        for folder in (machine, machine / DUELS, machine / GATES):
            clear_asides(folder, lambda stem: run_id_in(stem) is not None)
    clear_dead()
    return recovered


def journaled_run(contents: JournalContents) -> Run:
    """Return a journal's run: whole if only saving it was left, else cut after its last group."""
    finished = bool(contents.finished_at)
    records = records_of(
        contents.header, contents.groups, contents.plain, finished=finished, ends=contents.ends
    )
    return Run(
        header=contents.header,
        finished_at=contents.finished_at[-1] if finished else _last_seen(contents),
        status=Status.OK if finished else Status.INTERRUPTED,
        records=of_suite(contents.header, records),
        groups=[msgspec.structs.replace(group, launches={}) for group in contents.groups],
        peaks=contents.peaks,
        ends=contents.ends,
    )


def _recover_one(journal: Path) -> Recovered | None:
    try:
        descriptor = os.open(journal, os.O_RDWR | BINARY)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _refused(journal, error)
    try:
        recovered = _saved(journal) if try_lock(descriptor) and journal.exists() else None
    except OSError as error:
        return _refused(journal, error)
    finally:
        os.close(descriptor)
    return _cleared(recovered) if recovered and recovered.run_file else recovered


def _saved(journal: Path) -> Recovered | None:
    """Save the run of a dead, locked journal, unless its session had saved it."""
    try:
        contents = read_journal(journal)
        stem = stem_of(contents.header)
        run_file = journal.with_name(f"{stem}.json")
        if not run_file.exists():
            if not contents.measured:
                return _without_results(journal, contents.problems, damaged=contents.damaged)
            run_file = save(journaled_run(contents), journal.parent)
    except UnreadableHeaderError as error:
        return _without_results(journal, [error.reason], damaged=error.is_whole)
    except StoreError as error:
        # Another recovery releases the lock just before it removes the journal.
        return Recovered(journal, problems=(str(error),)) if journal.exists() else None
    whole = bool(contents.finished_at)
    return Recovered(journal, run_file, tuple(contents.problems), whole)


def _without_results(journal: Path, problems: Sequence[str], *, damaged: bool) -> Recovered | None:
    """Remove a journal whose session died before it measured; move a damaged one aside."""
    if not damaged:
        _cleared(Recovered(journal))
        return None
    aside = journal.with_name(f"{journal.name}.unreadable")
    journal.replace(aside)
    what = f"{printable(journal)}: {'; '.join(problems)}. Moved to {printable(aside.name)}."
    return Recovered(journal, problems=(what,))


def _cleared(recovered: Recovered) -> Recovered:
    """Remove a journal whose run is saved, and unfinished files of its dead session."""
    journal = recovered.journal
    try:
        journal.unlink(missing_ok=True)
        for begun in journal.parent.glob(f".{glob.escape(journal.stem)}.*.tmp"):
            begun.unlink(missing_ok=True)
    except OSError as error:
        problem = str(cannot("remove what was recovered", journal, error))
        return replace(recovered, problems=(*recovered.problems, problem))
    return recovered


def _refused(journal: Path, error: OSError) -> Recovered:
    return Recovered(journal, problems=(str(cannot("recover the run", journal, error)),))


def _last_seen(contents: JournalContents) -> str:
    """Return the end of the last whole group, or the start of the run."""
    last_seen = contents.header.started_at
    for group in contents.groups:
        with suppress(ValueError, OverflowError):
            start = datetime.fromisoformat(group.started_at)
            last_seen = (start + timedelta(seconds=group.wall_s)).isoformat()
    return last_seen
