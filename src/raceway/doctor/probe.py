"""The probes of a check-up: what the system tells, then seconds of measuring."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from raceway.doctor.facts import Calm, Cores, Facts, Pulse, Quota
from raceway.doctor.probe_clock import watch_clock
from raceway.doctor.probe_gpu import probe_gpus
from raceway.doctor.probe_resources import or_none, probe_room
from raceway.measure.control.lanes import attended
from raceway.measure.group.capacity import Spinners
from raceway.measure.group.noise import load, pressure_s, share, spread, steal_s
from raceway.measure.lane.anchor import anchor_ns
from raceway.measure.lane.facts import is_present
from raceway.measure.machine import cgroup, linux
from raceway.measure.machine.machine import ROOT, probe_machine

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from raceway.record import Machine

THREADED_LIBRARIES = ("torch", "numpy")
THREAD_VARIABLES = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to measure."""

    idle_s: float = 0.5
    clock_s: float = 0.5
    pulse_s: float = 1.0
    tries: int = 7
    """Measurements of the parallel capacity, about 0.1 s each."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counters that only grow, read at one moment."""

    wall_s: float
    steal_s: float | None
    throttling: tuple[int, int] | None
    """Throttled periods, and all periods."""

    @classmethod
    def read(cls, root: Path) -> Totals:
        """Read the counters now."""
        steal = steal_s(root / "proc/stat")
        return cls(time.monotonic(), steal, cgroup.throttling(root))

    def stolen_since(self, before: Totals) -> float | None:
        """Return the share of the time since then that the hypervisor gave to other guests."""
        return share(before.steal_s, self.steal_s, self.wall_s - before.wall_s)


async def probe_facts(root: Path = ROOT, effort: Effort | None = None) -> Facts:
    """Return what can be learnt about this machine within a few seconds.

    Other work is watched first, while we are idle; what disturbs (nvidia-smi) comes last.
    """
    effort = effort or Effort()
    machine = probe_machine(root=root)
    calm = watch_others(root, effort.idle_s)
    before = Totals.read(root)
    clock = watch_clock(effort.clock_s, linux.clock_source(root))
    pulse = pulse_of(list(anchors_ns(effort.pulse_s)))
    capacities = await measured_capacities(machine.usable_cores, effort.tries)
    after = Totals.read(root)
    return Facts(
        machine=machine,
        cores=cores_of(machine, allowed_cpus(machine.logical_cores), capacities, root),
        quota=quota_of(machine.quota_cores, before, after),
        calm=Calm(*calm, after.stolen_since(before)),
        clock=clock,
        pulse=pulse,
        resources=probe_room(root),
        libraries=tuple(filter(is_present, THREADED_LIBRARIES)),
        thread_settings=thread_settings(os.environ),
        gpus=probe_gpus(),
    )


def watch_others(root: Path, watch_s: float) -> tuple[float | None, float | None, float | None]:
    """Stay idle; return the share of busy cores, the share of time under pressure, and the load."""
    load_before = load()
    pressure_before = pressure_s(root / "proc/pressure/cpu")
    start_s = time.monotonic()
    busy_percent = or_none(lambda: psutil.cpu_percent(interval=watch_s))
    wall_s = time.monotonic() - start_s
    pressure = share(pressure_before, pressure_s(root / "proc/pressure/cpu"), wall_s)
    return None if busy_percent is None else busy_percent / 100, pressure, load_before


def anchors_ns(watch_s: float) -> Iterable[int]:
    """Yield the times of the reference loop, repeated for so long."""
    end_s = time.monotonic() + watch_s
    while time.monotonic() < end_s:
        yield anchor_ns()


def pulse_of(times_ns: Sequence[int]) -> Pulse:
    """Return how steady the times of the reference loop are; drift needs at least four."""
    quarter = len(times_ns) // 4
    middle_ns = statistics.median(times_ns) if times_ns else 0
    drift = None
    if quarter and (first_ns := statistics.median(times_ns[:quarter])):
        drift = statistics.median(times_ns[-quarter:]) / first_ns - 1
    return Pulse(len(times_ns), middle_ns / 1e9, spread(times_ns), drift)


async def measured_capacities(cores: int, tries: int) -> tuple[float, ...]:
    """Return how many cores ran side by side in each try, with all `cores` busy."""
    async with attended() as reaper:
        spinners = await Spinners.start(cores, reaper)
        try:
            return tuple([await spinners.capacity() for _ in range(tries)])
        finally:
            await spinners.stop()


def allowed_cpus(logical: int) -> Sequence[int]:
    """Return the numbers of the cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return range(logical)


def cores_of(
    machine: Machine, allowed: Sequence[int], capacities: tuple[float, ...], root: Path
) -> Cores:
    """Return the facts about cores; psutil's physical ones only if all cores are allowed."""
    physical = linux.physical_cores(root, allowed)
    if physical is None and len(allowed) == machine.logical_cores:
        physical = or_none(lambda: psutil.cpu_count(logical=False))
    return Cores(machine.logical_cores, len(allowed), machine.usable_cores, physical, capacities)


def quota_of(cores: float | None, before: Totals, after: Totals) -> Quota:
    """Return the quota, and how often it stopped us before and during the check-up."""
    if before.throttling is None or after.throttling is None:
        return Quota(cores)
    throttled, periods = before.throttling
    throttled_now, periods_now = (
        max(now - then, 0) for now, then in zip(after.throttling, before.throttling, strict=True)
    )
    return Quota(cores, periods, throttled, periods_now, throttled_now)


def thread_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables that set the number of libraries' threads."""
    return {name: environment[name] for name in THREAD_VARIABLES if name in environment}
