"""The fixtures that tests ask for: `race`, `case`, `device` and `async_benchmark`."""

from __future__ import annotations

from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import msgspec
import pytest
from rich.console import Console

from raceway.errors import LaneError, RacewayError
from raceway.plugin.replay import AsyncBenchmark, replay
from raceway.plugin.state import MARKER, STATE, USAGE_ERROR, cuda_is_required
from raceway.record import Status
from raceway.store.stats import samples_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_benchmark.fixture import BenchmarkFixture

    from raceway.case import Case
    from raceway.record import Record


@dataclass(frozen=True, slots=True)
class RaceResults:
    """What the `race` fixture gives: the record of each case, to be checked and played back."""

    records: Mapping[str, Record]
    reasons: Mapping[str, str]
    """Why a required case could not race."""

    def replay(self, case: Case, benchmark: BenchmarkFixture) -> None:
        """Record a case's rounds in pytest-benchmark; fail the test if the case failed."""
        if failure := self.failure(case):
            fail(benchmark, f"{case.id}: {failure}")
        record = self.records[case.id]
        if record.status is Status.SKIPPED:
            leave_unused(benchmark, record.reason)
            pytest.skip(record.reason)
        benchmark.extra_info["raceway"] = msgspec.to_builtins(record)
        replay(benchmark, samples_of(record))

    def failure(self, case: Case) -> str | None:
        """Return why a case has no times, if it has none."""
        if case.id in self.reasons:
            return f"{self.reasons[case.id]} (REQUIRE_CUDA is set)"
        record = self.records[case.id]
        return None if record.status in {Status.OK, Status.SKIPPED} else record.reason


def fail(benchmark: BenchmarkFixture, reason: str) -> NoReturn:
    """Fail the test, its benchmark too."""
    leave_unused(benchmark, reason)
    pytest.fail(reason, pytrace=False)


def leave_unused(benchmark: BenchmarkFixture, reason: str) -> None:
    """Let a benchmark measure nothing: pytest-benchmark warns of one that was never used."""

    def failed() -> NoReturn:
        raise LaneError(reason)

    with suppress(LaneError):
        benchmark.pedantic(failed)


@pytest.fixture(scope="session")
def race(pytestconfig: pytest.Config) -> RaceResults:
    """Race every collected case, once a session, before the first test that asks for it."""
    state = pytestconfig.stash[STATE]
    capture = pytestconfig.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        print()  # noqa: T201 (end pytest's line of dots)
        try:
            state.race(Console())
        except RacewayError as error:
            pytest.exit(str(error), returncode=USAGE_ERROR)
    reasons = {
        case_id: entrant.reason
        for case_id, entrant in state.lineup.entrants.items()
        if entrant.reason
    }
    return RaceResults(state.records, reasons)


@pytest.fixture
def case(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Case:
    """Give one case of the race, as a test's parameter."""
    if not hasattr(request, "param"):
        pytest.fail(f"`case` is given to tests marked @pytest.mark.{MARKER}", pytrace=False)
    return pytestconfig.stash[STATE].lineup.entrants[request.param].case


@pytest.fixture
def device(request: pytest.FixtureRequest) -> str:
    """Give the device asked for with --device: `cpu` or `cuda:N`."""
    name = str(getattr(request, "param", "cpu"))
    if cuda_is_required() and name == "cpu":
        pytest.fail("no cuda device (REQUIRE_CUDA is set)", pytrace=False)
    return name


@pytest.fixture
def async_benchmark(benchmark: BenchmarkFixture) -> AsyncBenchmark:
    """Give what times an awaitable inside the running loop; it is awaited with a function."""
    return AsyncBenchmark(benchmark)
