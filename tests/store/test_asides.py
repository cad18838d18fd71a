"""What a killed command was writing aside goes away, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.store import cache
from raceway.store.asides import clear_asides
from raceway.store.disk import write_whole, written_aside
from raceway.store.recovery import recover

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name == "nt", reason="cannot rename what is open and locked")

STEM = "20261101T000000Z_0123456_3f9a1c"
KILLED = """
import os, signal, sys
from pathlib import Path
from raceway.store.disk import written_aside

with written_aside(Path(sys.argv[1]), b"half"):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while_writing(file: Path) -> None:
    """Let a process die in the middle of writing a file."""
    subprocess.run([sys.executable, "-c", KILLED, str(file)], check=False)
    assert [path.suffix for path in file.parent.iterdir()] == [".tmp"]


@pytest.mark.parametrize("folder", ["machine", "machine/duels", "machine/gates"])
def test_what_a_killed_command_was_writing_is_cleared_by_the_next(
    tmp_path: Path, folder: str
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    killed_while_writing(tmp_path / folder / f"{STEM}.json")

    assert recover(tmp_path) == []
    assert [*(tmp_path / folder).iterdir()] == []


def test_so_it_is_in_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    cache.write_cache("a", "1", b"body")
    (cache.cache_folder() / "a").unlink()
    killed_while_writing(cache.cache_folder() / "digests")

    recover(tmp_path / "results")
    assert [*cache.cache_folder().iterdir()] == []


def test_a_page_that_was_half_written_goes_as_it_is_written_again(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "page.html")
    write_whole(tmp_path / "page.html", b"whole")

    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_what_is_being_written_stays(tmp_path: Path) -> None:
    final = tmp_path / "machine" / f"{STEM}.json"
    final.parent.mkdir()
    with written_aside(final, b"whole") as aside:
        recover(tmp_path)
        assert aside.read_bytes() == b"whole"
        aside.rename(final)

    assert [path.name for path in final.parent.iterdir()] == [final.name]


@pytest.mark.parametrize(
    "name",
    [
        f"{STEM}.0123abcd.tmp",
        f".{STEM}.0123abc.tmp",
        f".{STEM}.0123abcd.temporary",
        ".mine.0123abcd.tmp",
        f"{STEM}.json",
    ],
)
def test_files_of_other_names_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / "machine").mkdir()
    (tmp_path / "machine" / name).touch()
    recover(tmp_path)

    assert (tmp_path / "machine" / name).exists()


def test_links_and_folders_stay(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    (tmp_path / ".a.01234567.tmp").symlink_to(tmp_path / "precious")
    (tmp_path / ".b.01234567.tmp").mkdir()
    os.mkfifo(tmp_path / ".c.01234567.tmp")
    clear_asides(tmp_path, bool)

    assert len([*tmp_path.iterdir()]) == 4


def test_a_folder_that_is_not_there_holds_nothing_to_clear(tmp_path: Path) -> None:
    clear_asides(tmp_path / "nowhere", bool)
