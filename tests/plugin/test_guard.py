"""A coroutine function is never benchmarked without being awaited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.project import Measure


SOURCE = """
import functools

async def coroutine(): ...

class Callable:
    async def method(self): ...
    async def __call__(self): ...

def test_call(benchmark):
    CALL
"""
UNUSED = "-Wignore:Benchmark fixture was not used"
UNAWAITED = "-Wignore:coroutine 'coroutine' was never awaited"


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ("benchmark(coroutine)", "coroutine"),
        ("benchmark.pedantic(coroutine, rounds=3)", "coroutine"),
        ("benchmark(Callable().method)", "Callable.method"),
        ("benchmark(functools.partial(coroutine))", "functools.partial(*)"),
        ("benchmark(Callable())", "<test_call.Callable object *>"),
        ("benchmark(functools.partial(Callable()))", "functools.partial(*)"),
        ("benchmark.pedantic(lambda: coroutine())", "test_call.<locals>.<lambda>"),
        ("benchmark.pedantic(lambda: coroutine(), rounds=3)", "test_call.<locals>.<lambda>"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--benchmark-disable",)])
def test_a_coroutine_function_is_refused(
    tiny_project: pytest.Pytester, measure: Measure, call: str, name: str, options: tuple[str, ...]
) -> None:
    tiny_project.makepyfile(test_call=SOURCE.replace("CALL", call))
    result = measure("test_call.py", UNUSED, UNAWAITED, *options)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [f"E * TypeError: benchmark({name}): * use `await async_benchmark(*)` in an async test"]
    )


def test_a_benchmark_of_a_wrapped_coroutine_is_no_result(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    call = "benchmark(lambda: coroutine())"
    tiny_project.makepyfile(test_call=SOURCE.replace("CALL", call))
    result = measure(
        "test_call.py", UNAWAITED, "--benchmark-json=all.json", "--benchmark-max-time=0.01"
    )

    result.assert_outcomes(failed=1)
    assert json.loads((tiny_project.path / "all.json").read_bytes())["benchmarks"] == []


def test_a_function_that_runs_a_coroutine_is_benchmarked(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    call = "import asyncio; benchmark.pedantic(lambda: asyncio.run(coroutine()))"
    tiny_project.makepyfile(test_call=SOURCE.replace("CALL", call))

    measure("test_call.py").assert_outcomes(passed=1)
