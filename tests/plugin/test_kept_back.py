"""How much of the budget is kept back for the plain benchmarks after the race."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.plugin.plain import ASYNC_S, CALIBRATED, kept_back_s
from support.project import INI

if TYPE_CHECKING:
    from collections.abc import Callable

RACED = "def test_raced(case): pass"
MARKED = """
import pytest

def test_raced(case): pass

@pytest.mark.raceway(seconds={mark})
def test_plain(benchmark): pass
"""


@pytest.fixture
def kept_back(pytester: pytest.Pytester) -> Callable[..., float]:
    """Return a function that tells what is kept back for the tests of a source."""
    pytester.makeini(INI)

    def of(source: str, profile: str = "default") -> float:
        case = "import pytest\n\n@pytest.fixture\ndef case(): pass\n\n"
        return kept_back_s(pytester.getitems(case + source), profile)

    return of


def test_a_plain_benchmark_takes_its_rounds_and_its_calibration(
    kept_back: Callable[..., float],
) -> None:
    assert kept_back(f"{RACED}\n\ndef test_plain(benchmark): pass") == CALIBRATED * 1.0


def test_an_asynchronous_benchmark_takes_what_its_fixture_takes(
    kept_back: Callable[..., float],
) -> None:
    assert kept_back(f"{RACED}\n\nasync def test_plain(async_benchmark): pass") == ASYNC_S


def test_benchmarks_before_the_race_have_been_run_already(kept_back: Callable[..., float]) -> None:
    assert kept_back(f"def test_plain(benchmark): pass\n\n{RACED}") == 0


def test_tests_that_measure_nothing_take_no_time(kept_back: Callable[..., float]) -> None:
    assert kept_back(f"{RACED}\n\ndef test_ordinary(): pass") == 0


@pytest.mark.parametrize(
    ("mark", "profile", "kept_s"),
    [
        ("7", "default", 7.0),
        ("{'smoke': 3, 'default': 20}", "smoke", 3.0),
        ("{'smoke': 3, 'default': 20}", "default", 20.0),
        ("{'smoke': 0}", "smoke", 0.0),
        ("{'smoke': 3}", "full", CALIBRATED * 1.0),
    ],
)
def test_a_benchmark_may_tell_how_long_it_takes(
    kept_back: Callable[..., float], mark: str, profile: str, kept_s: float
) -> None:
    assert kept_back(MARKED.format(mark=mark), profile) == kept_s
