"""The cores that other programs take while a group races."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.group.others import STAT, Moment, cores_taken

if TYPE_CHECKING:
    from pathlib import Path

TWO_CORES = """cpu  300 0 100 900 0 0 0 0 0 0
cpu0 100 20 30 900 7 4 5 0 60 0
cpu1 200 0 0 900 7 0 0 50 0 0
intr 12 0
"""


@pytest.fixture
def stat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return what the system tells of two cores, both ours."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    path = tmp_path / "stat"
    path.write_text(TWO_CORES, encoding="ascii")
    return path


def test_busy_is_what_tasks_and_interrupts_took(stat: Path) -> None:
    moment = Moment.now(2, stat)

    assert moment
    assert moment.busy_s * os.sysconf("SC_CLK_TCK") == pytest.approx(100 + 20 + 30 + 4 + 5 + 200)


def test_of_more_cores_only_ours_count(stat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {1}, raising=False)
    moment = Moment.now(1, stat)

    assert moment
    assert moment.busy_s * os.sysconf("SC_CLK_TCK") == pytest.approx(200)


def test_nothing_is_known_of_a_share_of_the_cores(stat: Path) -> None:
    assert Moment.now(1, stat) is None


@pytest.mark.parametrize("text", ["", "cpu 1\ncpu0 a b c d e f g\n", "cpu 1\ncpu0 1 2\n"])
def test_nothing_is_known_from_another_file(stat: Path, text: str) -> None:
    stat.write_text(text, encoding="ascii")

    assert Moment.now(1, stat) is None


def test_nothing_is_known_without_the_file(tmp_path: Path) -> None:
    assert Moment.now(1, tmp_path / "none") is None


@pytest.mark.parametrize(
    ("raced_s", "expected"), [(1.0, 0.35), (1.7, 0.0), (5.0, 0.0), (None, None)]
)
def test_others_took_what_neither_the_race_nor_its_controller_did(
    raced_s: float | None, expected: float | None
) -> None:
    before, after = Moment(10.0, 100.0, 3.0), Moment(12.0, 102.0, 3.3)
    taken = cores_taken(before, after, raced_s)

    assert taken == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize("moments", [(None, Moment(1, 1, 1)), (Moment(1, 1, 1), None)])
def test_without_a_moment_nothing_is_known(moments: tuple[Moment | None, Moment | None]) -> None:
    assert cores_taken(*moments, 0.0) is None


@pytest.mark.skipif(not STAT.exists(), reason="no /proc/stat")
def test_a_program_that_computes_takes_cores() -> None:
    cores = len(os.sched_getaffinity(0))
    burner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        time.sleep(0.2)
        before = Moment.now(cores)
        time.sleep(0.5)
        taken = cores_taken(before, Moment.now(cores), 0.0)
    finally:
        burner.kill()
        burner.wait()

    assert taken is not None
    assert taken > 0.3


async def test_a_group_keeps_what_others_took_in_each_turn(
    monkeypatch: pytest.MonkeyPatch, track: Any
) -> None:
    clock = track.clock
    monkeypatch.setattr(Moment, "now", lambda *_: Moment(clock.now_s, 1.5 * clock.now_s, 0))
    result = await track.group(track.contender("serial"), most_rounds=4).run(0)

    assert result.cores_taken == pytest.approx([0.5] * 4, abs=0.05)


async def test_turns_after_one_of_which_nothing_is_known_are_unknown(
    monkeypatch: pytest.MonkeyPatch, track: Any
) -> None:
    moments = iter([Moment(0, 0, 0), Moment(1, 1, 0), None, None, *[Moment(2, 2, 0)] * 20])
    monkeypatch.setattr(Moment, "now", lambda *_: next(moments))
    result = await track.group(track.contender("serial"), most_rounds=4).run(0)

    assert len(result.cores_taken) == 1


async def test_nothing_is_kept_of_lanes_whose_cpu_time_is_unknown(track: Any) -> None:
    unknown = track.contender("serial", says={"go": {"cpu_s": None}})

    assert (await track.group(unknown).run(0)).cores_taken == []
