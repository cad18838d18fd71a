"""Upgrades what was saved as schema 1, on reading; it is never written again.

Schema 1, of version 0.1, called groups heats, and did not save a model's family.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from raceway.case import Family
from raceway.record import GroupResult, JournalLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.record import Record

FAMILIES = {
    "serial": Family.ONE_CORE,
    "threads": Family.THREADS,
    "asyncio": Family.EVENT_LOOP,
    "uvloop": Family.EVENT_LOOP,
    "pool": Family.PROCESSES,
    "processes-fork": Family.PROCESSES,
    "processes-forkserver": Family.PROCESSES,
    "processes-spawn": Family.PROCESSES,
    "loky": Family.PROCESSES,
    "torch": Family.TENSOR,
    "cuda": Family.TENSOR,
}
"""The families of version 0.1's models; today's models tell their own."""


class Heat(GroupResult, frozen=True, kw_only=True):
    """A group as schema 1 wrote it."""

    id: str = msgspec.field(name="heat")


class AnyJournalLine(JournalLine, frozen=True, kw_only=True):
    """A line of a journal of either schema."""

    heat: Heat | None = None


def upgraded(heats: Iterable[Heat]) -> list[GroupResult]:
    """Return groups of schema 1 as groups of today."""
    return [
        GroupResult(**{name: getattr(heat, name) for name in heat.__struct_fields__})
        for heat in heats
    ]


def with_family(record: Record) -> Record:
    """Return the record with its model's family filled in."""
    if record.family or record.model not in FAMILIES:
        return record
    return msgspec.structs.replace(record, family=FAMILIES[record.model].value)
