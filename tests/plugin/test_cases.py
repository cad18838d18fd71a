"""Which tests get which cases."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from raceway.record import Run, Status

if TYPE_CHECKING:
    from collections.abc import Callable

    Measure = Callable[..., pytest.RunResult]
    Saved = Callable[[], list[Run]]

TENSOR = """
from raceway.case import Kind, Workload

def double(number, device):
    return 2 * number

WORKLOAD = Workload(
    summary="doubling", kind=Kind.TENSOR, task=double, expected=float, sizes={"few": (0, 0)}
)
"""
WAITING = """
import time
from raceway.case import Kind, Workload

def wait(wait_s):
    time.sleep(wait_s)

WORKLOAD = Workload(
    summary="waits", kind=Kind.IO, task=wait, wait_s=float, sizes={"long": (1.5, 1.5)}
)
"""
DEVICE = """
import pytest

@pytest.mark.raceway
def test_device(device):
    assert device == "cpu"
"""


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no CUDA device be found, whatever this machine has."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")


@pytest.mark.usefixtures("wrong_in_threads")
def test_a_wrong_answer_fails_its_own_test_with_the_reason(measure: Measure) -> None:
    result = measure()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["tiny-few-threads-w*: tiny-few by threads: wrong answer: task 1 of 2 gave 1, expected 0.0"]
    )


@pytest.mark.usefixtures("wrong_in_threads")
def test_a_wrong_answer_is_told_as_soon_as_its_heat_is_over(measure: Measure) -> None:
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


def test_a_test_gets_the_cases_of_one_kind_of_work(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(
        test_kind="""
        import pytest

        @pytest.mark.raceway(kind="io")
        def test_kind(race, case, benchmark):
            race.replay(case, benchmark)
        """
    )
    result = measure("--collect-only", "-q", "test_kind.py")

    collected = [line for line in result.outlines if line.startswith("test_kind.py::")]
    assert collected
    assert all(line.startswith("test_kind.py::test_kind[sleep-") for line in collected)


def test_a_computed_case_is_skipped_with_the_reason(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(tiny=WAITING)
    result = measure("-rs", "-k", "serial")

    result.assert_outcomes(skipped=1, deselected=1)
    result.stdout.fnmatch_lines(["SKIPPED*: computed, not measured: its waits add up to 3 s"])


@pytest.mark.usefixtures("no_gpu")
def test_a_case_without_its_device_is_skipped_with_the_reason(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(tiny=TENSOR)
    result = measure("-rs", "--models=serial,cuda", "-k", "cuda")

    result.assert_outcomes(skipped=1, deselected=1)
    reason = "no cuda device" if find_spec("torch") else "torch is not installed: *"
    result.stdout.fnmatch_lines([f"SKIPPED*: {reason}"])


@pytest.mark.usefixtures("no_gpu")
def test_a_required_device_that_is_missing_fails_its_cases(
    tiny_project: pytest.Pytester, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUIRE_CUDA", "1")
    tiny_project.makepyfile(tiny=TENSOR)
    result = measure("--models=serial,cuda")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["tiny-few-cuda-w1-cuda0: * (REQUIRE_CUDA is set)"])


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
