"""The fixtures for tests: `race`, `case`, `profile`, `device` and `async_benchmark`."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import msgspec
import pytest

from raceway.errors import LaneError, RacewayError
from raceway.plugin.neighbours import UNSEEN, codspeed_is_on
from raceway.plugin.replay import AsyncBenchmark, replay
from raceway.plugin.state import MARKER, STATE, USAGE_ERROR, cuda_is_required
from raceway.record import Status
from raceway.report.format.screen import screen
from raceway.store.stats import samples_of
from raceway.text.printable import printable, printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_benchmark.fixture import BenchmarkFixture

    from raceway.case import Case
    from raceway.record import Record


@dataclass(frozen=True, slots=True)
class RaceResults:
    """The value of the `race` fixture: each case's record, to be checked and replayed."""

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
            pytest.skip(printable_lines(record.reason))
        benchmark.extra_info["raceway"] = msgspec.to_builtins(record)
        replay(benchmark, samples_of(record))

    def failure(self, case: Case) -> str | None:
        """Return why a case has no times; None if it has."""
        if case.id in self.reasons:
            return f"{self.reasons[case.id]} (REQUIRE_CUDA is set)"
        record = self.records[case.id]
        return None if record.status in {Status.OK, Status.SKIPPED} else record.reason


def fail(benchmark: BenchmarkFixture, reason: str) -> NoReturn:
    """Fail the test and its benchmark."""
    leave_unused(benchmark, reason)
    pytest.fail(printable_lines(reason), pytrace=False)


def leave_unused(benchmark: BenchmarkFixture, reason: str) -> None:
    """Use a benchmark without measuring: pytest-benchmark warns about unused ones."""

    def failed() -> NoReturn:
        raise LaneError(reason)

    with suppress(LaneError):
        benchmark.pedantic(failed)


@contextmanager
def uncaptured(config: pytest.Config) -> Iterator[None]:
    """Let progress be seen, on a line of its own."""
    capture = config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        print()  # noqa: T201 (end pytest's line of dots)
        yield


@pytest.fixture(scope="session")
def race(pytestconfig: pytest.Config) -> RaceResults:
    """Race all collected cases, once per session, before the first test that needs them."""
    if codspeed_is_on(pytestconfig):
        pytest.skip(UNSEEN)
    state = pytestconfig.stash[STATE]
    if state.cut:
        pytest.fail(state.cut, pytrace=False)
    with uncaptured(pytestconfig):
        try:
            state.race(screen())
        except RacewayError as error:
            pytest.exit(printable(error), returncode=USAGE_ERROR)
        except pytest.fail.Exception as error:
            state.cut = f"the race was cut short: {error}"
            pytest.fail(state.cut, pytrace=False)
        except Exception as error:
            state.cut = f"the race was cut short: {error!r}"
            raise
    reasons = {
        case_id: entrant.reason
        for case_id, entrant in state.lineup.entrants.items()
        if entrant.reason
    }
    return RaceResults(state.records, reasons)


@pytest.fixture
def case(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Case:
    """Return the test's case."""
    if not hasattr(request, "param"):
        pytest.fail(f"`case` needs a test marked @pytest.mark.{MARKER}", pytrace=False)
    return pytestconfig.stash[STATE].lineup.entrants[request.param].case


@pytest.fixture(scope="session")
def profile(pytestconfig: pytest.Config) -> str:
    """Return the profile chosen with --profile or in pyproject.toml: how long to measure."""
    return pytestconfig.stash[STATE].options.profile


@pytest.fixture
def device(request: pytest.FixtureRequest) -> str:
    """Return the device chosen with --device: `cpu` or `cuda:N`."""
    name = str(getattr(request, "param", "cpu"))
    if cuda_is_required() and name == "cpu":
        pytest.fail("no cuda device (REQUIRE_CUDA is set)", pytrace=False)
    return name


@pytest.fixture
def async_benchmark(benchmark: BenchmarkFixture) -> AsyncBenchmark:
    """Return a timer of awaitables inside the running event loop."""
    return AsyncBenchmark(benchmark)
