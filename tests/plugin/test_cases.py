"""Which tests get which cases."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.project import Measure


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
RACED = """
import pytest

MARK
def test_tiny(race, case, benchmark):
    race.replay(case, benchmark)
"""


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
    assert any(line.startswith("test_kind.py::test_kind[sleep-") for line in collected)
    assert not any("[primes-" in line or "[matmul-" in line for line in collected)


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


@pytest.mark.parametrize("mark", ["kind='bogus'", "workload='tiny'", "'cpu'"])
def test_a_mark_that_cannot_be_meant_is_refused(
    tiny_project: pytest.Pytester, measure: Measure, mark: str
) -> None:
    tiny_project.makepyfile(test_tiny=RACED.replace("MARK", f"@pytest.mark.raceway({mark})"))
    result = measure()

    result.stdout.fnmatch_lines([f"pytest.mark.raceway({mark}): give kind= one of cpu, io, *"])
    assert result.ret == pytest.ExitCode.USAGE_ERROR
