"""Sessions that are ended in the middle of a race."""

from __future__ import annotations

import inspect
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from support.files import write_tree
from support.journals import has_finished_a_group, wait_for_a_group
from support.lanes import PATIENCE_S
from support.processes import started
from support.project import INI, RACED, command_of_tests, undecided

if TYPE_CHECKING:
    from pathlib import Path

LAUNCHES = 3
SETTLED_S = 0.2
"""From the end of a group to where the next one waits."""
HOLDING = f"""
import os
import time
from pathlib import Path
from raceway.case import Kind, Workload

{inspect.getsource(has_finished_a_group)}

def double(number):
    while "HOLD" in os.environ and has_finished_a_group(Path(os.environ["HOLD"])):
        time.sleep(0.01)
    return 2 * number

WORKLOAD = Workload(
    summary="doubling", kind=Kind.CPU, task=double, expected=float, sizes={{"few": (0, 0)}}
)
"""
"""Measures one group, and waits in the next to be ended."""


@dataclass(frozen=True)
class Ended:
    """A session that was ended in its second group."""

    folder: Path
    family: list[psutil.Process]
    exit_code: int
    output: str


def end_in_the_second_group(folder: Path, number: int | None, *options: str) -> Ended:
    """Start a session, and send it a signal in its second group; without one, wait for its end."""
    write_tree(folder, {"pytest.ini": INI, "test_tiny.py": RACED, "tiny.py": HOLDING})
    command = command_of_tests(f"--launches={LAUNCHES}", *options)
    surroundings = {**undecided(), "HOLD": str(folder)}
    with started() as start:
        process = start(command, stderr=subprocess.STDOUT, cwd=folder, env=surroundings)
        wait_for_a_group(process, folder)
        family = psutil.Process(process.pid).children(recursive=True)
        if number is not None:
            time.sleep(SETTLED_S)
            process.send_signal(number)
        output, _ = process.communicate(timeout=PATIENCE_S)
        return Ended(folder, family, process.returncode, output)
