"""Processes that read beside this one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

import raceway.archive.bulk
import raceway.archive.digest_cache
import raceway.archive.reader
import raceway.record
from raceway.analysis.history.digest import digest_of
from raceway.archive.bulk import MANY, Reading
from raceway.archive.reader import Read, Reader

if TYPE_CHECKING:
    from pathlib import Path

    from support.archived import ReadAll


def test_processes_read_what_one_would(read: ReadAll, files: list[Path]) -> None:
    digests, problems = read(files)

    assert [path for path, _ in digests] == files
    assert digests == [
        (path, digest_of(one)) for path, one in raceway.archive.reader.load(files).runs
    ]
    assert problems == []


@pytest.mark.parametrize("refusal", [OSError(24, "too many open files"), RuntimeError("no thread")])
def test_a_system_that_allows_no_further_process_reads_alone(
    read: ReadAll, files: list[Path], monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    started: list[Reader] = []

    def refuse(some: list[Path]) -> Reader:
        if started:
            raise refusal
        started.append(Reader(some))
        return started[0]

    monkeypatch.setattr("raceway.measure.machine.machine.usable_cores_here", lambda: 2)
    monkeypatch.setattr(raceway.archive.bulk, "Reader", refuse)

    assert len(read(files)[0]) == MANY
    assert started[0].is_over


def test_what_a_killed_process_was_to_read_is_read_here(
    read: ReadAll, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raceway.archive.reader, "BOOT", "import os; os.kill(os.getpid(), 9)")

    assert len(read(files)[0]) == MANY


@pytest.mark.parametrize("told", [b"", b"\x90", b"\xc1", b"\x91\x93\xa1\xff\xc0\x90"])
def test_what_a_process_tells_is_not_trusted(
    read: ReadAll, files: list[Path], monkeypatch: pytest.MonkeyPatch, told: bytes
) -> None:
    boot = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({told!r})"
    monkeypatch.setattr(raceway.archive.reader, "BOOT", boot)

    assert len(read(files)[0]) == MANY


def test_the_script_that_asks_is_not_run_again(files: list[Path], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom raceway.archive.bulk import Reading\nprint('once')\n"
        f"with Reading(sorted(Path({str(files[0].parent)!r}).glob('*.json'))) as reading:\n"
        "    print(len(reading.digests([])))\n"
    )
    said = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
    )  # fmt: skip

    assert said.stdout.split() == ["once", str(MANY)]
    assert said.stderr == ""


def test_reading_may_be_given_up(files: list[Path]) -> None:
    reading = Reading(files)
    readers = list(reading._readers)  # noqa: SLF001 (what is behind the curtain)
    with pytest.raises(KeyboardInterrupt), reading:
        raise KeyboardInterrupt

    assert readers
    assert all(reader.is_over for reader in readers)


def test_a_process_whose_parent_is_gone_ends(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    parents = iter([1, 1, 2])
    paths = msgspec.msgpack.encode([os.fsencode(path) for path in files])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(paths)))

    raceway.archive.reader.main()

    assert capfdbinary.readouterr().out == b""


def test_a_process_tells_what_came_of_each_file(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = io.BytesIO()
    paths = msgspec.msgpack.encode([os.fsencode(path) for path in files])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(paths)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(told, write_through=True))

    raceway.archive.reader.main()

    reads = msgspec.msgpack.decode(told.getvalue(), type=list[Read])
    assert reads == [raceway.archive.reader.read_one(path) for path in files]
