"""An existing suite, run by the real command in real pytest processes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from raceway.case import Kind
from raceway.record import SUITE as PROFILE
from raceway.record import Grade, Status
from support.project import runs_in
from support.suites import (
    SUITE,
    WITH_BAD,
    begin_suite,
    journals,
    record_named,
    run_suite,
    the_run,
)

if TYPE_CHECKING:
    from pathlib import Path


LAUNCHES = 3


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a suite with bad benchmarks, after its only run; output.txt too."""
    folder = begin_suite(tmp_path_factory.mktemp("suite"), WITH_BAD)
    done = run_suite(folder, f"--launches={LAUNCHES}")
    (folder / "output.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    (folder / "code.txt").write_text(str(done.returncode), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def content(measured: Path) -> dict[str, dict[str, object]]:
    """Return the benchmarks of the saved file as other tools see them, by name."""
    (file,) = measured.glob("results/*/*.json")
    return {each["name"]: each for each in json.loads(file.read_bytes())["benchmarks"]}


@pytest.mark.parametrize("name", ["test_sum[10]", "test_sum[1000]", "test_sorted", "test_async"])
def test_each_benchmark_has_every_launch_with_its_own_rounds(measured: Path, name: str) -> None:
    record = record_named(the_run(measured), name)

    assert record.status is Status.OK
    assert [launch.index for launch in record.launches] == list(range(LAUNCHES))
    assert all(len(launch.rounds_ns) >= 3 for launch in record.launches)
    assert len({tuple(launch.rounds_ns) for launch in record.launches}) == LAUNCHES


def test_the_reference_loop_and_cpu_time_stand_beside_each_launch(measured: Path) -> None:
    for launch in record_named(the_run(measured), "test_sum[1000]").launches:
        assert all(0 < anchor_ns < 1e9 for anchor_ns in launch.beside_ns)
        assert launch.beside_ns
        assert launch.cpu_s


def test_what_disturbed_each_launch_is_noted(measured: Path) -> None:
    run = the_run(measured)
    known = {group.id: group.noise for group in run.groups}

    assert known[record_named(run, "test_sum[1000]").id].anchor_spread is not None
    assert known[record_named(run, "test_sum[1000]").id].grade is not Grade.UNKNOWN
    assert "Conditions of 22 benchmark launches: " in (measured / "output.txt").read_text("utf-8")


def test_what_waits_is_told_by_its_cpu_time(measured: Path) -> None:
    run = the_run(measured)

    assert record_named(run, "test_sleep").kind == Kind.IO
    assert record_named(run, "test_sum[1000]").kind != Kind.IO


def test_tests_that_are_no_benchmarks_do_not_run(measured: Path) -> None:
    assert not any("test_not_a_benchmark" in record.id for record in the_run(measured).records)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("test_fails", "assert 1 == 2 (test_bad.py:7)"),
        ("test_crashes", "pytest ended with exit code 3"),
    ],
)
def test_a_failed_benchmark_tells_its_cause(measured: Path, name: str, cause: str) -> None:
    record = record_named(the_run(measured), name)

    assert record.status is Status.FAILED
    assert record.reason == cause
    assert len(record.launches) == 1  # it is not run again
    assert (measured / "code.txt").read_text("utf-8") == "1"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("test_skipped", "not today"), ("test_unused", "its `benchmark` was never called")],
)
def test_a_benchmark_without_a_time_is_skipped_with_the_reason(
    measured: Path, name: str, reason: str
) -> None:
    record = record_named(the_run(measured), name)

    assert (record.status, record.reason) == (Status.SKIPPED, reason)


def test_the_others_go_on_after_one_that_crashes_pytest(measured: Path) -> None:
    assert len(record_named(the_run(measured), "test_after_all").launches) == LAUNCHES


def test_other_tools_see_what_pytest_benchmark_would_have_told(
    content: dict[str, dict[str, object]],
) -> None:
    told = content["test_sum[10]"]
    extra = told["extra_info"]

    assert isinstance(extra, dict)
    assert (told["param"], told["params"]) == ("10", {"size": 10})
    assert (extra["size"], extra["odd"]) == (10, "nan")
    assert content["test_sorted"]["group"] == "sorting"
    assert content["test_sorted"]["fullname"] == "perf/test_quick.py::TestSorting::test_sorted"


def test_progress_is_told_while_it_runs(measured: Path) -> None:
    assert "launch 1, benchmark 1 of 30: perf/" in (measured / "output.txt").read_text("utf-8")


def test_the_run_is_told_as_a_suites_run_and_its_pytest_is_named(measured: Path) -> None:
    header = the_run(measured).header

    assert header.profile == PROFILE
    assert header.launches == LAUNCHES
    assert {"pytest", "pytest-benchmark"} <= set(header.environments[0].libraries)


def test_a_suite_is_left_as_it_was(measured: Path) -> None:
    files = {path.relative_to(measured).as_posix() for path in measured.glob("perf/*.py")}

    assert files == set(WITH_BAD)
    assert {name: (measured / name).read_text("utf-8") for name in files} == WITH_BAD


def test_no_benchmark_begins_that_the_budget_does_not_hold(tmp_path: Path) -> None:
    folder = begin_suite(tmp_path, SUITE)

    done = run_suite(folder, "--budget=0.1")

    assert done.returncode == 2
    reasons = {record.reason for record in the_run(folder).records}
    assert reasons == {"the budget left no time for it"}


def test_a_suite_that_pytest_cannot_collect_is_refused_with_its_words(tmp_path: Path) -> None:
    folder = begin_suite(tmp_path, {**SUITE, "perf/test_broken.py": "import no_such_module"})

    done = run_suite(folder)

    assert done.returncode == 4
    assert "No module named 'no_such_module'" in done.stderr
    assert not journals(folder)


def test_a_suite_without_benchmarks_is_refused(tmp_path: Path) -> None:
    folder = begin_suite(tmp_path, {"perf/test_none.py": "def test_none():\n    pass\n"})

    done = run_suite(folder)

    assert done.returncode == 4
    assert "no test that asks for `benchmark`" in done.stderr


def test_a_benchmark_that_hangs_fails_and_the_others_go_on(tmp_path: Path) -> None:
    hangs = "import time\ndef test_hangs(benchmark):\n    benchmark(time.sleep, 600)\n"
    folder = begin_suite(tmp_path, {**SUITE, "perf/test_hangs.py": hangs})

    done = run_suite(folder, "--launches=1", "--timeout=8", "-k", "hangs or sorted")

    run = the_run(folder)
    assert done.returncode == 1
    assert record_named(run, "test_hangs").reason == "no answer for 8 s"
    assert record_named(run, "test_sorted").status is Status.OK


def test_our_own_plugin_saves_nothing_in_a_suites_pytest(tmp_path: Path) -> None:
    ours = (
        "async def nothing():\n    return 0\n\n"
        "async def test_nothing(async_benchmark):\n    await async_benchmark(nothing)\n"
    )
    ini = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
    files = {"perf/test_ours.py": ours, "pytest.ini": ini}
    folder = begin_suite(tmp_path, files)

    done = run_suite(folder, "--launches=2", "-p", "raceway.plugin")

    assert done.returncode == 0, done.stdout + done.stderr
    (run,) = runs_in(folder)
    assert len(record_named(run, "test_nothing").launches) == 2
