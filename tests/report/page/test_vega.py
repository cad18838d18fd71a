"""Vega as one script: bundled once, wherever, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import raceway.report.page.vega as room
from raceway.report.page.vega import Bundling, vega_script
from raceway.store.cache import write_cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def bundled_no_more(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def fail(_: str) -> str:
        pytest.fail("bundled again")

    return lambda: monkeypatch.setattr("vl_convert.javascript_bundle", fail)


@pytest.mark.usefixtures("nothing_kept")
def test_it_is_bundled_once_and_kept(bundled_no_more: Callable[[], None]) -> None:
    first = vega_script()
    bundled_no_more()

    assert "vegaEmbed" in first
    assert "</script" not in first
    assert vega_script() == first


@pytest.mark.usefixtures("nothing_kept")
def test_another_process_may_bundle_it(bundled_no_more: Callable[[], None]) -> None:
    bundled_no_more()

    assert "vegaEmbed" in Bundling().script()


@pytest.mark.usefixtures("nothing_kept")
def test_what_is_kept_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    first = vega_script()
    monkeypatch.setattr(room, "Popen", lambda *_, **__: pytest.fail("started"))

    assert Bundling().script() == first


@pytest.mark.usefixtures("nothing_kept")
@pytest.mark.parametrize("python", ["/no/such/python", "/bin/false"])
def test_where_no_other_process_can_it_is_bundled_here(
    monkeypatch: pytest.MonkeyPatch, python: str
) -> None:
    monkeypatch.setattr(room.sys, "executable", python)
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda _: "a bundle")

    assert Bundling().script() == "a bundle"


@pytest.mark.usefixtures("nothing_kept")
def test_what_is_no_text_is_bundled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda _: "a bundle")
    write_cache(room.NAME, room._bundler(), b"\xff")  # noqa: SLF001 (what the room would write)

    assert vega_script() == "a bundle"
