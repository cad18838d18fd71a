from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from raceway.errors import StoreError
from raceway.store import disk
from raceway.store.runfile import encode
from raceway.store.runs import load, newest_elsewhere, save

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.files import Refuse
    from support.processes import StartPython
    from support.saved import MakeRun


SAVE_IN_STEP = """
import sys
from pathlib import Path
from msgspec.structs import replace
from raceway.store.runfile import decode
from raceway.store.runs import save

folder, me, other = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
run = decode((folder / "run").read_bytes())
for step in range(100):
    name = f"step{step}" if step % 2 else f"step{step}{me}"
    header = replace(run.header, run_id=name, command_line=[me, str(step)])
    (folder / f"{me}{step}").touch()
    while not (folder / f"{other}{step}").exists():
        pass
    save(replace(run, header=header), folder / "machine")
"""


def test_runs_saved_at_the_same_moment_are_all_kept_whole(
    make_run: MakeRun, start_python: StartPython, tmp_path: Path
) -> None:
    (tmp_path / "run").write_bytes(encode(make_run()))
    pair = [start_python(SAVE_IN_STEP, tmp_path, *names) for names in ("ab", "ba")]
    exits = [process.wait() for process in pair]

    loaded = load((tmp_path / "machine").iterdir())

    assert (exits, loaded.problems, len(loaded.runs)) == ([0, 0], [], 200)
    assert len({tuple(run.header.command_line) for _, run in loaded.runs}) == 200


def test_a_saved_run_loads(make_run: MakeRun, tmp_path: Path) -> None:
    path = save(make_run(), tmp_path / "machine")

    assert load([path]).runs == [(path, make_run())]


def test_a_run_overwrites_nothing(make_run: MakeRun, tmp_path: Path) -> None:
    first = save(make_run(), tmp_path)
    before = first.read_bytes()

    second = save(make_run(case="sleep-large-serial-w1"), tmp_path)

    assert (before, "20261123T045500Z_0123456_3f9a1c_2.json") == (first.read_bytes(), second.name)


@pytest.fixture
def no_links(monkeypatch: pytest.MonkeyPatch, refuse: Refuse) -> None:
    monkeypatch.setattr(os, "link", refuse(errno.EPERM))


@pytest.mark.usefixtures("no_links")
def test_a_disk_without_links_overwrites_nothing_either(make_run: MakeRun, tmp_path: Path) -> None:
    saved = [save(make_run(), tmp_path), save(make_run(), tmp_path)]

    assert sorted(saved) == sorted(tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
def test_a_run_is_as_readable_as_any_new_file(make_run: MakeRun, tmp_path: Path) -> None:
    (tmp_path / "new").touch()

    assert save(make_run(), tmp_path).stat().st_mode == (tmp_path / "new").stat().st_mode


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    monkeypatch.setattr(os, "write", refuse(errno.ENOSPC))

    with pytest.raises(StoreError, match=r"3f9a1c\.json: cannot save the run .*\. Free some space"):
        save(make_run(), tmp_path)
    assert list(tmp_path.iterdir()) == []


DELETE = "Delete it or move it away."


def truncated(path: Path, whole: bytes) -> None:
    path.write_bytes(whole[:100])


def foreign(path: Path, _: bytes) -> None:
    path.write_bytes(b"[1]")


def folder(path: Path, _: bytes) -> None:
    path.mkdir()


def symlink_loop(path: Path, _: bytes) -> None:
    path.symlink_to(path)


def pipe(path: Path, _: bytes) -> None:
    os.mkfifo(path)


def huge(path: Path, _: bytes) -> None:
    path.touch()
    os.truncate(path, disk.LARGEST_FILE_BYTES + 1)


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX files")
@pytest.mark.parametrize(
    ("spoil", "reason", "remedy"),
    [
        (truncated, "not JSON (unexpected end, byte 100)", DELETE),
        (foreign, "not a benchmark file (Expected `object`, got `array`)", DELETE),
        (folder, "not a file", "Move it away."),
        (pipe, "not a file", "Move it away."),
        (huge, "too large (512 MiB, 512 at most)", DELETE),
        (
            symlink_loop,
            "cannot be read (Too many levels of symbolic links)",
            "Make it readable or move it away.",
        ),
    ],
)
def test_a_file_that_is_no_run_is_named_and_skipped(
    make_run: MakeRun,
    tmp_path: Path,
    spoil: Callable[[Path, bytes], None],
    reason: str,
    remedy: str,
) -> None:
    good, bad = save(make_run(), tmp_path), tmp_path / "bad.json"
    spoil(bad, good.read_bytes())

    loaded = load([bad, good])

    assert loaded.problems == [f"{bad}: {reason}; skipped. {remedy}"]
    assert loaded.runs == [(good, make_run())]


def test_a_file_without_permission_is_named_and_skipped(
    make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuse: Refuse
) -> None:
    path = save(make_run(), tmp_path)
    monkeypatch.setattr(Path, "read_bytes", refuse(errno.EACCES))

    assert load([path]).problems == [
        f"{path}: cannot be read (Permission denied); skipped. Make it readable or move it away."
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="no such names there")
def test_a_hostile_name_stays_on_its_line(tmp_path: Path) -> None:
    hostile = tmp_path / os.fsdecode(b"\x1b[2J\r\nok \xff.json")
    hostile.touch()

    (problem,) = load([hostile]).problems

    assert problem.isprintable()
    assert "\\x1b[2J\\r\\nok \\udcff.json: not JSON" in problem


def test_the_newest_run_of_each_other_machine_is_found(make_run: MakeRun, tmp_path: Path) -> None:
    saved = {
        (machine, started): save(
            make_run(started_at=started, run_id=f"{place}{machine}0000000"[:8]), tmp_path / machine
        )
        for machine in "abc"
        for place, started in enumerate(("2026-11-22T00:00:00+00:00", "2026-11-23T00:00:00+00:00"))
    }

    newest = [saved[machine, "2026-11-23T00:00:00+00:00"] for machine in "bc"]
    assert sorted(newest_elsewhere(tmp_path, "a")) == newest
