from __future__ import annotations

from dataclasses import replace

import pytest

from raceway.doctor.checks.resources import (
    memory,
    open_files,
    process_limit,
    shared_memory,
    start_methods,
    swap,
)
from raceway.doctor.facts import UNLIMITED, Resources
from raceway.doctor.findings import State

ROOM = Resources(("fork", "spawn"), semaphores=True)
GIB, MIB = 2**30, 2**20


def test_start_methods_are_named() -> None:
    assert start_methods(ROOM).seen == "fork, spawn"


def test_without_locks_between_processes_no_pool_can_race() -> None:
    finding = start_methods(replace(ROOM, semaphores=False))

    assert finding.state is State.BAD
    assert "only threads and asyncio" in finding.consequence


@pytest.mark.parametrize(
    ("available_bytes", "limit_bytes", "state", "seen"),
    [
        (8 * GIB, None, State.OK, "8 GiB available"),
        (2 * GIB, 2 * GIB, State.OK, "2 GiB available, within a limit of 2 GiB"),
        (1 * GIB, None, State.WARN, "1 GiB available"),
        (0, 1 * GIB, State.BAD, "0 B available, within a limit of 1 GiB"),
        (None, None, State.UNKNOWN, "the system does not tell"),
    ],
)
def test_memory_is_judged_by_what_each_worker_gets(
    available_bytes: int | None, limit_bytes: int | None, state: State, seen: str
) -> None:
    resources = replace(ROOM, available_bytes=available_bytes, memory_limit_bytes=limit_bytes)
    finding = memory(resources, 4)

    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("used_bytes", "state", "seen"),
    [
        (0, State.OK, "none in use"),
        (8 * MIB, State.OK, "8 MiB in use"),
        (2 * GIB, State.WARN, "2 GiB in use"),
        (None, State.UNKNOWN, "the system does not tell"),
    ],
)
def test_swap_in_use_is_told(used_bytes: int | None, state: State, seen: str) -> None:
    finding = swap(replace(ROOM, swap_used_bytes=used_bytes))

    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("free_bytes", "state", "seen"),
    [
        (8 * GIB, State.OK, "8 GiB free"),
        (64 * MIB, State.WARN, "64 MiB free in /dev/shm"),
        (None, State.UNKNOWN, "the system does not tell"),
    ],
)
def test_little_shared_memory_is_told(free_bytes: int | None, state: State, seen: str) -> None:
    finding = shared_memory(replace(ROOM, shared_memory_bytes=free_bytes))

    assert (finding.state, finding.seen) == (state, seen)


@pytest.mark.parametrize(
    ("soft", "hard", "state", "remedy"),
    [
        (1_024, 1_048_576, State.WARN, "ulimit -n 4096, in "),
        (256, 2_048, State.WARN, "ulimit -n 2048, in "),
        (256, UNLIMITED, State.WARN, "ulimit -n 4096, in "),
        (1_024, 1_024, State.WARN, "Ask the administrator"),
        (20_000, 20_000, State.OK, ""),
        (None, None, State.UNKNOWN, ""),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_possible(
    soft: int | None, hard: int | None, state: State, remedy: str
) -> None:
    finding = open_files(replace(ROOM, open_files=soft, open_files_ceiling=hard))

    assert finding.state is state
    assert finding.remedy.startswith(remedy)


@pytest.mark.parametrize(
    ("tasks", "state", "seen"),
    [
        (UNLIMITED, State.OK, "no limit"),
        (30_000, State.OK, "up to 30,000"),
        (1_000, State.WARN, "1,000 processes and threads may be started"),
        (10, State.BAD, "10 processes and threads may be started"),
        (None, State.UNKNOWN, "the system does not tell"),
    ],
)
def test_the_limit_of_processes_is_judged_by_a_pool_of_a_thousand(
    tasks: int | None, state: State, seen: str
) -> None:
    finding = process_limit(replace(ROOM, tasks=tasks))

    assert (finding.state, finding.seen) == (state, seen)
