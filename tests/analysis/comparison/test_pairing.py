"""The cases of two sides, and which of them are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.pairing import Pairing
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.record import Grade, Launch, Record, Status
from support.compared import only

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.synthetic import Compare, MakeRecord, MakeRun, MakeSide


def test_cases_come_in_the_order_of_b_then_of_a(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    one, two, three = (record(name, steady, id=name) for name in ("one", "two", "three"))

    assert [row.case for row in comparison([one, two], [three, two]).rows] == [
        "three", "two", "one",
    ]  # fmt: skip


def test_a_case_never_measured_is_left_out(comparison: Compare, record: MakeRecord) -> None:
    skipped = record("pool", status=Status.SKIPPED, reason="no cuda device")

    assert comparison([skipped], [skipped]).rows == []


def test_a_computed_time_is_left_out(comparison: Compare, record: MakeRecord) -> None:
    computed = record("serial", kind="io", computed_s=10.0)

    assert comparison([computed], [computed]).rows == []


def test_a_case_that_one_side_does_not_know_is_missing(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    assert only(comparison([record("pool", steady)], [])).verdict is Verdict.MISSING


def test_a_case_that_failed_on_b_is_missing_with_its_reason(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    failed = record("pool", steady, status=Status.FAILED, reason="a wrong answer")

    assert only(comparison([record("pool", steady)], [failed])).reason == "failed: a wrong answer"


def test_a_case_that_failed_on_a_is_new_with_its_reason(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    failed = record("pool", status=Status.FAILED, reason="a wrong answer")
    row = only(comparison([failed], [record("pool", steady)]))

    assert (row.verdict, row.reason) == (Verdict.NEW, "failed: a wrong answer")


def test_a_side_that_does_not_know_a_case_takes_no_time_from_the_other(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    assert only(comparison([record("pool", steady)], [])).matchup.b.pass_s is None


def test_a_side_measured_in_noise_alone_is_too_noisy(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    both = [record("pool", steady, kind="io")]

    assert only(comparison(both, both, b_grade=Grade.NOISY)).reason == "too noisy"


def test_plain_benchmarks_are_compared_a_launch_a_run(run: MakeRun) -> None:
    def plain(label: str, medians_ns: Sequence[int]) -> Side:
        name = "bench/test_event_loop.py::test_gather"
        launches = [Launch(index=0, rounds_ns=[median_ns] * 5) for median_ns in medians_ns]
        records = [Record(id=name, fullname=name, launches=[each]) for each in launches]
        return Side(label, [run([each], run_id=f"{label}{at}") for at, each in enumerate(records)])

    a, b = plain("A", [1000, 1001, 999]), plain("B", [1300, 1301, 1299])

    assert only(compare_sides(a, b)).verdict is Verdict.SLOWER


def test_cases_of_a_model_steady_one_another(
    side: MakeSide, record: MakeRecord, steady: list[float]
) -> None:
    cases = [record("pool", steady, size=str(size), kind="io") for size in range(4)]

    assert all(each.prior for each in Pairing.of(side(cases), side(cases)).matchups())


def test_cases_of_other_models_do_not_steady(
    side: MakeSide, record: MakeRecord, steady: list[float]
) -> None:
    cases = [record(f"model-{number}", steady, kind="io") for number in range(8)]
    few = [record("pool", steady[:2], size=str(size), kind="io") for size in range(8)]

    matchups = Pairing.of(side([*cases, *few]), side([*cases, *few])).matchups()

    assert not any(each.prior for each in matchups)


@pytest.mark.parametrize(
    ("digests", "reason"),
    [(("a", "b"), "the work differs"), (("a", "a"), ""), (("", "b"), "")],
    ids=["other work", "the same", "not known"],
)
def test_other_work_is_not_compared(
    comparison: Compare, record: MakeRecord, steady: list[float], digests: Any, reason: str
) -> None:
    sides = [[record("pool", steady, kind="io", work_digest=each)] for each in digests]
    row = only(comparison(*sides))

    assert row.reason == reason
    assert (row.verdict is Verdict.UNCLEAR) is bool(reason)
