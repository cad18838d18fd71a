"""A comparison as plain data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.report.comparison.data import comparison_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.record import Record, Run

HOSTILE = "\x1b[2J<script>\u202e"
TOP = {
    "schema", "a", "b", "threshold", "confidence", "across_machines", "summary", "differences",
    "rows",
}  # fmt: skip
SIDE = {"label", "runs", "interpreter", "machine", "commit", "dirty", "started_at",
        "files", "python", "command", "libraries"}  # fmt: skip
ROW = {
    "case", "workload", "size", "model", "workers", "device", "kind", "verdict", "single_runs",
    "reason", "ratio",
    "low", "high", "detectable", "p_value", "normalisation", "a_s", "b_s", "a_launches",
    "b_launches", "a_rounds", "b_rounds", "a_noisy_launches", "b_noisy_launches", "a_grade",
    "b_grade",
}  # fmt: skip


@pytest.fixture
def data(every_verdict: Comparison) -> dict[str, Any]:
    """Return every verdict as it comes back from strict JSON."""
    read: dict[str, Any] = json.loads(json.dumps(comparison_data(every_verdict), allow_nan=False))
    return read


def test_the_schema_is_named(data: dict[str, Any]) -> None:
    assert data["schema"] == "raceway-comparison/2"


def test_the_keys_are_those_documented(data: dict[str, Any]) -> None:
    assert (set(data), set(data["a"]), set(data["b"])) == (TOP, SIDE, SIDE)


def test_each_row_has_the_keys_documented(data: dict[str, Any]) -> None:
    assert all(set(row) == ROW for row in data["rows"])


def test_the_summary_counts_each_verdict(data: dict[str, Any]) -> None:
    assert {each: data["summary"][each] for each in Verdict} == dict.fromkeys(Verdict, 1)


def test_the_summary_has_the_ratio_of_all_cases(
    data: dict[str, Any], every_verdict: Comparison
) -> None:
    assert every_verdict.overall is not None
    assert data["summary"]["overall_ratio"] == every_verdict.overall.centre


def test_sides_are_told_by_their_runs(data: dict[str, Any]) -> None:
    assert (data["a"]["runs"], data["b"]["runs"]) == (["A"], ["B"])


def test_a_changed_case_has_a_ratio_and_an_interval(data: dict[str, Any]) -> None:
    (row,) = (each for each in data["rows"] if each["verdict"] == "slower")

    assert row["low"] < 1.2 < row["high"]


def test_what_is_not_known_is_null(data: dict[str, Any]) -> None:
    (row,) = (each for each in data["rows"] if each["verdict"] == "missing")

    assert {name for name, value in row.items() if value is None} == {
        "ratio", "low", "high", "detectable", "p_value", "b_s",
    }  # fmt: skip


def test_differences_are_listed(comparison: Callable[..., Comparison]) -> None:
    compared = comparison([], [], b_version="3.14.0")

    assert comparison_data(compared)["differences"] == [
        {"what": "Python", "a": "3.13.0", "b": "3.14.0"}
    ]


def test_extreme_times_are_strict_json(
    comparison: Callable[..., Comparison], record: Callable[..., Record]
) -> None:
    a = [record("threads", [1e-9, 1e9, 1e-9], kind="io")]
    b = [record("threads", [1e9, 1e-9, 9e9], kind="io")]

    assert json.dumps(comparison_data(comparison(a, b)), allow_nan=False)


def test_hostile_names_come_back_as_they_were(
    comparison: Callable[..., Comparison], record: Callable[..., Record], steady: list[float]
) -> None:
    both = [record("threads", steady, id=HOSTILE, kind="io")]
    (row,) = json.loads(json.dumps(comparison_data(comparison(both, both))))["rows"]

    assert row["case"] == HOSTILE


def test_a_side_tells_what_was_raced(run: Callable[..., Run]) -> None:
    old, new = (run(version=version, run_id=version) for version in ("3.13.0", "3.14.0"))
    header = msgspec.structs.replace(new.header, files={"mine": "abc"})
    new = msgspec.structs.replace(new, header=header)
    data = comparison_data(compare_sides(Side("A", [old]), Side("B", [new])))

    assert (data["a"]["python"], data["b"]["python"]) == ("3.13.0", "3.14.0")
    assert (data["a"]["files"], data["b"]["files"]) == ({}, {"mine": "abc"})
    assert data["b"]["command"] == "python"
    assert data["b"]["libraries"] == {}
