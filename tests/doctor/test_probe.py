from __future__ import annotations

import dataclasses
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.doctor import probe
from raceway.doctor.facts import Cores, Pulse, Quota
from raceway.doctor.probe import (
    Effort,
    Totals,
    allowed_cpus,
    anchors_ns,
    cores_of,
    probe_facts,
    pulse_of,
    quota_of,
    thread_settings,
    watch_others,
)
from raceway.measure.machine.machine import probe_machine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.files import MakeTree


LITTLE = Effort(idle_s=0.01, clock_s=0.001, pulse_s=0.005, tries=2)
CPU = "sys/devices/system/cpu"
PROBED = (
    "proc/stat", "proc/pressure/cpu", "proc/meminfo", "proc/cpuinfo", "proc/self/cgroup",
    "proc/1/cgroup", "sys/class/dmi/id/sys_vendor", "run/systemd/container",
    "sys/devices/system/clocksource/clocksource0/current_clocksource",
    f"{CPU}/cpu0/cpufreq/scaling_governor", f"{CPU}/cpu0/topology/thread_siblings_list",
    f"{CPU}/intel_pstate/no_turbo", f"{CPU}/cpufreq/boost",
    *(f"sys/fs/cgroup/{name}" for name in (
        "cpu.max", "cpu.stat", "cpu.cfs_quota_us", "cpu.cfs_period_us", "memory.max",
        "memory.current", "memory.stat", "pids.max", "pids.current",
    )),
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no GPU be found."""
    monkeypatch.setenv("PATH", "")


async def test_a_machine_in_full_is_described() -> None:
    seen = await probe_facts(effort=LITTLE)

    assert (seen.machine.usable_cores, len(seen.cores.capacities)) == (seen.cores.usable, 2)
    assert seen.clock.watched_s >= LITTLE.clock_s
    assert seen.pulse.repeats >= 1
    assert seen.resources.start_methods
    assert dataclasses.asdict(seen)


async def test_a_tree_that_tells_nothing_leaves_facts_unknown(make_tree: MakeTree) -> None:
    seen = await probe_facts(make_tree({"proc/any": ""}), LITTLE)

    assert seen.quota == Quota()
    assert (seen.calm.pressure_share, seen.calm.steal_share) == (None, None)
    assert (seen.clock.source, seen.machine.governor, seen.machine.turbo) == ("", "", None)


@pytest.mark.parametrize(
    "garbage",
    [b"", b"\xff\xfe\0\x1b[2J", b"-1 -1\n: : :\n0::\n", b"9" * 5_000, b"nr_periods\ncpu total=\n"],
)
async def test_garbage_in_what_is_probed_harms_nothing(tmp_path: Path, garbage: bytes) -> None:
    for name in PROBED:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(garbage)
    (tmp_path / "proc/self/cgroup").write_bytes(b"0::/\n" + garbage)

    assert await probe_facts(tmp_path, replace(LITTLE, tries=0))


def test_others_are_watched_in_what_the_system_counts(make_tree: MakeTree) -> None:
    root = make_tree({"proc/pressure/cpu": "some avg10=0 avg60=0 avg300=0 total=5\n"})
    busy_share, pressure_share, _ = watch_others(root, 0.01)

    assert busy_share is not None
    assert pressure_share == 0.0


def test_a_system_that_counts_no_cpu_time_tells_no_share(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(interval: float) -> float:
        raise psutil.AccessDenied(msg=str(interval))

    monkeypatch.setattr(psutil, "cpu_percent", refuse)

    assert watch_others(make_tree({"proc/any": ""}), 0.01)[:2] == (None, None)


def test_the_fixed_piece_is_repeated_for_a_while() -> None:
    assert all(time_ns > 0 for time_ns in anchors_ns(0.002))


@pytest.mark.parametrize(
    ("times_ns", "pulse"),
    [
        ([], Pulse(0, 0.0, None, None)),
        ([1_000] * 3, Pulse(3, 1e-6, None, None)),
        ([1_000] * 8, Pulse(8, 1e-6, 0.0, 0.0)),
        ([1_000, 1_000, 1_500, 1_500, 1_500, 1_500, 2_000, 2_000], Pulse(8, 1.5e-6, 0.5, 1.0)),
        ([0] * 8, Pulse(8, 0.0, None, None)),
    ],
)
def test_the_pulse_is_spread_and_drift(times_ns: list[int], pulse: Pulse) -> None:
    assert pulse_of(times_ns) == pulse


def totals(throttling: tuple[int, int] | None) -> Totals:
    return Totals(0.0, None, throttling)


@pytest.mark.parametrize(
    ("before", "after", "quota"),
    [
        ((2, 10), (5, 50), Quota(1.5, 10, 2, 40, 3)),
        ((5, 50), (0, 0), Quota(1.5, 50, 5, 0, 0)),
        (None, (5, 50), Quota(1.5)),
        ((5, 50), None, Quota(1.5)),
    ],
)
def test_throttling_during_the_check_up_is_counted_apart(
    before: tuple[int, int] | None, after: tuple[int, int] | None, quota: Quota
) -> None:
    assert quota_of(1.5, totals(before), totals(after)) == quota


@pytest.mark.parametrize(
    ("files", "allowed", "physical"),
    [
        ({f"{CPU}/cpu{at}/topology/thread_siblings_list": "0-1" for at in (0, 1)}, [0, 1], 1),
        ({"proc/any": ""}, [0, 1], 77),
        ({"proc/any": ""}, [0], None),
    ],
)
def test_physical_cores_are_known_where_all_cores_are_allowed(
    make_tree: MakeTree,
    monkeypatch: pytest.MonkeyPatch,
    files: dict[str, str],
    allowed: list[int],
    physical: int | None,
) -> None:
    monkeypatch.setattr(psutil, "cpu_count", lambda logical=True: 2 if logical else 77)
    root = make_tree(files)
    machine = probe_machine(root=root)
    seen = cores_of(machine, allowed, (1.9,), root)

    assert seen == Cores(2, len(allowed), machine.usable_cores, physical, (1.9,))


def test_without_affinity_all_cores_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)

    assert list(allowed_cpus(3)) == [0, 1, 2]


def test_only_settings_of_threads_are_kept() -> None:
    environment = {"OMP_NUM_THREADS": "4", "HOME": "/", "MKL_NUM_THREADS": ""}

    assert thread_settings(environment) == {"OMP_NUM_THREADS": "4", "MKL_NUM_THREADS": ""}


async def test_spinners_are_stopped_even_if_measuring_fails(
    monkeypatch: pytest.MonkeyPatch, still_running: Callable[..., list[psutil.Process]]
) -> None:
    started = []

    async def fail(self: probe.Spinners) -> float:
        started.extend(psutil.Process(process.pid) for process in self.processes)
        raise RuntimeError

    monkeypatch.setattr(probe.Spinners, "capacity", fail)

    with pytest.raises(RuntimeError):
        await probe.measured_capacities(2, 1)

    assert (len(started), still_running(started)) == (2, [])
