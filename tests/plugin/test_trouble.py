"""Whatever happens to the results folder, what has been measured is not lost."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from raceway.record import Status
from raceway.store.disk import write_all
from raceway.store.recovery import recover

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.project import Measure
    from support.saved import Saved

    Fill = Callable[[bytes], None]

FIRST_GROUP = b'{"group":'
SECOND_GROUP = b'"launch":1,'
RUN_FILE = b'{"machine_info":'
NEVER = b"\0"


@pytest.fixture
def fill(monkeypatch: pytest.MonkeyPatch) -> Fill:
    """Return a function that fills the disk as soon as something with these bytes is written."""

    def full_from(first: bytes) -> None:
        full = False

        def write(descriptor: int, content: bytes, *, lasting: bool = True) -> None:
            nonlocal full
            full = full or first in content
            if full:
                raise OSError(errno.ENOSPC, "No space left on device")
            write_all(descriptor, content, lasting=lasting)

        for module in ("journal", "disk"):
            monkeypatch.setattr(f"raceway.store.{module}.write_all", write)

    return full_from


@pytest.fixture
def in_the_way(tiny_project: pytest.Pytester) -> Path:
    """Return a file where the results folder should be."""
    path: Path = tiny_project.path / "results"
    path.touch()
    return path


def exits(result: pytest.RunResult) -> list[str]:
    """Return the lines that say why a session ended."""
    return [line.strip("! ") for line in result.outlines if line.startswith("!")]


@pytest.mark.usefixtures("in_the_way")
def test_an_unusable_results_folder_is_told_in_one_line(measure: Measure) -> None:
    result = measure()

    (told,) = exits(result)
    assert "results/" in told
    assert told.endswith("Check the folder and its disk, or choose another folder.")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.usefixtures("in_the_way")
def test_an_unusable_results_folder_ends_the_session_before_the_race(measure: Measure) -> None:
    measure().stdout.no_fnmatch_line("launch *")


@pytest.mark.usefixtures("in_the_way")
def test_a_plain_benchmark_that_cannot_be_kept_ends_the_session(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(
        test_plain="""
        import pytest

        @pytest.mark.raceway
        @pytest.mark.parametrize("number", range(3))
        def test_plain(number, benchmark):
            benchmark.pedantic(int)
        """
    )
    result = measure("test_plain.py")

    assert len(exits(result)) == 1
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_full_disk_ends_the_race_with_one_line(measure: Measure, fill: Fill) -> None:
    fill(SECOND_GROUP)
    result = measure("--launches=2")

    (told,) = exits(result)
    assert "cannot write group tiny-few of launch 1 (No space left on device). Free " in told
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_full_disk_leaves_the_journal_and_says_where(
    tiny_project: pytest.Pytester, measure: Measure, fill: Fill
) -> None:
    fill(SECOND_GROUP)
    result = measure("--launches=2")

    (left,) = tiny_project.path.glob("results/*/*")
    assert left.suffix == ".journal"
    assert f"All that finished is in {left}: `raceway recover` saves it." in result.outlines


def test_what_was_measured_before_the_disk_was_full_is_recovered(
    tiny_project: pytest.Pytester, measure: Measure, fill: Fill, saved: Saved
) -> None:
    fill(SECOND_GROUP)
    measure("--launches=2")
    fill(NEVER)
    recover(tiny_project.path / "results")

    (run,) = saved()
    assert [group.launch for group in run.groups] == [0]
    assert run.status is Status.INTERRUPTED


def test_a_session_that_measured_nothing_leaves_nothing(
    tiny_project: pytest.Pytester, measure: Measure, fill: Fill
) -> None:
    fill(FIRST_GROUP)
    measure()

    assert list(tiny_project.path.glob("results/*/*")) == []


def test_a_run_that_cannot_be_saved_is_left_for_recovery(
    tiny_project: pytest.Pytester, measure: Measure, fill: Fill
) -> None:
    fill(RUN_FILE)
    result = measure()

    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*cannot save the run (No space left on device). Free *"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len(list(tiny_project.path.glob("results/*/*.journal"))) == 1


def test_the_next_session_recovers_what_one_has_left(
    measure: Measure, fill: Fill, saved: Saved
) -> None:
    fill(RUN_FILE)
    measure()
    fill(NEVER)
    result = measure("-k", "serial")

    result.stdout.fnmatch_lines(["recovered a run that could not be saved: *.json"])
    assert [run.status for run in saved()] == [Status.OK, Status.OK]


def test_what_cannot_be_recovered_is_named_at_the_end(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    folder = tiny_project.mkdir("results") / "machine"
    folder.mkdir()
    (folder / "broken.journal").write_text("{\n", encoding="utf-8")
    result = measure("-k", "serial")

    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(["*broken.journal: not JSON (*). *"])
