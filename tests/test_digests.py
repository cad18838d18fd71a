"""Digests of run files: kept while a file stays the same, made anew when it does not."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec.structs import replace

import raceway.digests
import raceway.kept
import raceway.readers
import raceway.record
from raceway.analysis.digest import column_of, digest_of
from raceway.digests import MANY, Reading
from raceway.kept import kept_of
from raceway.readers import Read, Reader
from raceway.record import Launch
from raceway.store.shelf import run_files, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.analysis.digest import Digest
    from raceway.record import Run

    MakeRun = Callable[..., Run]

PASSES_S = (1.5, 2.5)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("raceway.store.cache.cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files count as having lain still from the moment they are written."""
    monkeypatch.setattr(raceway.readers, "SETTLED_NS", -(10**12))


def unable(_: object) -> None:
    raise OSError(38, "no processes here")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process however many files there are."""
    monkeypatch.setattr(raceway.digests, "Reader", unable)


@pytest.fixture
def files(make_run: MakeRun, tmp_path: Path) -> list[Path]:
    """Return as many files as are worth keeping."""
    for number in range(MANY):
        run = make_run([Launch(index=0, rounds_ns=[1_500_000_000])], run_id=f"{number:08x}")
        save(run, tmp_path / "results" / run.header.machine.id)
    return run_files(tmp_path / "results")


def read(files: list[Path]) -> tuple[list[tuple[Path, Digest]], list[str]]:
    problems: list[str] = []
    with Reading(files) as reading:
        return reading.digests(problems), problems


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return a list that grows by each file that is read."""
    seen: list[Path] = []
    load: Any = raceway.readers.load
    monkeypatch.setattr(raceway.readers, "load", lambda paths: seen.extend(paths) or load(paths))
    return seen


def pass_s(digest: Digest) -> float:
    return float(column_of(digest.passes_s)[0])


def test_processes_read_what_one_would(files: list[Path]) -> None:
    digests, problems = read(files)

    assert [path for path, _ in digests] == files
    assert digests == [(path, digest_of(one)) for path, one in raceway.readers.load(files).runs]
    assert problems == []


@pytest.mark.usefixtures("at_rest", "alone")
def test_what_was_read_once_is_not_read_again(files: list[Path], reads: list[Path]) -> None:
    first = read(files)
    reads.clear()

    assert read(files) == first
    assert reads == []


@pytest.mark.usefixtures("at_rest", "alone")
def test_a_new_file_is_all_that_is_read(
    files: list[Path], make_run: MakeRun, reads: list[Path]
) -> None:
    read(files)
    new = save(make_run(run_id="ffffffff"), files[0].parent)
    reads.clear()

    digests, _ = read([*files, new])

    assert reads == [new]
    assert len(digests) == MANY + 1
    assert len(kept_of(new.parent)) == MANY + 1


@pytest.mark.usefixtures("at_rest", "alone")
def test_a_file_that_changed_is_read_again_though_size_and_time_are_the_same(
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
def test_what_changed_a_moment_ago_is_not_kept(files: list[Path], reads: list[Path]) -> None:
    read(files)
    reads.clear()

    read(files)

    assert reads == files


@pytest.mark.usefixtures("at_rest", "alone")
def test_what_changes_while_it_is_read_is_not_kept(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    load: Any = raceway.readers.load

    def slowly(paths: list[Path]) -> Any:
        loaded = load(paths)
        paths[0].touch()
        return loaded

    monkeypatch.setattr(raceway.readers, "load", slowly)
    read(files)

    assert kept_of(files[0].parent) == {}


@pytest.mark.usefixtures("at_rest", "alone")
def test_files_that_are_gone_are_forgotten(files: list[Path], make_run: MakeRun) -> None:
    extra = save(make_run(run_id="ffffffff"), files[0].parent)
    read([*files, extra])
    extra.unlink()
    files[0].touch()

    digests, _ = read(files)

    assert len(digests) == MANY
    assert extra not in kept_of(extra.parent)


@pytest.mark.usefixtures("at_rest", "alone")
def test_what_holds_no_run_is_named_every_time(files: list[Path]) -> None:
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


@pytest.mark.usefixtures("at_rest", "alone")
@pytest.mark.parametrize("content", [b"", b"garbage", b"\x93\x01\x02\x03"])
def test_a_damaged_cache_does_no_harm(
    files: list[Path], content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("raceway.kept.read_cache", lambda *_: content)

    digests, problems = read(files)

    assert (len(digests), problems) == (MANY, [])


@pytest.mark.usefixtures("at_rest", "alone")
def test_digests_that_are_not_whole_are_made_again(
    files: list[Path], reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(files)
    kept = kept_of(files[0].parent)
    broken = {
        path: replace(one, digest=replace(one.digest, grades="")) for path, one in kept.items()
    }
    monkeypatch.setattr(raceway.digests, "kept_of", lambda _: broken)
    reads.clear()

    digests, _ = read(files)

    assert reads == files
    assert all(digest.is_whole for _, digest in digests)


@pytest.mark.usefixtures("at_rest", "alone")
def test_another_version_of_the_code_makes_them_again(
    files: list[Path], reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    read(files)
    monkeypatch.setattr("raceway.kept.version", lambda: "another")
    reads.clear()

    read(files)

    assert reads == files


@pytest.mark.usefixtures("at_rest")
def test_few_files_are_not_kept(files: list[Path], cache: Path) -> None:
    read(files[: MANY - 1])

    assert not cache.exists()


@pytest.mark.parametrize("refusal", [OSError(24, "too many open files"), RuntimeError("no thread")])
def test_a_system_that_allows_no_further_process_reads_alone(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, refusal: Exception
) -> None:
    started: list[Reader] = []

    def refuse(some: list[Path]) -> Reader:
        if started:
            raise refusal
        started.append(Reader(some))
        return started[0]

    monkeypatch.setattr("raceway.track.machine.usable_cores_here", lambda: 2)
    monkeypatch.setattr(raceway.digests, "Reader", refuse)

    assert len(read(files)[0]) == MANY
    assert started[0].is_over


def test_what_a_killed_process_was_to_read_is_read_here(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raceway.readers, "BOOT", "import os; os.kill(os.getpid(), 9)")

    assert len(read(files)[0]) == MANY


@pytest.mark.parametrize("told", [b"", b"\x90", b"\xc1", b"\x91\x93\xa1\xff\xc0\x90"])
def test_what_a_process_tells_is_not_trusted(
    files: list[Path], monkeypatch: pytest.MonkeyPatch, told: bytes
) -> None:
    boot = f"import sys; sys.stdin.buffer.read(); sys.stdout.buffer.write({told!r})"
    monkeypatch.setattr(raceway.readers, "BOOT", boot)

    assert len(read(files)[0]) == MANY


def test_the_script_that_asks_is_not_run_again(files: list[Path], tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from pathlib import Path\nfrom raceway.digests import Reading\nprint('once')\n"
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

    raceway.readers.main()

    assert capfdbinary.readouterr().out == b""


def test_a_process_tells_what_came_of_each_file(
    files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = io.BytesIO()
    paths = msgspec.msgpack.encode([os.fsencode(path) for path in files])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(paths)))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(told, write_through=True))

    raceway.readers.main()

    reads = msgspec.msgpack.decode(told.getvalue(), type=list[Read])
    assert reads == [raceway.readers.read_one(path) for path in files]


@pytest.mark.usefixtures("at_rest", "alone")
def test_names_that_are_no_text_are_not_kept_and_do_no_harm(files: list[Path]) -> None:
    odd = files[0].with_name("odd\udcff.json")
    files[0].rename(odd)

    for _ in range(2):
        assert len(read([odd, *files[1:]])[0]) == MANY


def test_any_change_of_the_code_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = raceway.kept.version()
    changed = tmp_path / "record.py"
    changed.write_text("# another record")
    monkeypatch.setattr(raceway.record, "__file__", str(changed))
    raceway.kept.version.cache_clear()

    try:
        assert raceway.kept.version() != before
    finally:
        raceway.kept.version.cache_clear()
