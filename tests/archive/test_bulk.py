"""Digests of run files: cached while a file stays the same, made anew when it does not."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

import raceway.archive.bulk
import raceway.archive.digest_cache
import raceway.archive.reader
import raceway.record
from raceway.analysis.history.digest import column_of
from raceway.archive.bulk import MANY, Reading
from raceway.archive.digest_cache import cached_in
from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.analysis.history.digest import Digest
    from support.archived import ReadAll
    from support.saved import MakeRun


def pass_s(digest: Digest) -> float:
    return float(column_of(digest.passes_s)[0])


@pytest.mark.usefixtures("at_rest", "alone")
def test_what_was_read_once_is_not_read_again(
    read: ReadAll, files: list[Path], reads: list[Path]
) -> None:
    first = read(files)
    reads.clear()

    assert read(files) == first
    assert reads == []


@pytest.mark.usefixtures("at_rest", "alone")
def test_a_new_file_is_all_that_is_read(
    read: ReadAll, files: list[Path], make_run: MakeRun, reads: list[Path]
) -> None:
    read(files)
    new = save(make_run(run_id="ffffffff"), files[0].parent)
    reads.clear()

    digests, _ = read([*files, new])

    assert reads == [new]
    assert len(digests) == MANY + 1
    assert len(cached_in(new.parent)) == MANY + 1


@pytest.mark.usefixtures("at_rest", "alone")
def test_a_file_that_changed_is_read_again_though_size_and_time_are_the_same(
    read: ReadAll,
    files: list[Path],
) -> None:
    read(files)
    before = files[0].stat()
    files[0].write_bytes(files[0].read_bytes().replace(b"[1500000000]", b"[2500000000]"))
    os.utime(files[0], ns=(before.st_atime_ns, before.st_mtime_ns))
    assert files[0].stat().st_size == before.st_size

    digests, _ = read(files)

    assert [pass_s(digest) for _, digest in digests[:2]] == [2.5, 1.5]


@pytest.mark.usefixtures("alone")
def test_what_changed_a_moment_ago_is_not_kept(
    read: ReadAll, files: list[Path], reads: list[Path]
) -> None:
    read(files)
    reads.clear()

    read(files)

    assert reads == files


@pytest.mark.usefixtures("at_rest", "alone")
def test_what_changes_while_it_is_read_is_not_kept(
    read: ReadAll, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    load: Any = raceway.archive.reader.load

    def slowly(paths: list[Path]) -> Any:
        loaded = load(paths)
        paths[0].touch()
        return loaded

    monkeypatch.setattr(raceway.archive.reader, "load", slowly)
    read(files)

    assert cached_in(files[0].parent) == {}


@pytest.mark.usefixtures("at_rest", "alone")
def test_what_holds_no_run_is_named_every_time(read: ReadAll, files: list[Path]) -> None:
    files[3].write_text("no run")

    for _ in range(2):
        digests, problems = read(files)
        assert len(digests) == MANY - 1
        assert len(problems) == 1
        assert str(files[3]) in problems[0]


@pytest.mark.usefixtures("at_rest", "alone")
def test_a_file_that_vanishes_meanwhile_is_named(files: list[Path]) -> None:
    with Reading(files) as reading:
        files[0].unlink()
        problems: list[str] = []
        digests = reading.digests(problems)

    assert len(digests) == MANY - 1
    assert "cannot be read" in problems[0]
