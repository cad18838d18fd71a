"""Joins what was planned with what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import GroupEnd, GroupResult, Header, Launch, Record


def records_of(
    header: Header,
    groups: list[GroupResult],
    plain: list[Record],
    *,
    finished: bool,
    ends: Sequence[GroupEnd] = (),
) -> list[Record]:
    """Join what was planned with what was measured.

    A case with a failed launch is `failed`, with that launch's reason. In an unfinished run, a case
    with fewer launches than planned is `interrupted`, unless its group has ended. Any other case
    without launches is `skipped`. Of plain benchmarks of one name, run again, the last counts.
    """
    ended = {end.id: end for end in ends}
    measured: dict[str, list[Launch]] = {}
    for group in sorted(groups, key=lambda group: group.launch):
        for case_id, launch in group.launches.items():
            measured.setdefault(case_id, []).append(launch)
    joined = [
        _joined(
            record,
            measured.get(record.id, []),
            header.launches,
            ended.get(record.group),
            finished=finished,
        )
        for record in header.planned
    ]
    return [*joined, *{record.id: record for record in plain}.values()]


def _joined(
    planned: Record,
    launches: list[Launch],
    wanted: int,
    end: GroupEnd | None,
    *,
    finished: bool,
) -> Record:
    if planned.status is Status.SKIPPED or planned.computed_s is not None:
        return planned
    failed = next((launch for launch in launches if launch.status is Status.FAILED), None)
    status, reason = Status.OK, ""
    if failed:
        status, reason = Status.FAILED, failed.reason
    elif end and not launches:
        status, reason = Status.SKIPPED, end.reason
    elif len(launches) < wanted and not finished and not end:
        status, reason = Status.INTERRUPTED, f"{len(launches)} of {wanted} launches were measured"
    elif not launches:
        status, reason = Status.SKIPPED, "deselected before its group"
    return msgspec.structs.replace(planned, status=status, reason=reason, launches=launches)
