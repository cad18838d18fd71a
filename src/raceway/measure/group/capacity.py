"""What all cores really do together: parallel capacity, and the parallel anchor."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.measure.scratch.reaper import Reaper

BURST_S = 0.03
ANCHOR_S = 0.01
"""How long the parallel anchor spins."""
PIECES = 1_000
"""Pieces of spinning in one parallel anchor. Part of the saved format."""
LEAD_S = 0.005
"""From the command to the common start: enough for every spinner to wake up."""

SPINNER = """
import os, sys, time
for line in sys.stdin:
    start, end = map(float, line.split())
    while time.monotonic() < start:
        pass
    count = 0
    while time.monotonic() < end:
        for _ in range(200):
            pass
        count += 1
    try:
        os.write(1, b"%d\\n" % count)
    except OSError:
        break
"""
"""Spins from one monotonic time to another, and prints how far it came; to nobody, nothing."""


@dataclass(slots=True)
class Spinners:
    """One idle process per usable core, which spin together for a moment when told."""

    processes: list[asyncio.subprocess.Process]
    reaper: Reaper

    @classmethod
    async def start(cls, cores: int, reaper: Reaper) -> Spinners:
        """Start the spinners, watched by the reaper."""
        spinners = cls([], reaper)
        try:
            for _ in range(cores):
                process = await asyncio.create_subprocess_exec(
                    sys.executable, "-S", "-I", "-c", SPINNER,
                    stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                    start_new_session=True,
                )  # fmt: skip
                reaper.watch(process.pid)
                spinners.processes.append(process)
        except BaseException:
            await spinners.stop()
            raise
        return spinners

    async def capacity(self) -> float:
        """Return the work of all spinners together over that of one alone; 0 if that did not run.

        One spins alone before and another after, so that a slow drift of the clock speed cancels.
        """
        before = sum(await self.burst(self.processes[:1], BURST_S))
        together = sum(await self.burst(self.processes, BURST_S))
        after = sum(await self.burst(self.processes[-1:], BURST_S))
        alone = (before + after) / 2
        return together / alone if alone else 0.0

    async def anchor_ns(self) -> int:
        """Return the time all spinners together take for `PIECES` pieces; 0 if none ran."""
        pieces = sum(await self.burst(self.processes, ANCHOR_S))
        return round(ANCHOR_S * 1e9 * PIECES / pieces) if pieces else 0

    async def burst(self, processes: list[asyncio.subprocess.Process], burst_s: float) -> list[int]:
        """Let some spinners spin from a common start, and return how far each came."""
        start_s = time.monotonic() + LEAD_S
        for process in processes:
            if process.stdin:
                process.stdin.write(f"{start_s} {start_s + burst_s}\n".encode())
        lines = [await process.stdout.readline() for process in processes if process.stdout]
        return [int(line or 0) for line in lines]

    async def stop(self) -> None:
        """End the spinners."""
        for process in self.processes:
            if process.stdin:
                process.stdin.close()
            await process.wait()
            self.reaper.forget(process.pid)
