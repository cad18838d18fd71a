from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from raceway.measure.group import capacity
from raceway.measure.group.capacity import SPINNER, Spinners
from raceway.measure.scratch.reaper import Reaper

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from support.lanes import StillRunning


@pytest.fixture
async def spinners(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Spinners]:
    """Return two real spinners that spin for no longer than needed."""
    monkeypatch.setattr(capacity, "BURST_S", 0.005)
    started = await Spinners.start(2, Reaper())
    yield started
    await started.stop()


async def counts_of(spinners: Spinners) -> list[int]:
    """Return how far each spinner comes at best, since a busy machine may leave one out."""
    bursts = [await spinners.burst(spinners.processes, 0.005) for _ in range(10)]
    return list(map(max, *bursts))


async def test_each_spinner_counts(spinners: Spinners) -> None:
    assert all(count > 0 for count in await counts_of(spinners))


async def test_capacity_is_measured_with_three_bursts(
    spinners: Spinners, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    burst = Spinners.burst

    async def noted(self: Spinners, processes: list[Any], burst_s: float) -> list[int]:
        sizes.append(len(processes))
        return await burst(self, processes, burst_s)

    monkeypatch.setattr(Spinners, "burst", noted)

    assert (await spinners.capacity() >= 0.0, sizes) == (True, [1, 2, 1])


async def test_stopped_spinners_are_gone(still_running: StillRunning) -> None:
    spinners = await Spinners.start(2, Reaper())
    family = [psutil.Process(process.pid) for process in spinners.processes]

    await spinners.stop()

    assert still_running(family) == []


def test_a_spinner_whose_controller_was_killed_ends_without_a_word() -> None:
    with subprocess.Popen(
        [sys.executable, "-S", "-I", "-c", SPINNER],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(b"0 0\n")
        process.stdin.close()
        said = process.stderr.read()

    assert (said, process.returncode) == (b"", 0)


async def test_a_spinner_that_died_runs_on_no_core(spinners: Spinners) -> None:
    victim = spinners.processes[0]
    victim.kill()
    await victim.wait()

    counts = await counts_of(spinners)

    assert (counts[0], counts[1] > 0) == (0, True)


async def test_spinners_that_died_are_no_capacity(spinners: Spinners) -> None:
    for process in spinners.processes:
        process.kill()
        await process.wait()

    assert await spinners.capacity() == 0.0


class Bursts(Spinners):
    """Spinners that come as far as told."""

    counts: tuple[list[int], ...] = ()

    async def burst(self, processes: list[Any], _burst_s: float) -> list[int]:
        first, *self.counts = self.counts
        assert len(first) == len(processes)
        return first


@pytest.mark.parametrize(
    ("counts", "cores"),
    [
        (([100], [100, 100], [100]), 2.0),
        (([100], [50, 50], [100]), 1.0),
        (([100], [80, 70], [100]), 1.5),
        (([110], [95, 95], [80]), 2.0),
        (([0], [0, 0], [0]), 0.0),
        (([0], [50, 50], [0]), 0.0),
    ],
)
async def test_capacity_is_what_all_do_together_over_what_one_does_alone(
    counts: tuple[list[int], ...], cores: float
) -> None:
    spinners = Bursts([asyncio.subprocess.Process] * 2, Reaper())
    spinners.counts = counts

    assert await spinners.capacity() == cores


@pytest.mark.parametrize(("counts", "anchor_ns"), [([20, 20], 250_000_000), ([0, 0], 0)])
async def test_the_parallel_anchor_is_the_time_of_a_fixed_piece_on_all_cores(
    counts: list[int], anchor_ns: int
) -> None:
    spinners = Bursts([asyncio.subprocess.Process] * 2, Reaper())
    spinners.counts = (counts,)

    assert await spinners.anchor_ns() == anchor_ns


async def test_spinners_are_watched_until_they_are_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Reaper, "tell", lambda _, line: told.append(line))
    spinners = await Spinners.start(1, Reaper())
    await spinners.stop()

    pid = spinners.processes[0].pid
    assert told == [f"+{pid}", f"-{pid}"]
