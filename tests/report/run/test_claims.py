"""The claims in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.run.claims import claims_of
from raceway.analysis.run.results import results_of
from raceway.report.run.claims import claim_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Record, Run


def told(run: Run) -> list[str]:
    return [text.plain for text in claim_texts(claims_of(run, results_of(run)))]


def test_each_claim_is_told_with_the_cases_that_show_it(field_run: Callable[..., Run]) -> None:
    heading, *lines = told(field_run())

    assert heading == "Common claims"
    assert [line.partition(": ")[2].partition(" (")[0] for line in lines] == [
        *["holds"] * 4,
        *["cannot be tested here"] * 6,
    ]
    assert "(primes 1.9×, factorial 1.9×)" in lines[0]
    assert "cores" in lines[3]
    assert lines[4].endswith("(no cuda device)")


def test_a_run_that_tests_no_claim_says_so_in_one_line(run: Callable[..., Run]) -> None:
    assert told(run([])) == ["Common claims: this run tests none of them"]


def test_much_evidence_is_counted(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    records = [
        record(model, [factor * each for each in steady], workload=f"work{number}")
        for number in range(6)
        for model, factor in (("serial", 1.0), ("pool", 0.5))
    ]

    assert ", 2 more)" in told(run(records))[1]


def test_evidence_of_several_interpreters_names_them(
    run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> None:
    records = [
        record(model, [factor * each for each in steady], interpreter=label)
        for label in ("current", "3.14")
        for model, factor in (("serial", 1.0), ("pool", 0.5))
    ]

    assert told(run(records))[1].endswith("(primes @current 2.0×, primes @3.14 2.0×)")
