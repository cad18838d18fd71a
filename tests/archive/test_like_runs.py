from __future__ import annotations

import json
from math import log
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.samples import Side
from raceway.archive.like_runs import levels_of_like_runs
from raceway.record import Grade, HostState
from raceway.store.runfile import decode
from raceway.store.runs import DUELS, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.record import Header, Run
    from support.saved import MeasuredRun

    Save = Callable[..., Run]

CASE = "primes-small-serial-w1"
RAW = Normalisation.RAW


def changed(header: Header, changes: dict[str, object]) -> Header:
    return msgspec.structs.replace(header, **changes)


@pytest.fixture
def saved(measured_run: MeasuredRun, tmp_path: Path) -> Save:
    """Return a function that saves a run of one case on a day, and returns it."""

    def make(day: int, pass_s: float, *, apart: str = "", grade: Grade = Grade.QUIET,
             work: str = "", **changes: object) -> Run:  # fmt: skip
        run = measured_run(
            {CASE: [pass_s] * 3}, run_id=f"day{day:02}", grade=grade,
            started_at=f"2026-11-{day:02}T00:00:00+00:00",
        )  # fmt: skip
        records = [msgspec.structs.replace(each, work_digest=work) for each in run.records]
        run = msgspec.structs.replace(run, header=changed(run.header, changes), records=records)
        save(run, tmp_path / run.header.machine.id / apart)
        return run

    return make


def raw_levels(results: Path, run: Run) -> list[float]:
    return levels_of_like_runs(results, Side("latest", [run]))[RAW].get(CASE, [])


def test_like_runs_tell_their_levels_oldest_first(saved: Save, tmp_path: Path) -> None:
    runs = [saved(day, pass_s) for day, pass_s in ((2, 0.02), (1, 0.01), (3, 0.03))]

    assert raw_levels(tmp_path, runs[-1]) == pytest.approx(list(map(log, (0.01, 0.02, 0.03))))


def test_levels_over_the_loop_beside_them_are_told_too(saved: Save, tmp_path: Path) -> None:
    run = saved(1, 0.01)
    levels = levels_of_like_runs(tmp_path, Side("latest", [run]))

    assert levels[Normalisation.ANCHOR][CASE] == pytest.approx([log(10)])


def test_another_host_interpreter_or_noise_is_not_like(saved: Save, tmp_path: Path) -> None:
    run = saved(1, 0.01)
    saved(2, 0.02, host=HostState(microcode="0x1"))
    old = [msgspec.structs.replace(each, version="3.11.0") for each in run.header.environments]
    saved(3, 0.03, environments=old)
    saved(4, 0.04, grade=Grade.NOISY)
    saved(5, 0.05, apart=DUELS)

    assert raw_levels(tmp_path, run) == pytest.approx([log(0.01)])


def test_runs_of_other_work_tell_nothing_of_a_case(saved: Save, tmp_path: Path) -> None:
    saved(1, 0.01, work="a")
    saved(2, 0.02)
    run = saved(3, 0.03, work="b")

    assert raw_levels(tmp_path, run) == pytest.approx([log(0.02), log(0.03)])


def test_a_folder_without_runs_tells_nothing(measured_run: MeasuredRun, tmp_path: Path) -> None:
    assert raw_levels(tmp_path, measured_run({CASE: [0.01]})) == []


def test_of_another_tool_the_earlier_runs_beside_the_file_count(tmp_path: Path) -> None:
    cpu = {"cpu": {"brand_raw": "Xeon", "count": 2}, "node": "fv-az1"}
    for day, median in ((1, 0.01), (2, 0.02), (3, 0.03), (4, 0.04)):
        told = {
            "benchmarks": [{"fullname": "a.py::b", "stats": {"median": median}}],
            "machine_info": {**cpu, "node": f"fv-az{day}"},
            "datetime": f"2026-11-0{day}T00:00:00",
        }
        (tmp_path / f"{9 - day:04}_x.json").write_text(json.dumps(told))
    run = decode((tmp_path / "0006_x.json").read_bytes())

    levels = levels_of_like_runs(tmp_path / "nowhere", Side("B", [run]), tmp_path)

    assert levels[RAW]["a.py::b"] == pytest.approx([log(0.01), log(0.02)])
