"""`race_models` makes a test of one's own suite one for each model."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from raceway.record import Status

if TYPE_CHECKING:
    from support.project import Measure
    from support.saved import Saved

OWN = """
import threading
import pytest

def same(number):
    return number

def not_in_a_thread(number):
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("not in a thread")
    return number

async def awaited(number):
    return number
"""
SAME = """
def test_same(race_models):
    race_models(same, range(8))
"""
TWICE = """
@pytest.mark.parametrize("length", [8, 9])
def test_same(race_models, length):
    race_models(same, range(length))
"""
FAILS = """
def test_fails(race_models):
    race_models(not_in_a_thread, range(8))
"""
AWAITED = """
async def test_awaited(race_models):
    race_models(awaited, range(8))
"""
REFUSED = """
def test_refused(race_models):
    race_models(lambda number: number, range(8))
"""
INVALID = "--models=nonsense"


@pytest.fixture
def own(tiny_project: pytest.Pytester, measure: Measure) -> Measure:
    """Return a function that runs a test of one's own."""

    def run(test: str, *options: str) -> pytest.RunResult:
        tiny_project.makepyfile(test_own=OWN + test)
        return measure("test_own.py", *options)

    return run


def benchmarks(project: pytest.Pytester) -> dict[str, Any]:
    """Return what pytest-benchmark has recorded, by name."""
    recorded = json.loads((project.path / "all.json").read_bytes())["benchmarks"]
    return {each["name"]: each for each in recorded}


def test_each_model_has_a_test_that_pytest_benchmark_records(
    tiny_project: pytest.Pytester, own: Measure, saved: Saved
) -> None:
    own(SAME, "--benchmark-json=all.json").assert_outcomes(passed=2)

    (run,) = saved()
    recorded = benchmarks(tiny_project)
    assert set(recorded) == {"test_same[serial]", "test_same[threads]"}
    assert {each["group"] for each in recorded.values()} == {"test_same"}
    for record in run.records:
        replayed = recorded[f"test_same[{record.model}]"]
        assert replayed["extra_info"]["raceway"]["id"] == record.id
        (launch,) = record.launches
        assert replayed["stats"]["rounds"] == len(launch.rounds_ns)


def test_all_models_race_once_and_side_by_side(own: Measure, saved: Saved) -> None:
    own(SAME)

    (run,) = saved()
    assert run.status is Status.OK
    assert [record.model for record in run.records] == ["serial", "threads"]
    assert len({record.group for record in run.records}) == 1
    assert [group.launch for group in run.groups] == [0]


def test_only_models_whose_tests_are_selected_race(own: Measure, saved: Saved) -> None:
    own(SAME, "-k", "threads").assert_outcomes(passed=1, deselected=1)

    (run,) = saved()
    assert [record.model for record in run.records] == ["threads"]


def test_each_other_parameter_has_a_race_of_its_own(own: Measure, saved: Saved) -> None:
    own(TWICE).assert_outcomes(passed=4)

    assert sorted(run.records[0].tasks for run in saved()) == [8, 9]


def test_a_model_that_fails_fails_its_own_test(own: Measure) -> None:
    result = own(FAILS)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["not-in-a-thread-8-threads-w*: RuntimeError: not in a thread*"])


def test_a_model_that_does_not_run_such_a_function_is_skipped(own: Measure) -> None:
    result = own(AWAITED, "--models=serial,threads,asyncio", "-rs")

    result.assert_outcomes(passed=2, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * threads does not run such a function"])


def test_a_function_that_cannot_be_sent_is_refused_in_a_line(own: Measure) -> None:
    result = own(REFUSED)

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*cannot be sent to other processes*define it at the top of*"])
    result.stdout.no_fnmatch_line("*Benchmark fixture was not used*")


def test_without_benchmarks_the_answers_are_checked_and_nothing_is_saved(
    tiny_project: pytest.Pytester, own: Measure
) -> None:
    own(SAME, "--benchmark-disable").assert_outcomes(passed=2)

    assert not (tiny_project.path / "results").exists()


def test_without_benchmarks_a_wrong_answer_fails_all_the_same(own: Measure) -> None:
    own(FAILS, "--benchmark-disable").assert_outcomes(passed=1, failed=1)


def test_an_unknown_model_is_named_in_one_line(own: Measure) -> None:
    result = own(SAME, INVALID)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --models nonsense: no such model; choose from *"])
