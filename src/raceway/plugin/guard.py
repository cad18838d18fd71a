"""Keeps coroutine functions out of synchronous benchmarks, which would not await them."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

from raceway.plugin.neighbours import is_recorder


def guard(benchmark: object) -> None:
    """Make pytest-benchmark's fixture, and no other, refuse coroutine functions."""
    if is_recorder(benchmark):
        benchmark.__class__ = synchronous(type(benchmark))


def synchronous(base: type[Any]) -> type[Any]:
    """Return the benchmark class with both ways of calling it guarded."""

    class SynchronousBenchmark(base):  # type: ignore[misc]  # whatever pytest-benchmark gives
        def __call__(self, function: Any, *args: Any, **kwargs: Any) -> Any:
            refuse_coroutine(function)
            return self.awaited(function, super().__call__(function, *args, **kwargs))

        def pedantic(self, target: Any, *args: Any, **kwargs: Any) -> Any:
            refuse_coroutine(target)
            return self.awaited(target, super().pedantic(target, *args, **kwargs))

        def awaited(self, function: Any, answer: Any) -> Any:
            if inspect.iscoroutine(answer):
                answer.close()
                self.has_error = True  # what was timed is not shown as a result
                raise not_awaited(function)
            return answer

    return SynchronousBenchmark


def refuse_coroutine(function: object) -> None:
    """Raise TypeError for a coroutine function: only creating the coroutine would be timed."""
    called = function
    while isinstance(called, partial):
        called = called.func
    asynchronous = (called, getattr(type(called), "__call__", None))  # noqa: B004 (not whether, but how)
    if any(map(inspect.iscoroutinefunction, asynchronous)):
        raise not_awaited(function)


def not_awaited(function: object) -> TypeError:
    """Return the error for a function that makes coroutines."""
    name = getattr(function, "__qualname__", repr(function))
    return TypeError(
        f"benchmark({name}): its coroutine would not be awaited; use"
        " `await async_benchmark(…)` in an async test"
    )
