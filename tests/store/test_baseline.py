from __future__ import annotations

import errno
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.errors import StoreError
from raceway.record import Grade, GroupResult, Launch, Noise, Run, Status
from raceway.store.baseline import baselines, noise_in, set_baseline
from raceway.store.runs import save

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.processes import StartPython
    from support.saved import MakeRun


@pytest.fixture
def run_file(make_run: MakeRun, tmp_path: Path) -> Path:
    return save(make_run(), tmp_path / "machine")


def test_a_name_means_the_run_it_was_set_to(run_file: Path) -> None:
    set_baseline(run_file, "v1")

    assert baselines(run_file.parent) == {"v1": run_file}


def test_a_baseline_is_a_file_one_can_read(run_file: Path) -> None:
    pointer = set_baseline(run_file)

    assert pointer == run_file.parent / "baseline.baseline"
    assert pointer.read_text() == f"{run_file.name}\n"


def test_setting_a_baseline_leaves_no_other_file(run_file: Path) -> None:
    pointer = set_baseline(run_file)

    assert set(run_file.parent.iterdir()) == {run_file, pointer}


def test_a_baseline_moves_when_it_is_set_again(make_run: MakeRun, run_file: Path) -> None:
    set_baseline(run_file)
    later = save(make_run(run_id="later"), run_file.parent)
    set_baseline(later)

    assert baselines(run_file.parent) == {"baseline": later}


def test_a_machine_may_have_several_baselines(run_file: Path) -> None:
    for name in ("v1", "before-the-rewrite"):
        set_baseline(run_file, name)

    assert baselines(run_file.parent) == {"before-the-rewrite": run_file, "v1": run_file}


@pytest.mark.parametrize(
    "name",
    [
        "", "../up", "a/b", "a\\b", ".hidden", "-x", "a\n", "a b", "é", "\x1b[31m", "x" * 81,
        "latest",
    ],
)  # fmt: skip
def test_a_name_that_is_none_is_refused(run_file: Path, name: str) -> None:
    with pytest.raises(StoreError, match=r"^.*: (not a name for a baseline|always means the)"):
        set_baseline(run_file, name)

    assert list(run_file.parent.iterdir()) == [run_file]


def interrupted(run: Run) -> Run:
    return msgspec.structs.replace(run, status=Status.INTERRUPTED)


def failed(run: Run) -> Run:
    record = msgspec.structs.replace(run.records[0], status=Status.FAILED, reason="crashed")
    return msgspec.structs.replace(run, records=[record])


def empty(run: Run) -> Run:
    record = msgspec.structs.replace(run.records[0], status=Status.SKIPPED, launches=[])
    return msgspec.structs.replace(run, records=[record])


def noisy(run: Run) -> Run:
    grades = (Grade.NOISY, Grade.NOISY, Grade.QUIET)
    groups = [
        GroupResult(
            id="primes-small", launch=launch, started_at="2026-11-23T04:55:00+00:00", wall_s=1.0,
            noise=Noise(grade=grade), launches={},
        )
        for launch, grade in enumerate(grades)
    ]  # fmt: skip
    return msgspec.structs.replace(run, groups=groups)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (interrupted, "was interrupted; choose a run without failures"),
        (failed, "primes-small-serial-w1 failed in it; choose a run"),
        (empty, "measured nothing; choose a run"),
    ],
)
def test_a_run_in_which_something_went_wrong_is_refused(
    make_run: MakeRun, tmp_path: Path, spoil: Callable[[Run], Run], said: str
) -> None:
    path = save(spoil(make_run()), tmp_path)

    with pytest.raises(StoreError, match=f": {said}"):
        set_baseline(path)


def test_a_noisy_run_may_be_a_baseline_and_its_noise_is_said(
    make_run: MakeRun, tmp_path: Path
) -> None:
    quiet = save(make_run(), tmp_path)
    loud = save(noisy(make_run(run_id="loud")), tmp_path)

    set_baseline(loud)

    assert noise_in(quiet) == ""
    assert re.match(
        r"2 of its 3 group launches were too noisy .*; a gate will race", noise_in(loud)
    )


def test_a_refused_run_leaves_the_baseline_where_it_was(make_run: MakeRun, run_file: Path) -> None:
    set_baseline(run_file)
    spoilt = save(interrupted(make_run(run_id="later")), run_file.parent)
    with pytest.raises(StoreError, match="was interrupted"):
        set_baseline(spoilt)

    assert baselines(run_file.parent) == {"baseline": run_file}


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff\xfe\x00", b'{"benchmarks": 1}'])
def test_a_file_that_holds_no_run_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(StoreError, match=r"broken\.json: "):
        set_baseline(path)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"gone.json\n", b"../../etc", b"..", b".", b"/", b"/etc/passwd",
        b"\xff\xfe\x00garbage", b"a\x00b", b"a" * 5_000, b"\x1b[2J",
    ],
)  # fmt: skip
def test_a_pointer_that_means_no_run_of_its_folder_is_ignored(
    run_file: Path, content: bytes
) -> None:
    (run_file.parent / "bad.baseline").write_bytes(content)
    set_baseline(run_file, "good")

    assert baselines(run_file.parent) == {"good": run_file}


@pytest.mark.skipif(os.name == "nt", reason="its file names cannot be so")
@pytest.mark.parametrize("name", [b"caf\xe9.json", b" blank.json", b"line\n"])
def test_a_run_whose_name_no_baseline_can_hold_is_refused(run_file: Path, name: bytes) -> None:
    odd = run_file.rename(run_file.with_name(os.fsdecode(name)))

    with pytest.raises(StoreError, match="a baseline cannot hold its name; rename it"):
        set_baseline(odd)


def test_a_pointer_cannot_lead_out_of_its_folder(run_file: Path, tmp_path: Path) -> None:
    (tmp_path / run_file.name).write_bytes(b"elsewhere")
    (run_file.parent / "out.baseline").write_text(f"../{run_file.name}")

    assert baselines(run_file.parent) == {"out": run_file}


def test_a_pointer_that_is_a_folder_is_ignored(run_file: Path) -> None:
    (run_file.parent / "bad.baseline").mkdir()

    assert baselines(run_file.parent) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pointer_that_would_hang_its_reader_is_ignored(run_file: Path) -> None:
    os.mkfifo(run_file.parent / "bad.baseline")

    assert baselines(run_file.parent) == {}


def test_a_folder_that_does_not_exist_has_no_baselines(tmp_path: Path) -> None:
    assert baselines(tmp_path / "absent") == {}


def test_a_system_that_refuses_is_told_in_one_line(
    run_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for owner, call in ((os, "open"), (Path, "unlink")):  # a read-only file system refuses both
        monkeypatch.setattr(owner, call, lambda *_, **__: refused())

    with pytest.raises(StoreError, match=r"baseline\.baseline: cannot set the baseline \(Read-on"):
        set_baseline(run_file)


def test_a_baseline_that_cannot_be_moved_leaves_no_other_file(
    run_file: Path, monkeypatch: pytest.MonkeyPatch, refuse: Callable[[int], Callable[..., None]]
) -> None:
    monkeypatch.setattr(Path, "replace", refuse(errno.EACCES))
    with pytest.raises(StoreError, match="cannot set the baseline"):
        set_baseline(run_file)

    assert list(run_file.parent.iterdir()) == [run_file]


SET_OFTEN = """
import sys
from pathlib import Path
from raceway.store.baseline import set_baseline

sys.stdin.readline()
for _ in range(100):
    set_baseline(Path(sys.argv[1]))
"""


def test_two_processes_that_set_one_baseline_leave_a_whole_file(
    make_run: MakeRun, start_python: StartPython, tmp_path: Path
) -> None:
    one_round = Launch(index=0, rounds_ns=[1_000_000])
    runs = [make_run([one_round], run_id="x" * length) for length in (3, 30)]
    files = [save(run, tmp_path) for run in runs]
    pair = [start_python(SET_OFTEN, path) for path in files]
    for process in pair:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    ended = [process.communicate() and process.returncode for process in pair]

    (pointer,) = (path for path in tmp_path.iterdir() if path not in files)
    assert ended == [0, 0]
    assert pointer.read_text() in {f"{path.name}\n" for path in files}
