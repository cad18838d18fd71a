"""Journals, processes, and disks that refuse."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.record import JournalLine
from raceway.store.journal import Journal
from support.files import refusing
from support.processes import APPEND_FOREVER, python_of, started

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.files import Refuse
    from support.processes import AppendForever, StartPython
    from support.saved import MakeGroup, MakeRun


@pytest.fixture
def journal(make_run: MakeRun, tmp_path: Path) -> Iterator[Journal]:
    """Return a live journal without a line."""
    with Journal.create(tmp_path / "machine", make_run().header) as begun:
        yield begun


@pytest.fixture
def leave_journal(
    make_run: MakeRun, make_group: MakeGroup, tmp_path: Path
) -> Callable[[str], Journal]:
    """Return a function that leaves a dead journal: two of three launches of a run."""

    def leave(run_id: str) -> Journal:
        header = msgspec.structs.replace(make_run(run_id=run_id).header, launches=3)
        with Journal.create(tmp_path / "machine", header) as journal:
            journal.append(JournalLine(group=make_group(0)))
            journal.append(JournalLine(group=make_group(1)))
        return journal

    return leave


@pytest.fixture
def left(leave_journal: Callable[[str], Journal]) -> Path:
    """Return the path of a dead journal."""
    return leave_journal("3f9a1c").path


@pytest.fixture
def start_python() -> Iterator[StartPython]:
    """Return a function that starts code in a fresh interpreter; what still runs is killed."""
    with started() as start:
        yield lambda code, *arguments: start(python_of(code, *arguments), stdin=subprocess.PIPE)


@pytest.fixture
def append_forever(
    make_run: MakeRun, make_group: MakeGroup, start_python: StartPython
) -> AppendForever:
    """Return a function that starts a process which journals groups and prints their launches."""

    def start(folder: Path, first: str = "") -> subprocess.Popen[str]:
        parts = (make_run().header, make_group(0))
        as_text = (msgspec.json.encode(part).decode() for part in parts)
        return start_python(first + APPEND_FOREVER, folder, *as_text)

    return start


@pytest.fixture
def refuse() -> Refuse:
    """Return a factory of system calls that fail with an error number."""
    return refusing
