"""Keeps coroutine functions out of synchronous benchmarks, which would not await them."""

from __future__ import annotations

import inspect
from typing import Any

from pytest_benchmark.fixture import BenchmarkFixture


def guard(benchmark: object) -> None:
    """Make pytest-benchmark's fixture, and no other, refuse coroutine functions."""
    if isinstance(benchmark, BenchmarkFixture):
        benchmark.__class__ = synchronous(type(benchmark))


def synchronous(base: type[Any]) -> type[Any]:
    """Return the benchmark class with both ways of calling it guarded."""

    class SynchronousBenchmark(base):  # type: ignore[misc]  # whatever pytest-benchmark gives
        def __call__(self, function: Any, *args: Any, **kwargs: Any) -> Any:
            refuse_coroutine(function)
            return super().__call__(function, *args, **kwargs)

        def pedantic(self, target: Any, *args: Any, **kwargs: Any) -> Any:
            refuse_coroutine(target)
            return super().pedantic(target, *args, **kwargs)

    return SynchronousBenchmark


def refuse_coroutine(function: object) -> None:
    """Raise TypeError for a coroutine function: only creating the coroutine would be timed."""
    if inspect.iscoroutinefunction(function):
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(
            f"benchmark({name}): a coroutine function would not be awaited; use"
            " `await async_benchmark(…)` in an async test"
        )
