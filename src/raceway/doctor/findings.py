"""The findings of a check-up and the verdict, as `raceway doctor` shows and saves them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raceway.doctor.facts import Facts

SCHEMA = "raceway-doctor/1"
"""Schema of a check-up's JSON; the number grows with changes that readers cannot ignore."""


class State(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"


class Check(StrEnum):
    """What is checked, as shown."""

    CORES = "usable cores"
    CAPACITY = "parallel capacity"
    HYPER_THREADS = "hyper-threads"
    QUOTA = "CPU quota"
    LIBRARY_THREADS = "library threads"
    PROCESSES = "start methods"
    MEMORY = "memory"
    SHARED_MEMORY = "shared memory"
    OPEN_FILES = "open files"
    TASKS = "process limit"
    OTHER_WORK = "other work"
    STEAL = "stolen time"
    VIRTUALISATION = "virtualisation"
    GOVERNOR = "governor"
    TURBO = "turbo"
    CLOCK = "clock"
    GAPS = "gaps"
    STEADINESS = "steadiness"
    SWAP = "swap"
    GPU = "GPU"


class Fit(StrEnum):
    """The verdict of the whole check-up."""

    FIT = "fit"
    RESERVED = "fit with reservations"
    NOT_PARALLEL = "not fit for parallel work"
    NOT_STEADY = "not fit for benchmarking"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: Check
    state: State
    seen: str
    consequence: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """A whole check-up, as shown and saved."""

    schema: str
    fit: Fit
    because: tuple[str, ...]
    """The checks that decided it."""
    findings: tuple[Finding, ...]
    """Worst first."""
    facts: Facts
