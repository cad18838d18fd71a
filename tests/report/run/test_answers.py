"""The answers of a run, one line a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from raceway.record import Status
from raceway.report.run.answers import LINE_WIDTH, answer_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run


def test_groups_stand_under_their_kind_of_work(field_run: Callable[..., Run]) -> None:
    headings = [line for line in answer_lines(field_run()) if not line.startswith(" ")]

    assert headings == ["CPU-bound", "Waiting", "Tensor"]


def test_no_line_is_wider_than_a_terminal(field_run: Callable[..., Run]) -> None:
    assert max(map(len, answer_lines(field_run()))) <= LINE_WIDTH


def test_what_makes_all_groups_unclear_is_said_once(field_run: Callable[..., Run]) -> None:
    lines = answer_lines(field_run(launches=1))

    assert [line for line in lines if "1 launch" in line] == ["all unclear (1 launch: no interval)"]


def test_what_makes_some_groups_unclear_is_said_there(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    clear = [record("serial", [1.0] * 3), record("pool", [0.5] * 3)]
    unclear = [record("serial", [1.0], size="9"), record("pool", [0.5], size="9")]

    lines = answer_lines(run([*clear, *unclear]))

    assert "unclear, serial or pool: 2.00×; 1 launch: no interval" in " ".join(lines)


def test_groups_nobody_reached_share_a_line(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    missed = [record("pool", size=size, status=Status.INTERRUPTED) for size in ("1", "2")]

    assert answer_lines(run(missed)) == ["CPU-bound", "  not measured: primes-1 and primes-2"]


def test_a_kind_of_work_nobody_foresaw_has_its_own_heading(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    odd = [record("serial", [1.0], kind="quantum"), record("serial", [1.0], kind="", size="9")]

    assert [line for line in answer_lines(run(odd)) if line[0] != " "] == ["quantum", "Other"]


def test_plain_benchmarks_have_no_answer(field_run: Callable[..., Run]) -> None:
    only_plain = [record for record in field_run().records if not record.workload]

    assert answer_lines(msgspec.structs.replace(field_run(), records=only_plain)) == []


def test_names_from_a_file_cannot_act_on_the_terminal(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    hostile = record("\x1b[2Jpool", [1.0], workload="a\nb")

    assert all(map(str.isprintable, answer_lines(run([hostile]))))
