"""The reaper: a small process that outlives a killed controller and cleans up after it.

It reads `+PID FOLDER` and `-PID` lines from the controller. When its input ends, it ends every
process group still on the list, and removes the unpacked code.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

REAPER = """
import os, shutil, signal, sys, time
groups = {}
for line in sys.stdin:
    pid, _, folder = line[1:].strip().partition(" ")
    if line[0] == "+":
        groups[int(pid)] = folder
    else:
        groups.pop(int(pid), None)
for number in (signal.SIGTERM, signal.SIGKILL):
    for pid in groups:
        try:
            os.killpg(pid, number)
        except OSError:
            pass
    time.sleep(0.5 if groups and number == signal.SIGTERM else 0)
for folder in filter(None, groups.values()):
    shutil.rmtree(folder, ignore_errors=True)
"""


@dataclass(slots=True)
class Reaper:
    """The controller's side of the reaper; it does nothing on Windows, which has no groups."""

    process: asyncio.subprocess.Process | None = None

    @classmethod
    async def start(cls) -> Reaper:
        """Start the reaper in its own session, out of reach of the terminal's signals."""
        if sys.platform == "win32":
            return cls()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-S", "-I", "-c", REAPER,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        return cls(process)

    def watch(self, pid: int, folder: str = "") -> None:
        """Put a process group and its folder on the list."""
        self.tell(f"+{pid} {folder}")

    def forget(self, pid: int) -> None:
        """Take a process group off the list."""
        self.tell(f"-{pid}")

    def tell(self, line: str) -> None:
        """Write one line, if the reaper still runs."""
        if self.process and self.process.stdin and self.process.returncode is None:
            self.process.stdin.write(f"{line}\n".encode())

    async def dismiss(self) -> None:
        """Let the reaper end, its list being empty."""
        if self.process and self.process.stdin:
            self.process.stdin.close()
            await self.process.wait()
