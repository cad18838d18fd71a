"""Other models in its group shift a case of several cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.verdicts import Verdict
from support.compared import STEADY_ANCHORS, longer

if TYPE_CHECKING:
    from raceway.record import Record
    from support.compared import MakeAnchored
    from support.synthetic import Compare, MakeRecord


def beside(case: list[Record], *others: Record) -> list[Record]:
    return [*case, *others]


@pytest.mark.parametrize(
    ("cores", "neighbours", "judged"),
    [(1.9, True, False), (1.9, False, True), (1.0, True, True)],
    ids=[
        "a pool in other neighbours",
        "a pool in the same neighbours",
        "one core in other neighbours",
    ],
)
def test_other_neighbours_in_its_group_shifts_a_pool(  # noqa: PLR0913, PLR0917 (three of them parameters)
    comparison: Compare,
    anchored_record: MakeAnchored,
    record: MakeRecord,
    steady: list[float],
    cores: float,
    neighbours: bool,  # noqa: FBT001 (a parameter)
    judged: bool,  # noqa: FBT001 (a parameter)
) -> None:
    threads, serial = record("threads", steady), record("serial", steady)
    before = beside(anchored_record(steady, STEADY_ANCHORS, cores), serial)
    after = beside(
        anchored_record(longer(steady, 1.08), STEADY_ANCHORS, cores),
        serial,
        *([threads] if neighbours else []),
    )
    row = next(
        row for row in comparison(before, after).rows if row.matchup.b.record.model == "pool"
    )

    assert (row.verdict is Verdict.SLOWER) is judged
    assert ("beside other models" in row.reason) is not judged


def test_a_case_that_was_alone_is_not_held_against_one_in_neighbours(
    comparison: Compare,
    anchored_record: MakeAnchored,
    record: MakeRecord,
    steady: list[float],
) -> None:
    alone = anchored_record(steady, STEADY_ANCHORS)
    after = beside(anchored_record(longer(steady, 1.08), STEADY_ANCHORS), record("serial", steady))
    row = next(row for row in comparison(alone, after).rows if row.matchup.b.record.model == "pool")

    assert row.verdict is Verdict.UNCLEAR
    assert "beside other models" in row.reason


def test_other_neighbours_does_not_shift_what_waits(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    before = [record("asyncio", steady, kind="io")]
    after = [
        record("asyncio", longer(steady, 1.08), kind="io"),
        record("serial", steady, kind="io"),
    ]
    row = next(
        row for row in comparison(before, after).rows if row.matchup.b.record.model == "asyncio"
    )

    assert row.verdict is Verdict.SLOWER
