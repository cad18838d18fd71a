"""The machine of a run: what it is, in what state its host was, how fast its devices are."""

from __future__ import annotations

from raceway.bounds import Amount, Count, Seconds, Size, Speed
from raceway.record.saved import Saved


class Machine(Saved, frozen=True, kw_only=True):
    """Hardware and operating system, identified by facts that do not change."""

    id: str
    system: str
    architecture: str
    cpu_model: str
    logical_cores: Size
    """0 if another tool's file does not tell."""
    usable_cores: Size
    """The least of affinity, cgroup quota and count, at least 1; 0 if not told, by another tool."""
    quota_cores: Amount | None = None
    memory_bytes: Size | None = None
    kernel: str = ""
    virtualisation: str = ""
    governor: str = ""
    turbo: bool | None = None
    gpus: list[str] = []
    host: str | None = None
    """The host's name, saved only if the user asked for it."""


class HostState(Saved, frozen=True, kw_only=True):
    """The state of the machine's host: hosts with one machine id may differ in speed.

    Unknown values are empty or None.
    """

    stepping: str = ""
    """Family, model and stepping of the processor."""
    microcode: str = ""
    caches: str = ""
    """Level and size of each cache of a core."""
    frequency_mhz: Amount | None = None
    """The highest one if reported, else the current one."""
    memory_bytes_per_s: Amount | None = None
    """Copying speed in a short burst, reads and writes both counted."""
    timer_wake_s: Seconds | None = None
    """How late a timer of one millisecond usually wakes a sleeper."""
    pipe_wake_s: Seconds | None = None
    """How long a byte usually takes to a sleeping process and back."""


class Peak(Saved, frozen=True, kw_only=True):
    """The best speed measured on a device, from which tensor limits follow."""

    device: str
    interpreter: str
    precision: str
    flops_per_s: Speed
    bytes_per_s: Speed
    workers: Count = 1
    """Cores that computed together."""
    to_device_bytes_per_s: float = 0.0
    """Copying pinned memory of the host to the device; 0 if not measured."""
    from_device_bytes_per_s: float = 0.0
