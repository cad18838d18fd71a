"""The facts about a machine that `raceway doctor` checks.

Unknown values are None. Times are seconds (`_s`), sizes bytes (`_bytes`), shares plain ratios.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.record import Machine

UNLIMITED = 2**63 - 1
"""A limit that the system reports as infinite."""


@dataclass(frozen=True, slots=True)
class Cores:
    """How many cores there are, may be used, and really ran."""

    logical: int
    allowed: int
    """By affinity."""
    usable: int
    """The least of affinity, quota and count, at least 1."""
    physical: int | None = None
    """Physical cores among the allowed ones, whose hyper-threads count once."""
    capacities: tuple[float, ...] = ()
    """Each measurement of the cores that ran side by side when all usable ones were busy."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What the control groups allow, and how often they stopped us."""

    cores: float | None = None
    periods: int | None = None
    """Periods of the quota since the control group began."""
    throttled: int | None = None
    """Those in which the control group was stopped."""
    periods_now: int | None = None
    """Periods during the check-up."""
    throttled_now: int | None = None


@dataclass(frozen=True, slots=True)
class Calm:
    """What others did while we were idle, and what the hypervisor took while we computed."""

    busy_share: float | None = None
    """Share of all cores."""
    pressure_share: float | None = None
    """Share of the time in which some process waited for a CPU (PSI)."""
    load: float | None = None
    """One-minute load average before the check-up."""
    steal_share: float | None = None
    """Stolen seconds per second, over all cores."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock that times rounds, read continuously for a moment."""

    source: str
    """The kernel's clock source; empty if unknown."""
    watched_s: float
    reading_s: float
    """Mean time of one reading, without gaps."""
    finest_s: float
    """The smallest step seen."""
    gaps_s: tuple[float, ...] = ()
    """Gaps above a millisecond, in which something else ran; longest first."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """The times of the reference loop, repeated."""

    repeats: int
    median_s: float
    spread: float | None
    """Interquartile range over the median."""
    drift: float | None
    """How much longer the last quarter took than the first."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What processes, threads and payloads may use."""

    start_methods: tuple[str, ...]
    semaphores: bool
    """Whether locks between processes can be created, which every process pool needs."""
    available_bytes: int | None = None
    """Available without swapping, within the limit."""
    memory_limit_bytes: int | None = None
    swap_used_bytes: int | None = None
    shared_memory_bytes: int | None = None
    """Free in /dev/shm."""
    open_files: int | None = None
    """Soft limit of this process."""
    open_files_ceiling: int | None = None
    """Hard limit, to which the soft one can be raised."""
    tasks: int | None = None
    """Processes and threads that may be started."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One NVIDIA GPU, as `nvidia-smi` describes it."""

    index: str
    name: str
    sm_mhz: float | None = None
    most_sm_mhz: float | None = None
    temperature_c: float | None = None
    power_w: float | None = None
    power_limit_w: float | None = None
    busy_share: float | None = None
    used_bytes: int | None = None
    persistent: bool | None = None
    """Whether the driver stays loaded while nothing uses it."""
    slowdowns: int | None = None
    """Why the clock is below its maximum: bits of NVML's nvmlClocksEventReasons."""
    processes: int = 0
    """Processes that compute on it now."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything probed."""

    machine: Machine
    cores: Cores
    quota: Quota
    calm: Calm
    clock: Clock
    pulse: Pulse
    resources: Resources
    libraries: tuple[str, ...] = ()
    """Installed libraries that start threads of their own."""
    thread_settings: dict[str, str] = field(default_factory=dict)
    """Environment variables that set their number of threads."""
    gpus: tuple[Gpu, ...] = ()
