"""What was probed of a machine: the facts that `raceway doctor` judges.

What a system does not tell is None. Times are seconds (`_s`), sizes bytes (`_bytes`), shares
plain ratios.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.record import Machine

UNLIMITED = 2**63 - 1
"""A limit that the system says is none."""


@dataclass(frozen=True, slots=True)
class Cores:
    """How many cores there should be, and how many there are."""

    logical: int
    allowed: int
    """By affinity."""
    usable: int
    """The least of affinity, quota and count, at least 1."""
    physical: int | None = None
    """Those behind the allowed ones, hyper-threads of one core counted once."""
    capacities: tuple[float, ...] = ()
    """Cores that ran side by side when all usable ones were asked to, each time it was measured."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What the control groups allow, and how often they stopped us."""

    cores: float | None = None
    periods: int | None = None
    """In which the quota counted, since the group began."""
    throttled: int | None = None
    """Of these, in which the group was stopped."""
    periods_now: int | None = None
    """As `periods`, during the check-up."""
    throttled_now: int | None = None


@dataclass(frozen=True, slots=True)
class Calm:
    """What others did while we did nothing, and what the hypervisor took while we computed."""

    busy_share: float | None = None
    """Of all cores."""
    pressure_share: float | None = None
    """Of the time, in which some process waited for a CPU (PSI)."""
    load: float | None = None
    """Average over a minute before the check-up."""
    steal_share: float | None = None
    """Stolen seconds a second, over all cores."""


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock that times rounds, read again and again for a moment."""

    source: str
    """What the kernel reads; empty where not told."""
    watched_s: float
    reading_s: float
    """The mean of one reading, gaps left out."""
    finest_s: float
    """The smallest step seen."""
    gaps_s: tuple[float, ...] = ()
    """Those above a millisecond, in which something else ran."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """A fixed piece of pure Python, repeated."""

    repeats: int
    median_s: float
    spread: float | None
    """Interquartile range over the median."""
    drift: float | None
    """How much longer the last quarter took than the first."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What processes, threads and payloads may take."""

    start_methods: tuple[str, ...]
    semaphores: bool
    """Whether locks between processes can be made: no pool of processes works without."""
    available_bytes: int | None = None
    """Without swapping, and within the limit."""
    memory_limit_bytes: int | None = None
    swap_used_bytes: int | None = None
    shared_memory_bytes: int | None = None
    """Free in /dev/shm."""
    open_files: int | None = None
    """Soft limit of this process."""
    open_files_ceiling: int | None = None
    """Hard limit: as far as the soft one can be raised."""
    tasks: int | None = None
    """Processes and threads that may be started."""


@dataclass(frozen=True, slots=True)
class Gpu:
    """One NVIDIA GPU, as its driver's tool describes it."""

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
    """Why the clock is below its maximum: bits as in NVML's nvmlClocksEventReasons."""
    processes: int = 0
    """That compute on it now."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that was probed."""

    machine: Machine
    cores: Cores
    quota: Quota
    calm: Calm
    clock: Clock
    pulse: Pulse
    resources: Resources
    libraries: tuple[str, ...] = ()
    """Installed ones that start threads of their own."""
    thread_settings: dict[str, str] = field(default_factory=dict)
    """Environment variable to value, of those that are set."""
    gpus: tuple[Gpu, ...] = ()
