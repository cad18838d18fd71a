"""The library of charts: bundled once, wherever, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import raceway.report.page.library as room
from raceway.store.cache import write_cache

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nothing_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("raceway.store.cache.cache_folder", lambda: tmp_path / "cache")


def test_it_is_bundled_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    first = room.library.__wrapped__()
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda _: pytest.fail("bundled again"))

    assert "vegaEmbed" in first
    assert "</script" not in first
    assert room.library.__wrapped__() == first


def test_another_process_may_bundle_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    process = room.begin_library()
    assert process
    assert process.wait(60) == 0
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda _: pytest.fail("bundled again"))

    assert "vegaEmbed" in room.library.__wrapped__()
    assert room.begin_library() is None


def test_a_system_that_allows_no_process_bundles_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room.sys, "executable", "/no/such/python")

    assert room.begin_library() is None


def test_what_is_no_text_is_bundled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vl_convert.javascript_bundle", lambda _: "a bundle")
    write_cache(room.NAME, room._bundler(), b"\xff")  # noqa: SLF001 (what the room would write)

    assert room.library.__wrapped__() == "a bundle"
