"""What pytest-benchmark is told is what was measured."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.record import Record, Status
from raceway.store.runs import load
from raceway.store.stats import samples_of, stats_of

if TYPE_CHECKING:
    from pathlib import Path

    from support.project import Measure
    from support.saved import Saved


LOOPS = ["asyncio", *(["uvloop"] if find_spec("uvloop") else [])]
LOOP_FACTORIES = """
import asyncio
import importlib

def pytest_asyncio_loop_factories():
    return {
        "asyncio": asyncio.new_event_loop,
        "uvloop": lambda: importlib.import_module("uvloop").new_event_loop(),
    }
"""
ASYNC = """
import asyncio
import pytest

calls = []

async def count(*, step):
    calls.append(step)
    return sum(calls), type(asyncio.get_running_loop()).__module__

@pytest.mark.asyncio(loop_factories=[LOOP])
async def test_count(async_benchmark):
    total, loop = await async_benchmark(count, step=1)
    assert total == len(calls)
    assert loop.startswith(LOOP)
    assert (total == 1) == DISABLED
"""


@pytest.fixture
def benchmarks(measured: Path) -> dict[str, Any]:
    """Return what pytest-benchmark wrote of each test."""
    content = json.loads((measured / "all.json").read_bytes())
    return {benchmark["fullname"]: benchmark for benchmark in content["benchmarks"]}


@pytest.fixture
def records(measured: Path) -> list[Record]:
    """Return what we saved of each case."""
    ((_, run),) = load(measured.glob("results/*/*.json")).runs
    return [record for record in run.records if record.workload]


def test_pytest_benchmark_gets_every_sample_to_the_last_bit(
    benchmarks: dict[str, Any], records: list[Record]
) -> None:
    replayed = {record.fullname: benchmarks[record.fullname]["stats"]["data"] for record in records}

    assert replayed == {record.fullname: samples_of(record) for record in records}


def test_pytest_benchmark_gets_the_statistics_that_are_saved(
    benchmarks: dict[str, Any], records: list[Record]
) -> None:
    for record in records:
        stats = msgspec.to_builtins(stats_of(samples_of(record), 1))
        assert {name: benchmarks[record.fullname]["stats"][name] for name in stats} == stats


def test_the_timer_has_a_readable_name(benchmarks: dict[str, Any], records: list[Record]) -> None:
    timers = {benchmarks[record.fullname]["options"]["timer"] for record in records}

    assert timers == {"replay_clock"}


def test_a_case_goes_to_pytest_benchmark_as_it_is_saved(
    benchmarks: dict[str, Any], records: list[Record]
) -> None:
    told = [benchmarks[record.fullname]["extra_info"]["raceway"] for record in records]

    assert msgspec.convert(told, list[Record]) == records


def test_the_cases_of_a_group_are_one_group(
    benchmarks: dict[str, Any], records: list[Record]
) -> None:
    assert {benchmarks[record.fullname]["group"] for record in records} == {"tiny-few"}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("disabled", [False, True])
def test_an_async_benchmark_runs_on_the_event_loop_of_its_test(
    tiny_project: pytest.Pytester,
    measure: Measure,
    loop: str,
    disabled: bool,  # noqa: FBT001 (a parameter)
) -> None:
    source = ASYNC.replace("LOOP", repr(loop)).replace("DISABLED", str(disabled))
    tiny_project.makeconftest(LOOP_FACTORIES)
    tiny_project.makepyfile(test_count=source)

    result = measure("test_count.py", *(["--benchmark-disable"] if disabled else []))

    result.assert_outcomes(passed=1)


def test_an_async_benchmark_is_saved_with_its_rounds(
    tiny_project: pytest.Pytester, measure: Measure, saved: Saved
) -> None:
    tiny_project.makepyfile(
        test_wait="""
        import asyncio

        async def test_wait(async_benchmark):
            await async_benchmark(asyncio.sleep, 0.003)
        """
    )
    measure("test_wait.py")

    (run,) = saved()
    (record,) = run.records
    assert record.id == "test_wait.py::test_wait"
    assert all(round_ns >= 3_000_000 for round_ns in record.launches[0].rounds_ns)


def test_a_quick_async_function_is_looped(measured: Path) -> None:
    ((_, run),) = load(measured.glob("results/*/*.json")).runs
    (launch,) = run.record("test_plain.py::test_async").launches

    assert launch.loops > 1
    assert min(launch.rounds_ns) / launch.loops < 1_000_000


def test_an_async_benchmark_refuses_what_cannot_be_awaited(
    tiny_project: pytest.Pytester, measure: Measure, saved: Saved
) -> None:
    tiny_project.makepyfile(
        test_int="""
        async def test_int(async_benchmark):
            await async_benchmark(int)
        """
    )
    result = measure("test_int.py", "-Wignore:Benchmark fixture was not used")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*TypeError: async_benchmark(<class 'int'>): * use `benchmark`"])
    (run,) = saved()
    assert run.records[0].status is Status.FAILED
