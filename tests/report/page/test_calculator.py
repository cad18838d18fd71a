"""The page's calculator: there where a run tells prices, and of the same numbers as `predict`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.prices.forecast import Question
from raceway.analysis.prices.observations import Work
from raceway.analysis.prices.prices import Prices
from raceway.analysis.prices.tariff import Tariff, tariff_of
from raceway.report.page.page import page_html
from raceway.text import numbers
from support.priced import a_priced_run
from support.synthetic import a_record, a_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    Opened = Callable[[Path], Page]

QUESTIONS = {
    "short": Question(task_s=2e-6, tasks=10),
    "long": Question(task_s=20e-3, tasks=300),
    "odd": Question(task_s=20e-3, tasks=3),
    "with data": Question(task_s=5e-3, tasks=100, payload_mib=0.5),
    "waiting": Question(task_s=50e-3, tasks=500, work=Work.WAITS),
}


@pytest.fixture(scope="module")
def tariff() -> Tariff:
    return tariff_of([a_priced_run()], "current")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(page_html(a_priced_run(), Path("run.json")), encoding="utf-8")
    return file


def prices_in(page: str) -> dict[str, Any]:
    found = re.search(
        r'<script type="application/json" id="prices">(.*?)</script>', page, re.DOTALL
    )
    assert found
    return json.loads(found[1])


def test_the_script_gets_the_prices_of_each_kind_of_work(file: Path, tariff: Tariff) -> None:
    told = prices_in(file.read_text(encoding="utf-8"))
    waiting = {each["model"]: each for each in told["prices"]["waits"]}
    pool = next(
        each
        for each in tariff.lists(Work.COMPUTES)
        if isinstance(each, Prices) and each.model == "pool"
    )

    assert told["cores"] == 2
    assert waiting["asyncio"]["at_once"] is None
    assert waiting["pool"]["at_once"] == 8
    computing = {each["model"]: each for each in told["prices"]["computes"]}
    assert computing["threads"]["at_once"] == 1
    assert computing["pool"]["task"] == pool.task.centre


def test_a_run_that_tells_no_price_has_no_calculator() -> None:
    page = page_html(a_run([a_record("serial", [1.0] * 3)]), Path("run.json"))

    assert 'id="calculator"' not in page
    assert 'id="prices"' not in page


def test_the_page_offers_only_work_that_has_prices() -> None:
    page = page_html(a_priced_run("sleep"), Path("run.json"))

    offered = re.findall(r'<option value="([\w ]+)">', page)

    assert [each for each in offered if each in set(Work)] == ["waits"]


def fill(page: Page, question: Question) -> None:
    form = page.locator("#calculator")
    form.locator('[name="work"]').select_option(question.work.value)
    form.locator('[name="cost"]').fill(f"{question.task_s * 1e3:.6g}")
    form.locator('[name="tasks"]').fill(str(question.tasks))
    form.locator('[name="payload"]').fill(f"{question.payload_mib:g}")


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_page_calculates_as_the_command_does(
    opened: Opened, file: Path, tariff: Tariff, name: str, complaints: list[str]
) -> None:
    page, question = opened(file), QUESTIONS[name]
    forecast = tariff.forecast(question)
    fill(page, question)
    rows = page.locator("#predictions tbody tr")
    cells = [rows.nth(place).locator("th, td").all_text_contents() for place in range(rows.count())]

    assert [(row[0], row[1]) for row in cells] == [
        (each.model, numbers.short_seconds(each.time.centre)) for each in forecast.predictions
    ]
    said = page.locator("#calculated").text_content() or ""
    assert said.startswith(f"Best: {forecast.best.model}, ")
    assert all(f" a task {each.model}" in said for each in forecast.reigns[1:])
    assert complaints == []


def test_nonsense_is_asked_again(opened: Opened, file: Path) -> None:
    page = opened(file)
    page.locator('#calculator [name="tasks"]').fill("0")

    assert "at least one task" in (page.locator("#calculated").text_content() or "")
    assert page.locator("#predictions tbody tr").count() == 0
