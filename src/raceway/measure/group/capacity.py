"""What all cores do together, whatever is promised: parallel capacity, and the parallel anchor."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.measure.control.reaper import Reaper

BURST_S = 0.03
ANCHOR_S = 0.01
"""How long the parallel anchor spins."""
PIECES = 1_000
"""Pieces of spinning that the parallel anchor stands for. Part of the saved format."""
LEAD_S = 0.005
"""From giving the word to the common start; enough for every spinner to wake up."""

SPINNER = """
import sys, time
for line in sys.stdin:
    start, end = map(float, line.split())
    while time.monotonic() < start:
        pass
    count = 0
    while time.monotonic() < end:
        for _ in range(200):
            pass
        count += 1
    print(count, flush=True)
"""
"""Spins from one monotonic time to another, and tells how far it came."""


@dataclass(slots=True)
class Spinners:
    """One idle process a usable core, to be set spinning together for a moment."""

    processes: list[asyncio.subprocess.Process]
    reaper: Reaper

    @classmethod
    async def start(cls, cores: int, reaper: Reaper) -> Spinners:
        """Start them; each is watched, so that none outlives a killed controller."""
        processes = [
            await asyncio.create_subprocess_exec(
                sys.executable, "-S", "-E", "-c", SPINNER,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            for _ in range(cores)
        ]  # fmt: skip
        for process in processes:
            reaper.watch(process.pid)
        return cls(processes, reaper)

    async def capacity(self) -> float:
        """Return how many times the work of one spinner alone all of them do together.

        The lone burst is taken before and after, by the first and the last, so that a slow
        drift of the clock speed cancels. Nothing where even one alone did not get to run.
        """
        before = sum(await self.burst(self.processes[:1], BURST_S))
        together = sum(await self.burst(self.processes, BURST_S))
        after = sum(await self.burst(self.processes[-1:], BURST_S))
        alone = (before + after) / 2
        return together / alone if alone else 0.0

    async def anchor_ns(self) -> int:
        """Return how long all spinners together take for `PIECES` pieces; 0 if none got to run."""
        pieces = sum(await self.burst(self.processes, ANCHOR_S))
        return round(ANCHOR_S * 1e9 * PIECES / pieces) if pieces else 0

    async def burst(self, processes: list[asyncio.subprocess.Process], burst_s: float) -> list[int]:
        """Let some spin for so long from the same moment on, and return how far each came."""
        start_s = time.monotonic() + LEAD_S
        for process in processes:
            if process.stdin:
                process.stdin.write(f"{start_s} {start_s + burst_s}\n".encode())
        lines = [await process.stdout.readline() for process in processes if process.stdout]
        return [int(line or 0) for line in lines]

    async def stop(self) -> None:
        """Let them end."""
        for process in self.processes:
            if process.stdin:
                process.stdin.close()
            await process.wait()
            self.reaper.forget(process.pid)
