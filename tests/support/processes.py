"""Programs that tests start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def outside_of_workers() -> dict[str, str]:
    """Return the environment without what tells of xdist, under which nothing is measured."""
    return {name: value for name, value in os.environ.items() if "XDIST" not in name}


def output_of(folder: Path, *arguments: str, path: Path | None = None) -> str:
    """Run Python in a folder, which is on its path unless another is, and return its output."""
    finished = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**outside_of_workers(), "PYTHONPATH": str(path or folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout
