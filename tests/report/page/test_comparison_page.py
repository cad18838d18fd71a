"""A comparison as a page."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.verdicts import Terms
from raceway.report.page.comparison_page import comparison_html
from raceway.report.page.verdict_table import SHARES

if TYPE_CHECKING:
    from raceway.analysis.comparison.comparison import Comparison
    from support.synthetic import Compare, MakeRecord


HOSTILE = '"><img src=x onerror=alert(1)></script><script>alert(2)</script>'


def own(page: str) -> str:
    return page.partition("<script")[0]


def counts(page: str) -> dict[str, int]:
    found = re.findall(r'<span class="number">(\d+)</span> (\w+)', page)
    return {verdict: int(number) for number, verdict in found}


@pytest.fixture(scope="session")
def page(every_verdict: Comparison) -> str:
    return comparison_html(every_verdict)


def test_the_counts_come_first(page: str) -> None:
    # `missing` is told of the case that failed on side B.
    assert counts(page) == dict.fromkeys(
        ("slower", "faster", "missing", "new", "unclear", "same"), 1
    )
    assert page.index('id="answers"') < page.index('id="cases"')


def test_every_case_has_a_row_with_its_verdict_at_every_threshold(
    page: str, every_verdict: Comparison
) -> None:
    rows = re.findall(r'data-case="([^"]+)" data-verdicts="([^"]+)"', page)

    assert {case for case, _ in rows} == {row.case for row in every_verdict.rows}
    assert {len(verdicts.split()) for _, verdicts in rows} == {len(SHARES)}


def test_a_larger_threshold_makes_a_change_the_same(page: str) -> None:
    (verdicts,) = re.findall(
        r'data-case="sleep-slower-threads-w64" data-verdicts="([^"]+)"', page
    )  # fmt: skip

    assert verdicts.split()[0] == "slower"
    assert verdicts.split()[-1] == "same"


def test_the_threshold_asked_for_is_among_those_offered(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    compared = comparison(
        [record("pool", steady)], [record("pool", steady)], Terms(threshold=0.07)
    )  # fmt: skip
    (steps,) = re.findall(r'id="thresholds">(.*?)</script>', comparison_html(compared))

    assert 0.07 in json.loads(steps)["shares"]
    assert '<output id="threshold-words" for="threshold">7 %</output>' in comparison_html(compared)


def test_what_else_differs_is_told(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    case = [record("pool", steady)]
    page = comparison_html(comparison(case, case, b_version="3.14.0"))

    assert re.search(r"3\.13\.0</td><td class=\"words\">3\.14\.0", page)


def test_hostile_names_stay_text(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    case = [record(HOSTILE, steady, workload=HOSTILE, size=HOSTILE, id=HOSTILE)]
    page = comparison_html(comparison(case, case))

    assert "<img" not in own(page)
    assert "<script>alert" not in page
    assert HOSTILE in html.unescape(own(page))


def test_an_empty_comparison_is_a_page(comparison: Compare) -> None:
    assert "Neither side measured anything." in comparison_html(comparison([], []))
