"""Journals of sessions that still run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path


def has_finished_a_group(folder: Path) -> bool:
    """Tell whether a session in this folder has journaled a group to the end of its line."""
    journals = folder.glob("results/*/*.journal")
    lines = (line for path in journals for line in path.read_bytes().splitlines(keepends=True))
    return any(line.startswith(b'{"group":') and line.endswith(b"\n") for line in lines)


def wait_for_a_group(process: subprocess.Popen[str], folder: Path) -> None:
    """Wait until a session that runs in this folder has finished a group."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not has_finished_a_group(folder):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
