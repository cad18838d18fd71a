"""The page in a real browser: drawn, narrowed down, and silent on the network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.samples import Side
from raceway.report.page.page import Beside, page_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.record import Record, Run

    Opened = Callable[[Path], Page]


@pytest.fixture(scope="module")
def file(field_run: Callable[..., Run], tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(page_html(field_run(), Path("run.json")), encoding="utf-8")
    return file


@pytest.fixture
def page(opened: Opened, file: Path) -> Page:
    """Return the page, all charts drawn."""
    return opened(file)


def cases_shown(page: Page) -> int:
    return page.locator(".group:not([hidden]) tbody tr:not([hidden])").count()


def untick(page: Page, value: str) -> None:
    page.locator(f'.filters input[value="{value}"]').uncheck()


def marks(page: Page, figure: str) -> int:
    """Return how many points a chart shows."""
    return page.locator(f'[data-figure="{figure}"] .mark-symbol.role-mark path').count()


def test_every_chart_is_drawn_without_a_complaint(page: Page, complaints: list[str]) -> None:
    figures = page.locator("figure.chart")

    assert figures.count() >= 6
    assert page.locator("figure.chart svg").count() >= figures.count()
    assert complaints == []


def test_a_script_that_found_its_way_into_the_page_does_not_run(
    opened: Opened, file: Path, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.html"
    content = file.read_text(encoding="utf-8")
    forged.write_text(content.replace("<main", "<script>window.forged = 1</script><main", 1))
    page = opened(forged)

    assert page.locator("figure.chart svg").count() > 0
    assert page.evaluate("window.forged") is None


def test_a_text_is_not_run_as_a_program(page: Page) -> None:
    page.evaluate(
        """() => { window.told = "not run"; const script = document.createElement("script");
        script.textContent = "window.told = 'run'"; document.body.append(script); }"""
    )

    assert page.evaluate("window.told") == "not run"


def test_a_filtered_model_leaves_tables_and_charts(page: Page, complaints: list[str]) -> None:
    before, points = cases_shown(page), marks(page, "curves-primes")
    untick(page, "threads")
    page.wait_for_timeout(200)

    assert cases_shown(page) < before
    assert marks(page, "curves-primes") < points
    assert not page.locator('tr[data-model="threads"]').first.is_visible()
    assert f"of {before} cases shown" in page.locator(".shown").inner_text()
    assert complaints == []


def test_a_filtered_kind_leaves_cards_and_charts(page: Page) -> None:
    untick(page, "io")

    assert not page.locator('figure[data-workload="sleep"]').is_visible()
    assert not page.locator('.card[data-kind="io"]').first.is_visible()
    assert page.locator('figure[data-workload="primes"]').is_visible()


def test_the_threshold_moves_the_verdicts_against_an_earlier_run(
    opened: Opened, tmp_path: Path, field_run: Callable[..., Run], every_verdict: Comparison,
    complaints: list[str],
) -> None:  # fmt: skip
    file = tmp_path / "page.html"
    page_text = page_html(field_run(), Path("run.json"), Beside(since=every_verdict))
    file.write_text(page_text, encoding="utf-8")
    page = opened(file)
    before = page.locator('[data-count="slower"] .number').inner_text()
    page.locator("#threshold").fill("9")

    assert before != "0"
    assert page.locator('[data-count="slower"] .number').inner_text() == "0"
    assert "none" in (page.locator('[data-count="slower"]').get_attribute("class") or "")
    assert page.locator("#threshold-words").inner_text() == "50 %"
    assert complaints == []


@pytest.fixture
def single(
    tmp_path: Path, run: Callable[..., Run], record: Callable[..., Record], steady: list[float]
) -> Path:
    """Return the page of a single case, beside itself."""
    one = run([record("serial", steady)])
    since = compare_sides(Side("baseline", [one]), Side("this run", [one]))
    file = tmp_path / "page.html"
    file.write_text(page_html(one, Path("run.json"), Beside(since=since)), encoding="utf-8")
    return file


def test_a_page_with_nothing_to_filter_draws_its_charts_too(
    opened: Opened, single: Path, complaints: list[str]
) -> None:
    page = opened(single)
    page.locator("#threshold").fill("9")

    assert page.locator(".filters").count() == 0
    assert page.locator("figure.chart svg.marks").count() == page.locator("figure.chart").count()
    assert complaints == []


def test_what_scrolls_sideways_is_reached_by_keyboard(opened: Opened, file: Path) -> None:
    page = opened(file)
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(200)
    first = page.locator("#cases .group").first

    assert first.get_attribute("tabindex") == "0"
    assert "scrolls sideways" in (first.get_attribute("aria-label") or "")


def test_the_threshold_judges_what_the_filters_leave(
    opened: Opened, tmp_path: Path, field_run: Callable[..., Run], every_verdict: Comparison
) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        page_html(field_run(), Path("run.json"), Beside(since=every_verdict)), encoding="utf-8"
    )
    page = opened(file)
    counted = page.locator("[data-count] .number")
    before = sum(map(int, counted.all_inner_texts()))
    untick(page, "threads")

    assert sum(map(int, counted.all_inner_texts())) < before


def test_show_all_brings_everything_back(page: Page) -> None:
    before = cases_shown(page)
    untick(page, "threads")
    untick(page, "io")
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(100)

    assert cases_shown(page) == before
    assert page.locator(".shown").inner_text() == ""


def test_a_model_of_a_legend_is_shown_alone(page: Page) -> None:
    legend = page.locator('[data-figure="curves-primes"] .role-legend-symbol path')
    line = page.locator('[data-figure="curves-primes"] .mark-line.role-mark path')
    legend.nth(1).click()
    page.wait_for_timeout(200)

    assert {"0.08"} < {path.get_attribute("opacity") or "1" for path in line.all()}


def test_rounds_are_drawn_when_asked_for(page: Page, complaints: list[str]) -> None:
    details = page.locator(".group details").first
    assert details.locator("svg").count() == 0
    details.locator("summary").first.click()
    details.locator("svg.marks").wait_for()

    assert complaints == []


def test_a_point_tells_its_values_when_hovered(page: Page) -> None:
    page.locator('[data-figure="curves-primes"] .mark-symbol.role-mark path').first.hover()

    page.locator("#vg-tooltip-element.visible").wait_for()
    assert "primes-" in page.locator("#vg-tooltip-element").inner_text()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_but_tables_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.wait_for_timeout(200)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_filters_work_by_keyboard(page: Page) -> None:
    box = page.locator('.filters input[value="asyncio"]')
    box.focus()
    page.keyboard.press("Space")

    assert not box.is_checked()
    assert not page.locator('tr[data-model="asyncio"]').first.is_visible()
