"""Words, order and colours of verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.analysis.stats.intervals import Estimate
from raceway.report.comparison.verdicts import (
    ORDER,
    STYLES,
    change,
    counts,
    detectable_text,
    in_order,
    measured_cells,
    ratio_text,
    side_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row
    from raceway.record import Record, Run


def row_of(comparison: Comparison, verdict: Verdict) -> Row:
    (row,) = (row for row in comparison.rows if row.verdict is verdict)
    return row


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_verdict_has_a_place_and_a_style(verdict: Verdict) -> None:
    assert verdict in ORDER
    assert verdict in STYLES


def test_rows_are_read_by_verdict(every_verdict: Comparison) -> None:
    assert [row.verdict for row in in_order(every_verdict.rows)] == list(ORDER)


def test_the_largest_change_is_read_first(
    comparison: Callable[..., Comparison], record: Callable[..., Record], steady: list[float]
) -> None:
    def cases(*factors: float) -> list[Record]:
        return [
            record("threads", [factor * each for each in steady], kind="io", id=f"{place}")
            for place, factor in enumerate(factors)
        ]

    compared = comparison(cases(1, 1, 1, 1), cases(0.9, 1.1, 0.5, 1.3))

    assert [row.case for row in in_order(compared.rows)] == ["3", "1", "2", "0"]


def test_verdicts_never_given_are_not_counted(
    comparison: Callable[..., Comparison], record: Callable[..., Record], steady: list[float]
) -> None:
    both = [record("threads", steady, kind="io")]

    assert counts(comparison(both, both)) == [(Verdict.SAME, "1 same")]


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (1.051, "+5.1%"),
        (0.997, "-0.3%"),
        (0.99999, "+0.0%"),
        (1.0, "+0.0%"),
        (0.9, "-10.0%"),
        (2.04, "2.04×"),
        (0.5, "0.50×"),
        (1.99, "+99.0%"),
    ],
)
def test_changes_are_told_as_people_speak_of_them(ratio: float, text: str) -> None:
    assert change(ratio) == text


@pytest.mark.parametrize(
    ("estimate", "text"),
    [
        (None, "~"),
        (Estimate(1.05, None, None, 1), "~+5.0%"),
        (Estimate(1.05, 1.04, 2.06, 5), "+5.0% [+4.0%, 2.06×]"),
    ],
)
def test_a_ratio_has_its_interval_or_a_tilde(estimate: Estimate | None, text: str) -> None:
    assert ratio_text(estimate) == text


@pytest.mark.parametrize(("verdict", "text"), [(Verdict.SAME, "raw"), (Verdict.MISSING, "–")])
def test_a_basis_is_told_where_there_is_an_interval(
    every_verdict: Comparison, verdict: Verdict, text: str
) -> None:
    assert measured_cells(row_of(every_verdict, verdict))[5] == text


@pytest.mark.parametrize(("verdict", "text"), [(Verdict.SAME, "5:5"), (Verdict.MISSING, "5:0")])
def test_launches_are_told_of_both_sides(
    every_verdict: Comparison, verdict: Verdict, text: str
) -> None:
    assert measured_cells(row_of(every_verdict, verdict))[4] == text


@pytest.mark.parametrize(("verdict", "text"), [(Verdict.SAME, "A:A"), (Verdict.NEW, "?:A")])
def test_grades_are_told_of_both_sides(
    every_verdict: Comparison, verdict: Verdict, text: str
) -> None:
    assert measured_cells(row_of(every_verdict, verdict))[6] == text


def test_what_could_have_been_seen_is_not_known_without_interval(
    every_verdict: Comparison,
) -> None:
    assert detectable_text(row_of(every_verdict, Verdict.MISSING)) == "–"


def test_what_could_have_been_seen_is_a_change(every_verdict: Comparison) -> None:
    assert detectable_text(row_of(every_verdict, Verdict.SAME)).startswith("+3.")


def test_a_side_is_told_by_run_time_and_commit(run: Callable[..., Run]) -> None:
    assert side_text(Side("latest", [run()])) == (
        "latest (run 3f9a1c, 2026-11-23 04:55, 0123456 changed)"
    )


def test_several_runs_are_counted(run: Callable[..., Run]) -> None:
    assert side_text(Side("main", [run(), run()])).startswith("main (2 runs, ")


def test_a_single_interpreter_is_told_by_its_version(
    run: Callable[..., Run], record: Callable[..., Record]
) -> None:
    both = run([record("serial", [1.0], interpreter="3.14t")], version="3.14.0")

    assert side_text(Side("new", [both], "3.14t")).endswith(", Python 3.14.0)")


def test_an_interpreter_that_is_not_known_is_told_by_its_label(run: Callable[..., Run]) -> None:
    assert side_text(Side("new", [run()], "3.14t")).endswith(", 3.14t)")


def test_control_characters_of_a_side_do_not_act(run: Callable[..., Run]) -> None:
    told = run()
    header = msgspec.structs.replace(told.header, started_at="\x1b[2J\u202e")
    hostile = Side("\x07", [msgspec.structs.replace(told, header=header)])

    assert side_text(hostile).isprintable()


def test_a_side_of_a_duel_is_told_by_its_own_python(run: Callable[..., Run]) -> None:
    assert side_text(Side("one", [run(duel="d")])).endswith(", Python 3.13.0)")
