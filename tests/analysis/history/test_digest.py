"""What a history keeps of a run says the same as its launches do, one by one."""

from __future__ import annotations

import math
import random
import struct
from math import exp, log, nan
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from raceway.analysis.comparison.normalisation import ANCHORS, Normalisation
from raceway.analysis.history.digest import column_of, digest_of
from raceway.analysis.run.timing import MEASURED
from raceway.record import Grade, Launch, Record, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.history.digest import Digest
    from raceway.record import GroupResult, Run

    Make = Callable[..., Any]


def logs_of(launch: Launch, group: GroupResult | None) -> dict[Normalisation, float]:
    """Return the same as the code under test, round by round: what the columns must agree with."""
    if launch.status is not Status.OK or not any(launch.rounds_ns):
        return {}
    passes_ns = [round_ns / launch.loops for round_ns in launch.rounds_ns]
    count, after = len(passes_ns), group.parallel_anchors_ns if group else []
    beside = launch.anchors_ns if len(launch.anchors_ns) == count else [0] * count
    turns = launch.turns if launch.anchors_ns and len(launch.turns) == count else [-1] * count
    parallel = [after[turn] if 0 <= turn < len(after) else 0 for turn in turns]
    logs = {Normalisation.RAW: log(median(each for each in passes_ns if each) / 1e9)}
    for normalisation, anchors_ns in zip(ANCHORS, (beside, parallel), strict=True):
        pairs = zip(passes_ns, anchors_ns, strict=True)
        if ratios := [log(one / other) for one, other in pairs if one and other]:
            logs[normalisation] = median(ratios)
    return logs


def one_by_one(run: Run, record: Record) -> list[float]:
    """Return a pass in seconds and over each anchor, from the launches of one record."""
    groups = {(group.id, group.launch): group for group in run.groups}
    logs = [logs_of(one, groups.get((record.group, one.index))) for one in record.launches]
    known = [each for each in logs if each] if record.status in MEASURED else []
    return [
        exp(median(each[normalisation] for each in known))
        if known and all(normalisation in each for each in known)
        else nan
        for normalisation in (Normalisation.RAW, *ANCHORS)
    ]


def rows_of(digest: Digest) -> list[tuple[float, ...]]:
    """Return the same, row by row, from a digest."""
    columns = (digest.passes_s, *digest.over_anchors)
    return list(zip(*(column_of(each).tolist() for each in columns), strict=True))


def some_launch(draw: random.Random, index: int) -> Launch:
    """Return a launch with holes: rounds of no time, anchors that are not there, wrong turns."""
    count = draw.choice((0, 1, 2, 3, 3, 8))
    return Launch(
        index=index,
        status=draw.choice((Status.OK, Status.OK, Status.OK, Status.FAILED)),
        loops=draw.choice((1, 7)),
        rounds_ns=[draw.choice((0, draw.randrange(1, 10**9))) for _ in range(count)],
        anchors_ns=[draw.randrange(10**6) for _ in range(draw.choice((count, count, 0, 2)))],
        turns=[draw.randrange(-1, 5) for _ in range(draw.choice((count, count, 1)))],
    )


@pytest.mark.parametrize("seed", range(40))
def test_a_row_says_what_the_launches_of_its_record_say(record: Make, run: Make, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 (a simulation)
    records = [
        record(
            f"model{number}",
            workload=draw.choice(("primes", "sleep")),
            status=draw.choice((Status.OK, Status.INTERRUPTED, Status.FAILED)),
            launches=[some_launch(draw, index) for index in range(draw.randrange(4))],
        )
        for number in range(6)
    ]
    raced = run(records)
    groups = [
        replace(group, parallel_anchors_ns=[draw.randrange(10**6) for _ in range(4)])
        for group in raced.groups
        if draw.random() < 0.8
    ]
    raced = replace(raced, groups=groups)

    found = rows_of(digest_of(raced))

    for row, each in zip(found, records, strict=True):
        assert row == pytest.approx(one_by_one(raced, each), nan_ok=True)


def test_each_row_has_its_case_interpreter_and_grade(record: Make, run: Make) -> None:
    digest = digest_of(run([record("serial", [1.0]), record("", workload="", id="plain")]))

    assert digest.cases.ids == ("primes-4000-serial-w1@", "plain")
    assert digest.cases.interpreters == ("current", "current")
    assert digest.grades == f"{Grade.QUIET}{Grade.UNKNOWN}"
    assert digest.is_whole


def test_a_run_without_records_has_no_rows(run: Make) -> None:
    assert rows_of(digest_of(run([]))) == []


@pytest.mark.parametrize(
    "damage",
    [
        {"passes_s": b""},
        {"over_anchors": (b"12345678", b"")},
        {"grades": ""},
        {"grades": "Z"},
        {"passes_s": struct.pack("<d", 0.0)},
        {"passes_s": struct.pack("<d", -1.0)},
        {"passes_s": struct.pack("<d", math.inf)},
    ],
)
def test_a_damaged_digest_is_noticed(record: Make, run: Make, damage: dict[str, Any]) -> None:
    digest = digest_of(run([record("serial", [1.0])]))

    assert not replace(digest, **damage).is_whole
