"""Door 1: pytest. Only hooks; the other modules of this room do the work."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import RacewayError
from raceway.plugin.cases import parametrize, planned_cases
from raceway.plugin.distributed import hear_worker, refuse_in_worker
from raceway.plugin.fixtures import async_benchmark, case, device, profile, race
from raceway.plugin.guard import guard
from raceway.plugin.neighbours import run_by_asyncio
from raceway.plugin.options import declare, options_of
from raceway.plugin.plain import keep_plain, kept_back_s
from raceway.plugin.race_models import by_model, race_models, races_models
from raceway.plugin.replay import CLOCK
from raceway.plugin.state import MARKER, STATE, USAGE_ERROR, BenchSession, is_async, is_ours
from raceway.session.options import Options
from raceway.session.suite.process import VARIABLE
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["async_benchmark", "case", "device", "profile", "race", "race_models"]

RAN_TO_THE_END = frozenset(
    {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
)

UNPROFILED = (
    "--benchmark-cprofile: raced cases and asynchronous benchmarks have no profile; what"
    " pytest-benchmark runs of them is the replay, not the work"
)


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Declare the options, after those of other plugins."""
    declare(parser, pluginmanager)


def pytest_configure(config: pytest.Config) -> None:
    """Read the options; a bad one is a usage error before collection."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(kind=None, workloads=None, seconds=None): race these cases and save the run;"
        " `seconds` says how long a plain benchmark takes.",
    )
    try:
        options = options_of(config)
        options.chosen_profile()
        options.commands()
        config.stash[STATE] = BenchSession(
            options,
            check_only=bool(config.getoption("benchmark_disable", default=False)),
        )
        if options != Options(options.results, machine=options.machine):
            config.stash[STATE].lineup  # noqa: B018 (assembled now, to be refused before collection)
    except RacewayError as error:
        raise pytest.UsageError(printable(error)) from error


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test marked `raceway` its cases or devices, one of `race_models` its models."""
    parametrize(metafunc)
    by_model(metafunc)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give asynchronous benchmarks and races of models the replay's clock."""
    for item in items:
        if is_async(item):
            item.add_marker(pytest.mark.benchmark(timer=CLOCK))
        elif races_models(item):
            group = getattr(item, "originalname", item.name)
            item.add_marker(pytest.mark.benchmark(timer=CLOCK, group=group))


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pycollect_makeitem() -> Generator[None, Any, Any]:
    """Let asynchronous benchmarks run without `asyncio_mode = "auto"`."""
    collected = yield  # trylast: pytest-asyncio, which wraps this hook too, sees the mark
    run_by_asyncio(collected)
    return collected


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Note what is planned; refuse it inside a worker of xdist."""
    state = session.config.stash[STATE]
    state.planned = planned_cases(session.items)
    state.active = VARIABLE not in os.environ and any(map(is_ours, session.items))
    state.kept_back_s = kept_back_s(session.items, state.options.profile)
    if state.active or any(map(races_models, session.items)):
        refuse_in_worker(session)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Learn from a worker of xdist whether it refused."""
    hear_worker(node)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    """Make the `benchmark` fixture refuse coroutine functions."""
    value = yield
    if fixturedef.argname == "benchmark":
        guard(value)
    return value


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save plain benchmarks: the seed's programs, the event loops."""
    report = yield
    if call.when == "call" and item.config.stash[STATE].active:
        keep_plain(item, report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> Generator[None, None, None]:
    """Save the run, even an interrupted one."""
    state = session.config.stash[STATE]
    try:
        state.save(finished=exitstatus in RAN_TO_THE_END)
    except RacewayError:
        session.exitstatus = USAGE_ERROR
    if state.refused:
        session.exitstatus = USAGE_ERROR
    yield


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what was only checked."""
    if STATE in config.stash:
        config.stash[STATE].over()


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the answers and the name of the saved file."""
    state = config.stash[STATE]
    if state.run:
        from raceway.report.run.terminal import summary_lines  # noqa: PLC0415 (pandas: only when needed)

        terminalreporter.section("raceway")
        for line in summary_lines(state.run):
            terminalreporter.write_line(line)
        terminalreporter.write_line(printable(f"saved: {state.saved}"))
        if config.getoption("benchmark_cprofile", None):
            terminalreporter.write_line(UNPROFILED)
    for note in state.notes:
        terminalreporter.write_line(printable(note))
