"""docs/json.md names every field that `--json` writes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.prices.forecast import Question
from raceway.analysis.prices.tariff import tariff_of
from raceway.analysis.run.frame import COLUMNS
from raceway.report.comparison.data import comparison_data
from raceway.report.comparison.gate import Judgement, gate_data
from raceway.report.run.prediction import prediction_data
from support.priced import a_priced_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.analysis.comparison.comparison import Comparison

DOCUMENT = Path(__file__).parents[2] / "docs" / "json.md"


@pytest.fixture(scope="module")
def documented() -> set[str]:
    return set(re.findall(r"`([a-z0-9_]+)`", DOCUMENT.read_text(encoding="utf-8")))


def keys_in(data: Any) -> Iterator[str]:
    for key, value in data.items() if isinstance(data, dict) else ():
        yield key
        yield from keys_in(value)
    for value in data if isinstance(data, list) else ():
        yield from keys_in(value)


def test_every_field_of_a_comparison_is_documented(
    every_verdict: Comparison, documented: set[str]
) -> None:
    assert set(keys_in(comparison_data(every_verdict))) <= documented


def test_every_field_of_a_gate_is_documented(
    every_verdict: Comparison, documented: set[str]
) -> None:
    assert set(gate_data(Judgement(first=every_verdict), 0)) <= documented


def test_every_column_of_a_report_is_documented(documented: set[str]) -> None:
    assert set(COLUMNS) <= documented


def test_every_field_of_a_prediction_is_documented(documented: set[str]) -> None:
    tariff = tariff_of([a_priced_run("primes", "factorial")], "current")
    forecast = tariff.forecast(Question(task_s=1e-3, tasks=50, payload_mib=1.0))

    assert set(keys_in(prediction_data(tariff, forecast))) <= documented
