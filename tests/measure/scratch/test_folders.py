"""The temporary folders of sessions: whose they are, and who removes them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.errors import StoreError
from raceway.measure.scratch.reaper import (
    LONGEST_PATH,
    Reaper,
    clear_stale,
    locked_folder,
    marks,
    temporary_base,
)
from raceway.store.lock import wait_for_lock

if TYPE_CHECKING:
    from pathlib import Path

    from support.lanes import StillRunning

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs locks on folders")

SLEEP = "import time; print(flush=True); time.sleep(600)"
DEAD_WITH_ITS_REAPER = """
import os, subprocess, sys
from raceway.measure.scratch.reaper import Reaper, marks
reaper = Reaper.start()
folder = reaper.new_folder()
child = subprocess.Popen(
    [sys.executable, "-c", sys.argv[1]],
    env={**os.environ, **marks(folder)}, stdout=subprocess.PIPE, start_new_session=True,
)
child.stdout.readline()
(folder / "pymp-left").mkdir()
reaper.process.kill()
print(child.pid, flush=True)
os.kill(os.getpid(), 9)
"""

KILLED_AS_IT_BEGINS = """
import os, pathlib
from raceway.measure.scratch.reaper import Reaper
make = pathlib.Path.mkdir
def killed(folder, *given, **named):
    make(folder, *given, **named)
    print(folder, flush=True)
    os.kill(os.getpid(), 9)
pathlib.Path.mkdir = killed
Reaper.start()
"""


def test_what_a_session_left_that_died_with_its_reaper_is_removed_by_the_next(
    temporary: Path, still_running: StillRunning
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DEAD_WITH_ITS_REAPER, SLEEP],
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    child = psutil.Process(int(done.stdout))
    assert any(temporary.glob("raceway-*/1/pymp-left"))

    Reaper.start().dismiss()

    assert still_running([child]) == []
    assert list(temporary.iterdir()) == []


def test_a_session_killed_as_it_makes_its_folder_leaves_none(temporary: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AS_IT_BEGINS],
        capture_output=True, text=True, check=False, timeout=60,  # ends with the reaper
    )  # fmt: skip

    assert done.stdout.startswith(str(temporary))
    assert list(temporary.iterdir()) == []


def test_the_folder_of_a_living_session_is_left_alone(temporary: Path) -> None:
    folder, lock = locked_folder(temporary)

    clear_stale(temporary)

    assert folder.exists()
    os.close(lock or 0)


@pytest.mark.parametrize("name", ["raceway-0123456", "raceway-0123abcd", "raceway-x123abcd"])
def test_nothing_but_folders_of_ours_is_removed(temporary: Path, name: str) -> None:
    elsewhere = temporary / "precious"
    elsewhere.mkdir()
    (temporary / name).symlink_to(elsewhere)
    (temporary / "raceway-0123abce").write_text("a file")

    clear_stale(temporary)

    assert len(list(temporary.iterdir())) == 3


def test_the_folder_of_another_user_is_left_alone(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (temporary / "raceway-0123abcd").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: 4242)

    clear_stale(temporary)

    assert (temporary / "raceway-0123abcd").exists()


def test_a_folder_taken_for_a_dead_sessions_before_it_was_locked_is_made_anew(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[int] = []

    def taken_away(lock: int) -> None:
        if not waits:
            next(temporary.iterdir()).rmdir()
        waits.append(lock)
        wait_for_lock(lock)

    monkeypatch.setattr("raceway.measure.scratch.reaper.wait_for_lock", taken_away)
    folder, lock = locked_folder(temporary)

    assert (folder.exists(), len(waits)) == (True, 2)
    os.close(lock or 0)


def test_folders_are_private(temporary: Path) -> None:
    reaper = Reaper.start()

    assert {
        path.stat().st_mode & 0o777 for path in (reaper.new_folder(), *temporary.iterdir())
    } == {0o700}
    reaper.dismiss()


@pytest.mark.parametrize("base", ["/tmp", "/tmp/" + "x" * 60, "/tmp/" + "ö" * 9])  # noqa: S108 (a name)
def test_the_paths_of_folders_are_short(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", base)

    assert len(os.fsencode(temporary_base())) + len("/raceway-01234567/9999") <= LONGEST_PATH


def test_the_paths_of_folders_can_be_on_a_python_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", f"/tmp/a{os.pathsep}b")  # noqa: S108 (a name)

    assert os.pathsep not in str(temporary_base())


def test_a_disk_without_space_is_named(temporary: Path) -> None:
    with pytest.raises(StoreError, match=r"cannot be made \(No such file .*\); set TMPDIR"):
        locked_folder(temporary / "gone")


def test_what_a_task_made_unreadable_is_removed_too(temporary: Path) -> None:
    reaper = Reaper.start()
    locked = reaper.new_folder() / "locked"
    (locked / "inner").mkdir(parents=True)
    locked.chmod(0)

    reaper.dismiss()

    assert list(temporary.iterdir()) == []


def test_a_process_is_found_by_the_folder_it_was_given(
    temporary: Path, still_running: StillRunning
) -> None:
    reaper = Reaper.start()
    environment = {**os.environ, **marks(reaper.new_folder())}
    with subprocess.Popen(
        [sys.executable, "-c", SLEEP], env=environment, stdout=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        assert process.stdout
        process.stdout.readline()
        child = psutil.Process(process.pid)
        reaper.dismiss()

        assert still_running([child]) == []
    assert list(temporary.iterdir()) == []


def test_a_reaper_that_was_dismissed_hears_nothing_more(temporary: Path) -> None:
    reaper = Reaper.start()
    reaper.dismiss()

    reaper.forget(4242)
    reaper.dismiss()

    assert list(temporary.iterdir()) == []


def test_a_folder_that_is_taken_for_a_dead_sessions_before_it_is_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Path] = []
    really_open = os.open

    def opening(path: Path, flags: int) -> int:
        if not taken:
            path.rmdir()
            taken.append(path)
        return really_open(path, flags)

    monkeypatch.setattr(os, "open", opening)
    folder, lock = locked_folder(tmp_path)

    assert folder.is_dir()
    assert folder not in taken
    assert lock is not None
    os.close(lock)


def test_git_forgets_a_worktree_though_another_was_only_begun(
    temporary: Path, tmp_path: Path
) -> None:
    reaper = Reaper()
    place = reaper.new_folder()
    for name in ("begun", "whole", "zone"):
        (tmp_path / "worktrees" / name).mkdir(parents=True)
    (tmp_path / "worktrees" / "whole" / "gitdir").write_text(f"{place}/tree/.git\n")
    (tmp_path / "worktrees" / "zone" / "gitdir").write_text(f"{place}/other/.git\n")
    reaper.registers_worktrees(tmp_path)
    reaper.dismiss()

    assert [path.name for path in (tmp_path / "worktrees").iterdir()] == ["begun"]
    assert list(temporary.iterdir()) == []
