"""The records of a suite's run: with the kind of each benchmark's work, or why it has no time."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from msgspec.structs import replace

from raceway.case import Kind
from raceway.record import SUITE, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import Header, Launch, Record

COMPUTES, WAITS = 0.9, 0.1
"""Cores wanted from which on a benchmark computes, and up to which it waits."""
NO_TIME_LEFT = "the budget left no time for it"


def of_suite(header: Header, records: Sequence[Record]) -> list[Record]:
    """Return the records of a run, completed if it is a suite's."""
    return [_completed(each) for each in records] if header.profile == SUITE else list(records)


def _completed(record: Record) -> Record:
    skipped = [each.reason for each in record.launches if each.status is Status.SKIPPED]
    if skipped and record.status is not Status.FAILED:
        return replace(record, status=Status.SKIPPED, reason=skipped[0], launches=[])
    if record.status is Status.SKIPPED and not record.launches:
        return replace(record, reason=record.reason if skipped else NO_TIME_LEFT)
    return replace(record, kind=_kind_of(record))


def _kind_of(record: Record) -> str:
    """Return whether a benchmark computes or waits, by its CPU time; empty if neither is clear."""
    known = [wanted for each in record.launches if (wanted := _cores_wanted(each)) is not None]
    if not known:
        return ""
    usual = median(known)
    return str(Kind.CPU) if usual >= COMPUTES else str(Kind.IO) if usual <= WAITS else ""


def _cores_wanted(launch: Launch) -> float | None:
    """Return CPU time over the time in which no CPU was lacking; None if unknown."""
    wall_s = sum(launch.rounds_ns) / 1e9 - (launch.queue_s or 0.0)
    return launch.cpu_s / wall_s if launch.cpu_s is not None and wall_s > 0 else None
