from __future__ import annotations

import asyncio
import time

import pytest

from raceway.workloads.sleep import WORKLOAD, sleep, sleep_async


def test_a_sleep_blocks_for_as_long_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    slept_s: list[float] = []
    monkeypatch.setattr(time, "sleep", slept_s.append)

    assert (sleep(0.25), slept_s) == (0.25, [0.25])


async def test_an_asynchronous_sleep_lasts_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    slept_s: list[float] = []

    async def note(wait_s: float) -> None:
        slept_s.append(wait_s)

    monkeypatch.setattr(asyncio, "sleep", note)

    assert (await sleep_async(0.25), slept_s) == (0.25, [0.25])


@pytest.mark.parametrize("size", WORKLOAD.sizes)
def test_a_sleep_demands_its_waits(size: str) -> None:
    assert WORKLOAD.demand(size).waits_s == tuple(WORKLOAD.sizes[size])


@pytest.mark.parametrize("size", [size for size in WORKLOAD.sizes if size != "seed"])
def test_a_size_is_named_after_its_number_of_sleeps(size: str) -> None:
    assert WORKLOAD.sizes[size] == (0.01,) * int(size)


@pytest.mark.parametrize(("workers", "shortest_s"), [(1, 0.06), (2, 0.03), (3, 0.03)])
def test_the_seeds_sleeps_are_a_hundredth_of_2_1_and_3_s(workers: int, shortest_s: float) -> None:
    assert WORKLOAD.demand("seed").shortest_wait_s(workers) == pytest.approx(shortest_s)


def test_the_expected_answer_is_the_wait() -> None:
    assert WORKLOAD.expected
    assert WORKLOAD.expected(0.02) == 0.02
