"""Fixtures that more than one room asks for; a conftest.py imports those of its room."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.synthetic import (
    a_comparison,
    a_launch,
    a_record,
    a_run,
    a_side,
    anchored_launches,
    some_results,
)

if TYPE_CHECKING:
    from support.synthetic import (
        Anchored,
        Compare,
        MakeLaunch,
        MakeRecord,
        MakeRun,
        MakeSide,
        Results,
    )


@pytest.fixture(scope="session")
def launch() -> MakeLaunch:
    """Return a factory of launches that took what a test says."""
    return a_launch


@pytest.fixture(scope="session")
def record() -> MakeRecord:
    """Return a factory of records, one launch a pass time."""
    return a_record


@pytest.fixture(scope="session")
def run() -> MakeRun:
    """Return a factory of runs of records."""
    return a_run


@pytest.fixture(scope="session")
def results() -> Results:
    """Return what gives the results of records raced side by side."""
    return some_results


@pytest.fixture(scope="session")
def side() -> MakeSide:
    """Return a factory of sides of a comparison."""
    return a_side


@pytest.fixture(scope="session")
def comparison() -> Compare:
    """Return what compares records with records."""
    return a_comparison


@pytest.fixture(scope="session")
def anchored() -> Anchored:
    """Return what gives launches with an anchor beside each round."""
    return anchored_launches


@pytest.fixture(scope="session")
def steady() -> list[float]:
    """Return five launches' passes of about a second that scatter by 0.1 %."""
    return [1.0, 1.001, 0.999, 1.0005, 0.9995]
