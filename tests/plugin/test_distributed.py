"""Races are refused under xdist, and said to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.project import Measure


pytest.importorskip("xdist", reason="pytest-xdist is not installed: pip install pytest-xdist")


@pytest.fixture
def refused(tiny_project: pytest.Pytester) -> pytest.RunResult:
    """Return what comes of running the project's tests in two workers."""
    tiny_project.makepyfile(test_ordinary="def test_ordinary(): pass")
    return tiny_project.runpytest_inprocess("-n2", "-Wignore:Benchmarks are automatically")


def test_a_race_is_refused_once_with_the_reason(
    tiny_project: pytest.Pytester, refused: pytest.RunResult
) -> None:
    """Held in one test, since starting workers takes long."""
    said = (
        "raceway cannot measure under xdist (-n): tests would compete for the cores."
        " Nothing was run; run pytest without -n."
    )
    assert refused.outlines.count(said) == 1
    assert refused.ret == pytest.ExitCode.USAGE_ERROR
    assert "INTERNALERROR" not in refused.stdout.str()
    assert refused.parseoutcomes() == {}
    assert not (tiny_project.path / "results").exists()


def test_tests_that_race_nothing_run_under_xdist(tiny_project: pytest.Pytester) -> None:
    tiny_project.makepyfile(test_ordinary="def test_ordinary(): pass")
    result = tiny_project.runpytest_subprocess("-n1", "test_ordinary.py")

    result.assert_outcomes(passed=1)


def test_a_race_without_workers_is_not_refused(measure: Measure) -> None:
    measure("-n0").assert_outcomes(passed=2)
