"""What is kept in the user's cache folder may vanish, be old, or be damaged at any time."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from raceway.store.cache import UNUSED_S, cache_folder, read_cache, write_cache

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("raceway.store.cache.cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def test_what_was_kept_is_found(folder: Path) -> None:
    write_cache("name", "1", b"some\nthing")

    assert bytes(read_cache("name", "1") or b"") == b"some\nthing"
    assert [path.name for path in folder.iterdir()] == ["name"]


def test_nothing_kept_is_nothing_found() -> None:
    assert read_cache("name", "1") is None


def test_another_version_does_not_count() -> None:
    write_cache("name", "1", b"thing")

    assert read_cache("name", "2") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[:-1] + b"?",
        lambda _: b"",
        lambda content: b"\0" * len(content),
    ],
)
def test_what_is_not_whole_does_not_count(folder: Path, damage: object) -> None:
    write_cache("name", "1", b"thing")
    (folder / "name").write_bytes(damage((folder / "name").read_bytes()))  # type: ignore[operator]

    assert read_cache("name", "1") is None


def test_a_folder_that_cannot_be_written_is_no_error(folder: Path) -> None:
    folder.write_text("a file where the folder should be")

    write_cache("name", "1", b"thing")

    assert read_cache("name", "1") is None


def test_what_was_not_used_for_long_goes(folder: Path) -> None:
    write_cache("old", "1", b"thing")
    write_cache("used", "1", b"thing")
    long_ago = time.time() - UNUSED_S - 60
    os.utime(folder / "old", (long_ago, long_ago))
    os.utime(folder / "used", (long_ago, long_ago))
    read_cache("used", "1")

    write_cache("new", "1", b"thing")

    assert {path.name for path in folder.iterdir()} == {"used", "new"}


def test_a_file_of_somebody_else_is_never_deleted(folder: Path) -> None:
    write_cache("name", "1", b"thing")
    (folder / "diary").write_text("dear diary")
    (folder / "link").symlink_to(folder / "diary")
    long_ago = time.time() - UNUSED_S - 60
    for name in ("diary", "link"):
        os.utime(folder / name, (long_ago, long_ago), follow_symlinks=False)

    write_cache("name", "1", b"thing")

    assert {path.name for path in folder.iterdir()} == {"name", "diary", "link"}


def test_a_link_is_not_followed_and_is_replaced(folder: Path, tmp_path: Path) -> None:
    write_cache("name", "1", b"thing")
    elsewhere = tmp_path / "elsewhere"
    (folder / "name").rename(elsewhere)
    before = elsewhere.read_bytes()
    (folder / "name").symlink_to(elsewhere)

    assert read_cache("name", "1") is None

    write_cache("name", "1", b"other")

    assert elsewhere.read_bytes() == before
    assert bytes(read_cache("name", "1") or b"") == b"other"


def test_a_folder_that_is_a_link_is_not_trusted(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    folder.symlink_to(tmp_path / "elsewhere")

    write_cache("name", "1", b"thing")

    assert [*folder.iterdir()] == []
    assert read_cache("name", "1") is None


@pytest.mark.skipif(os.name == "nt", reason="needs permissions")
@pytest.mark.parametrize("which", [".", "name"])
def test_what_everybody_may_write_is_not_trusted(folder: Path, which: str) -> None:
    write_cache("name", "1", b"thing")
    (folder / which).chmod(0o777)

    assert read_cache("name", "1") is None


@pytest.mark.skipif(os.name == "nt", reason="needs users")
def test_what_belongs_to_another_user_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    write_cache("name", "1", b"thing")
    another = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: another)

    assert read_cache("name", "1") is None


def test_it_lies_where_the_system_keeps_caches() -> None:
    assert cache_folder().name == "raceway"
