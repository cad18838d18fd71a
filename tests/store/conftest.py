"""Journals, processes, and disks that refuse."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.record import GroupResult, JournalLine, Run
from raceway.store.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    MakeGroup = Callable[[int], GroupResult]
    MakeRun = Callable[..., Run]
    StartPython = Callable[..., subprocess.Popen[str]]

APPEND_FOREVER = """
import sys
from itertools import count
from pathlib import Path
from msgspec import json
from msgspec.structs import replace
from raceway.errors import StoreError
from raceway.record import Header, GroupResult, JournalLine
from raceway.store.journal import Journal

header, group = json.decode(sys.argv[2], type=Header), json.decode(sys.argv[3], type=GroupResult)
journal = Journal.create(Path(sys.argv[1]), header)
try:
    for launch in count():
        journal.append(JournalLine(group=replace(group, launch=launch)))
        print(launch, flush=True)
except StoreError as error:
    print(error)
"""


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
    started: list[subprocess.Popen[str]] = []

    def start(code: str, *arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", code, *map(str, arguments)]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def append_forever(
    make_run: MakeRun, make_group: MakeGroup, start_python: StartPython
) -> StartPython:
    """Return a function that starts a process which journals groups and prints their launches."""

    def start(folder: Path, first: str = "") -> subprocess.Popen[str]:
        parts = (make_run().header, make_group(0))
        as_text = (msgspec.json.encode(part).decode() for part in parts)
        return start_python(first + APPEND_FOREVER, folder, *as_text)

    return start


@pytest.fixture
def refuse() -> Callable[[int], Callable[..., None]]:
    """Return a factory of system calls that fail with an error number."""

    def make(number: int) -> Callable[..., None]:
        def refused(*_: object, **__: object) -> None:
            raise OSError(number, os.strerror(number))

        return refused

    return make
