"""The synthetic runs of tests/support, a whole session, a console that remembers, a browser."""

from __future__ import annotations

import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from raceway.report.comparison.terminal import show_comparison
from raceway.report.run.terminal import show
from support import field
from support.fixtures import (  # noqa: F401 (fixtures of this room)
    comparison,
    launch,
    record,
    results,
    run,
    side,
    steady,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.record import Run
    from support.field import FieldRun


@pytest.fixture(scope="session")
def field_run() -> FieldRun:
    """Return a factory of whole sessions: CPU-bound, waiting, tensor and plain."""
    return field.a_field_run


@pytest.fixture(scope="session")
def every_verdict() -> Comparison:
    """Return a comparison in which each verdict is given once, and a case failed on side B."""
    return field.every_verdict()


@pytest.fixture
def screen() -> Callable[..., str]:
    """Return what gives the report of a run as text, by default 80 columns wide and piped."""

    def shown(
        session: Run,
        width: int = 80,
        encoding: str = "utf-8",
        *,
        claims: bool = False,
        **options: bool,
    ) -> str:
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        console = Console(file=file, width=width, **options)
        show(session, Path("a/b/run.json"), console, claims=claims)
        file.seek(0)
        return file.read()

    return shown


@pytest.fixture
def compared_on() -> Callable[..., str]:
    """Return what gives a comparison as text, by default 80 columns wide and piped."""

    def shown(compared: Comparison, width: int = 80, encoding: str = "utf-8") -> str:
        file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
        show_comparison(compared, Console(file=file, width=width))
        file.seek(0)
        return file.read()

    return shown


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium; skip the test without one, unless REQUIRE_BROWSER is set.

    For a module, not longer: while Playwright runs, nobody else can run an event loop.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if not os.environ.get("REQUIRE_BROWSER"):
        pytest.importorskip("playwright.sync_api")
        if chromium is None:
            pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (skipped where it is missing)

    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """Return what pages have said on the console or asked of the network."""
    return []


@pytest.fixture
def opened(browser: Browser, complaints: list[str]) -> Iterator[Callable[[Path], Page]]:
    """Return what opens a page from disk and waits until all its charts are drawn."""
    context = browser.new_context()

    def open_page(file: Path) -> Page:
        page = context.new_page()
        own = (file.as_uri(), "data:", "blob:")
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.extend(
            [] if request.url.startswith(own) else [request.url]
        ))  # fmt: skip
        page.goto(file.as_uri())
        page.evaluate("window.drawn")
        return page

    yield open_page
    context.close()
