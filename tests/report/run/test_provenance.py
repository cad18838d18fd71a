"""What the numbers of a run stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from raceway.record import (
    SUITE,
    Grade,
    Status,
)
from raceway.report.run.provenance import (
    condition_lines,
    skipped_lines,
    status_lines,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.text import Text

    from raceway.record import Record, Run


def plain(lines: Iterable[Text]) -> list[str]:
    return [line.plain for line in lines]


def test_an_interrupted_run_tells_how_far_it_came_and_how_to_go_on(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [
        record("serial", [1.0], size="1"),
        record("serial", [1.0], size="2"),
        record("pool", size="2", status=Status.INTERRUPTED),
        record("cuda", size="3", status=Status.SKIPPED),
    ]

    whole = run(records, status=Status.INTERRUPTED)
    cut_short = msgspec.structs.replace(whole, groups=whole.groups[:1])

    assert plain(status_lines(cut_short)) == [
        "interrupted: 1 of 2 groups measured; pytest bench/ --resume continues"
    ]


def test_failures_are_counted_before_the_answers(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [record("serial", [1.0]), record("pool", status=Status.FAILED)]

    assert plain(status_lines(run(records))) == ["failed: 1 of 2 cases; reasons below"]


def test_a_whole_run_has_nothing_missing(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    assert plain(status_lines(run([record("serial", [1.0])]))) == []


def test_skipped_cases_are_folded_by_reason(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    skipped = [
        record(model, size=size, status=Status.SKIPPED, reason="no cuda\ndevice")
        for size in ("1", "2", "3")
        for model in ("cuda", "streams")
    ]

    assert plain(skipped_lines(run(skipped))) == [
        "skipped: cuda and streams (no cuda device) - 6 cases"
    ]


def test_a_skip_without_reason_says_so(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    assert plain(skipped_lines(run([record("cuda", status=Status.SKIPPED)]))) == [
        "skipped: cuda (no reason given) - 1 case"
    ]


def test_conditions_are_counted(run: Callable[..., Run], record: Callable[..., Record]) -> None:
    raced = run([record("serial", [1.0, 1.0])], capacity=1.9)

    assert plain(condition_lines(raced)) == [
        "Conditions of 2 group launches: 2 quiet (A); 1.90 of 2 cores really ran at once"
    ]


def test_a_disturbed_group_tells_what_disturbed_it(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    raced = run([record("serial", [1.0])], grade=Grade.NOISY, reasons=["the anchor varied"])

    assert plain(condition_lines(raced))[1] == "  C primes-4000: the anchor varied"


def test_a_disturbance_without_reason_says_so(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    raced = run([record("serial", [1.0])], grade=Grade.DISTURBED)

    assert plain(condition_lines(raced))[1] == "  B primes-4000: no reason given"


def test_of_many_disturbed_groups_the_rest_is_counted(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [record("serial", [1.0], size=str(size)) for size in range(9)]

    assert plain(condition_lines(run(records, grade=Grade.NOISY)))[-1] == "  and 3 more groups"


def test_the_launches_of_a_suites_benchmarks_are_counted_as_such(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    records = [record("serial", [1.0], size=str(size)) for size in range(8)]
    raced = run(records, grade=Grade.NOISY)
    header = msgspec.structs.replace(raced.header, profile=SUITE)
    first, *_, last = plain(condition_lines(msgspec.structs.replace(raced, header=header)))

    assert first.startswith("Conditions of 8 benchmark launches: 8 too noisy")
    assert last == "  and 2 more benchmarks"


def test_without_groups_there_are_no_conditions(run: Callable[..., Run]) -> None:
    assert plain(condition_lines(run())) == []
