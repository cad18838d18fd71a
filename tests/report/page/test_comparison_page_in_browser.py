"""The page of a comparison in a real browser: the threshold is the reader's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.report.page.comparison_page import comparison_html
from raceway.report.page.verdict_table import SHARES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from raceway.analysis.comparison.comparison import Comparison

    Opened = Callable[[Path], Page]


@pytest.fixture(scope="module")
def file(every_verdict: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "comparison.html"
    file.write_text(comparison_html(every_verdict), encoding="utf-8")
    return file


@pytest.fixture
def page(opened: Opened, file: Path) -> Page:
    return opened(file)


def slide(page: Page, place: int) -> None:
    page.locator("#threshold").evaluate(
        "(slider, place) => { slider.value = place; slider.dispatchEvent(new Event('input')); }",
        place,
    )
    page.wait_for_timeout(150)


def count(page: Page, verdict: str) -> str:
    return page.locator(f'[data-count="{verdict}"] .number').inner_text()


def test_the_page_is_drawn_without_a_complaint(page: Page, complaints: list[str]) -> None:
    assert page.locator('[data-figure="changes"] svg.marks').count() == 1
    assert complaints == []


def test_the_threshold_changes_verdicts_counts_and_chart(page: Page, complaints: list[str]) -> None:
    row = page.locator('tr[data-case="sleep-slower-threads-w64"]')
    band = page.locator('[data-figure="changes"] .mark-rect.role-mark path').first
    narrow = band.get_attribute("d")
    assert row.locator(".verdict").inner_text() == "slower"

    slide(page, len(SHARES) - 1)

    assert row.locator(".verdict").inner_text() == "same"
    assert count(page, "slower") == "0"
    assert page.locator("#threshold-words").inner_text() == "50 %"
    assert band.get_attribute("d") != narrow
    assert complaints == []


def test_show_all_sets_the_threshold_back(page: Page) -> None:
    slide(page, 0)
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(150)

    assert page.locator("#threshold-words").inner_text() == "2 %"
    assert count(page, "slower") == "1"
