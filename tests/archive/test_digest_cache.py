"""What is cached is never needed, and never trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

import raceway.archive.bulk
import raceway.archive.digest_cache
import raceway.archive.reader
import raceway.record
from raceway.archive.bulk import MANY
from raceway.archive.digest_cache import cached_in
from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from support.archived import ReadAll
    from support.saved import MakeRun


@pytest.mark.usefixtures("at_rest", "alone")
def test_files_that_are_gone_are_forgotten(
    read: ReadAll, files: list[Path], make_run: MakeRun
) -> None:
    extra = save(make_run(run_id="ffffffff"), files[0].parent)
    read([*files, extra])
    extra.unlink()
    files[0].touch()

    digests, _ = read(files)

    assert len(digests) == MANY
    assert extra not in cached_in(extra.parent)


@pytest.mark.usefixtures("at_rest", "alone")
@pytest.mark.parametrize("content", [b"", b"garbage", b"\x93\x01\x02\x03"])
def test_a_damaged_cache_does_no_harm(
    read: ReadAll, files: list[Path], content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raceway.archive.digest_cache.read_cache", lambda *_: content)

    digests, problems = read(files)

    assert (len(digests), problems) == (MANY, [])


@pytest.mark.usefixtures("at_rest", "alone")
def test_digests_that_are_not_whole_are_made_again(
    read: ReadAll, files: list[Path], reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(files)
    cached = cached_in(files[0].parent)
    broken = {
        path: replace(one, digest=replace(one.digest, grades="")) for path, one in cached.items()
    }
    monkeypatch.setattr(raceway.archive.bulk, "cached_in", lambda _: broken)
    reads.clear()

    digests, _ = read(files)

    assert reads == files
    assert all(digest.is_whole for _, digest in digests)


@pytest.mark.usefixtures("at_rest", "alone")
def test_another_version_of_the_code_makes_them_again(
    read: ReadAll, files: list[Path], reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(files)
    monkeypatch.setattr("raceway.archive.digest_cache.version", lambda: "another")
    reads.clear()

    read(files)

    assert reads == files


@pytest.mark.usefixtures("at_rest")
def test_few_files_are_not_kept(read: ReadAll, files: list[Path], cache: Path) -> None:
    read(files[: MANY - 1])

    assert not cache.exists()


@pytest.mark.usefixtures("at_rest", "alone")
def test_names_that_are_no_text_are_not_kept_and_do_no_harm(
    read: ReadAll, files: list[Path]
) -> None:
    odd = files[0].with_name("odd\udcff.json")
    files[0].rename(odd)

    for _ in range(2):
        assert len(read([odd, *files[1:]])[0]) == MANY


def test_any_change_of_the_code_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = raceway.archive.digest_cache.version()
    (tmp_path / "run.py").write_text("# another record")
    monkeypatch.setattr(raceway.record, "__file__", str(tmp_path / "__init__.py"))
    raceway.archive.digest_cache.version.cache_clear()

    try:
        assert raceway.archive.digest_cache.version() != before
    finally:
        raceway.archive.digest_cache.version.cache_clear()
