"""Whether numeric libraries start more threads than there are cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.doctor.findings import Check, Finding, State
from raceway.text.numbers import count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.doctor.facts import Cores

MOST_DIGITS = 6


def library_threads(
    libraries: Sequence[str], settings: Mapping[str, str], cores: Cores
) -> Finding | None:
    """Tell how many threads libraries start in each process; None without such libraries."""
    if not libraries:
        return None
    for name, value in settings.items():
        threads = _threads(value)
        if threads is None:
            return _no_number(f"{name}={value}", cores)
        if threads > cores.usable:
            return _too_many(f"{name}={value}: {count(threads, 'thread')} per process", cores)
    seen = ", ".join(f"{name}={value}" for name, value in settings.items())
    if not seen and cores.allowed > cores.usable:
        return _too_many(f"not set: about {count(cores.allowed, 'thread')} per process", cores)
    return Finding(
        Check.LIBRARY_THREADS,
        State.OK,
        seen or "not set: one thread per core in each process",
    )


def _threads(value: str) -> int | None:
    """Return the threads of the outermost level: `4,2` gives 4; None unless a number above 0."""
    outermost = value.partition(",")[0].strip()
    is_number = outermost.isdecimal() and len(outermost) <= MOST_DIGITS
    return (int(outermost) or None) if is_number else None


def _no_number(setting: str, cores: Cores) -> Finding:
    return Finding(
        Check.LIBRARY_THREADS,
        State.WARN,
        f"{setting} is not a number of threads",
        "Libraries ignore it and use all cores, in every process.",
        f"Set it to a number from 1 to {cores.usable}, or not at all.",
    )


def _too_many(seen: str, cores: Cores) -> Finding:
    return Finding(
        Check.LIBRARY_THREADS,
        State.WARN,
        f"{seen}, for {count(cores.usable, 'core')}",
        "Threads wait for one another: products of matrices can take ten times as long.",
        f"Set OMP_NUM_THREADS={cores.usable}, and 1 where several processes compute.",
    )
