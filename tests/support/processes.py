"""Programs that tests start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Popen: TypeAlias = "subprocess.Popen[str]"
StartPython: TypeAlias = Callable[..., Popen]
AppendForever: TypeAlias = Callable[..., Popen]
Start: TypeAlias = Callable[..., Popen]

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
"""Journals groups at its first argument until it is killed, and prints their launches."""


@contextmanager
def started() -> Iterator[Callable[..., Popen]]:
    """Give a function that starts programs; those that still run at the end are killed."""
    running: list[Popen] = []

    def start(command: Sequence[str], **options: Any) -> Popen:
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options))
        return running[-1]

    try:
        yield start
    finally:
        for process in running:
            process.kill()
            process.communicate()


def python_of(code: str, *arguments: object) -> list[str]:
    """Return the command that runs code in a fresh interpreter."""
    return [sys.executable, "-c", code, *map(str, arguments)]
