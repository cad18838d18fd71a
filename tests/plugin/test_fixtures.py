"""What tests get from `race`, `case` and `device`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.record import Status

if TYPE_CHECKING:
    from support.project import Measure
    from support.saved import Saved


DEVICE = """
import pytest

@pytest.mark.raceway
def test_device(device):
    assert device == "cpu"
"""


@pytest.mark.usefixtures("wrong_in_threads")
def test_a_wrong_answer_fails_its_own_test_with_the_reason(measure: Measure) -> None:
    result = measure()

    result.assert_outcomes(passed=1, failed=1)
    answer = "wrong answer: task 1 of 2 gave 1, expected 0.0 (as `expected` of the workload tells)"
    result.stdout.fnmatch_lines([f"tiny-few-threads-w*: tiny-few by threads: {answer}"])


@pytest.mark.usefixtures("wrong_in_threads")
def test_a_wrong_answer_is_told_as_soon_as_its_group_is_over(measure: Measure) -> None:
    lines = measure().outlines

    told = next(number for number, line in enumerate(lines) if "wrong answer" in line)
    assert told < lines.index(next(line for line in lines if "FAILURES" in line))


@pytest.mark.usefixtures("wrong_in_threads")
def test_a_failed_case_is_saved_beside_the_good_ones(measure: Measure, saved: Saved) -> None:
    measure()

    (run,) = saved()
    assert {record.model: record.status for record in run.records} == {
        "serial": Status.OK,
        "threads": Status.FAILED,
    }


@pytest.mark.usefixtures("wrong_in_threads")
def test_a_failed_case_is_no_row_of_pytest_benchmark(measure: Measure) -> None:
    table = measure("--benchmark-columns=median").outlines

    assert [line.split()[0] for line in table if line.startswith("test_tiny[")] == [
        "test_tiny[tiny-few-serial-w1]"
    ]


@pytest.mark.usefixtures("no_gpu")
def test_a_test_gets_the_devices_that_are_there(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(test_device=DEVICE)
    result = measure("-v", "test_device.py")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["test_device.py::test_device?cpu? PASSED*"])


@pytest.mark.usefixtures("no_gpu")
def test_a_required_device_that_is_missing_fails_the_test(
    tiny_project: pytest.Pytester, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_CUDA", "1")
    tiny_project.makepyfile(test_device=DEVICE)
    result = measure("test_device.py")

    result.stdout.fnmatch_lines(["*no cuda device (REQUIRE_CUDA is set)"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_a_session_without_a_race_is_not_announced(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(test_device=DEVICE)

    measure("test_device.py", "--device=cpu").stdout.no_fnmatch_line("launch *")


def test_a_test_without_the_mark_is_told_that_it_gets_no_case(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(test_bare="def test_bare(race, case): pass")
    result = measure("test_bare.py")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["`case` needs a test marked @pytest.mark.raceway"])


def test_a_race_without_cases_saves_nothing(
    tiny_project: pytest.Pytester, measure: Measure, saved: Saved
) -> None:
    tiny_project.makepyfile(
        test_race="""
        import pytest

        @pytest.mark.raceway
        def test_race(race):
            assert not race.records
        """
    )
    measure("test_race.py").assert_outcomes(passed=1)

    assert saved() == []
