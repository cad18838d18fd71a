"""Other plugins in the same session: CodSpeed, pytest-repeat, pytest-asyncio."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

if TYPE_CHECKING:
    from collections.abc import Iterable

UNSEEN = (
    "not measured under --codspeed: CodSpeed cannot see the processes in which models race."
    " Run pytest without it"
)
"""Why raced cases are skipped under CodSpeed."""
REPETITION = "__pytest_repeat_step_number"
"""The parameter that pytest-repeat gives a test."""
LOOPS = ("asyncio", "anyio", "trio", "twisted")
"""Marks by which some plugin runs an asynchronous test."""


def codspeed_is_on(config: pytest.Config) -> bool:
    """Whether CodSpeed measures in this session, and pytest-benchmark does not."""
    plugin = config.pluginmanager.get_plugin("codspeed_plugin")
    return bool(getattr(plugin, "is_codspeed_enabled", False))


def is_recorder(benchmark: object) -> bool:
    """Whether a `benchmark` fixture is pytest-benchmark's.

    CodSpeed's, which takes its place, claims to be one when `isinstance` asks.
    """
    return issubclass(type(benchmark), BenchmarkFixture)


def name_of(item: pytest.Item) -> str:
    """Return a test's node id, without the number that pytest-repeat gives each repetition."""
    callspec: Any = getattr(item, "callspec", None)
    if callspec is None or REPETITION not in callspec.params:
        return item.nodeid
    once = callspec.id.rsplit("-", 2)[:-2]  # the number is `2-3`, and the last part
    test = item.nodeid.removesuffix(f"[{callspec.id}]")
    return f"{test}[{once[0]}]" if once else test


def run_by_asyncio(collected: object) -> None:
    """Have pytest-asyncio run collected asynchronous benchmarks, whatever its mode."""
    items: Iterable[object] = collected if isinstance(collected, list) else [collected]
    for item in items:
        if (
            isinstance(item, pytest.Function)
            and "async_benchmark" in item.fixturenames
            and inspect.iscoroutinefunction(item.obj)
            and item.config.pluginmanager.has_plugin("asyncio")
            and not any(map(item.get_closest_marker, LOOPS))
        ):
            item.add_marker("asyncio")
