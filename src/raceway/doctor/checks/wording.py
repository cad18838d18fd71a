"""Numbers and grades as the findings of a check-up put them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.doctor.findings import Check, Finding, State

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_TOLD = "the system does not tell"
IN_TENTHS = 9.95
"""Percents below this have a decimal."""
LEAST_SHOWN = 0.05
"""Percents below this, though not 0, are not told apart."""
BYTES = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))
SECONDS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"))


def not_told(check: Check) -> Finding:
    """Return the finding of a check that has nothing to go by, which is no problem."""
    return Finding(check, State.UNKNOWN, NOT_TOLD)


def at_most(bounds: tuple[float, float], value: float) -> State:
    """Return the state where less is better; the bounds are the most that is ok, and a warning."""
    if value <= bounds[0]:
        return State.OK
    return State.WARN if value <= bounds[1] else State.BAD


def at_least(bounds: tuple[float, float], value: float) -> State:
    """Return the state where more is better; the bounds are the least that is ok, and a warning."""
    return at_most((-bounds[0], -bounds[1]), -value)


def worst(states: Iterable[State]) -> State:
    """Return the worst of what is known; unknown if nothing is."""
    all_of_them = set(states)
    known = (state for state in (State.BAD, State.WARN, State.OK) if state in all_of_them)
    return next(known, State.UNKNOWN)


def percent(share: float) -> str:
    """Return a share: `0 %`, `4.2 %`, `97 %`."""
    percents = 100 * share
    if 0 < percents < LEAST_SHOWN:
        return "under 0.1 %"
    return f"{percents:.1f} %" if 0 < percents < IN_TENTHS else f"{percents:.0f} %"


def size(amount_bytes: float) -> str:
    """Return an amount of memory: `1.5 GiB`, `64 MiB`."""
    unit_bytes, unit = next((each for each in BYTES if amount_bytes >= each[0]), (1, "B"))
    amount = amount_bytes / unit_bytes
    return f"{amount:.3g} {unit}" if amount < 999.5 else f"{amount:.0f} {unit}"  # noqa: PLR2004 (more would become 1e+03)


def span(time_s: float) -> str:
    """Return a time: `12.3 ms`, `60 ns`."""
    unit_s, unit = next((each for each in SECONDS if time_s >= each[0]), (1e-9, "ns"))
    return f"{time_s / unit_s:.3g} {unit}"


def many(number: int, noun: str) -> str:
    """Return a number with its noun: `1 core`, `1,000 cores`."""
    plural = {"try": "tries", "process": "processes"}.get(noun, f"{noun}s")
    return f"{number:,} {noun if number == 1 else plural}"
