"""Where the cache may lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from raceway.store.cache import read_cache, write_cache


@pytest.mark.parametrize("folder", ["~/.cache/raceway", "cache", ""])
def test_a_cache_that_would_lie_in_the_current_folder_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("raceway.store.cache.user_cache_path", lambda *_, **__: Path(folder))
    write_cache("a", "1", b"body")

    assert read_cache("a", "1") is None
    assert [*tmp_path.iterdir()] == []
