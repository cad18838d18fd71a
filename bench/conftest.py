"""The event loops that asynchronous benchmarks run on, each by its factory, never by a policy."""

import asyncio
import contextlib
import importlib


def pytest_asyncio_loop_factories():
    factories = {"asyncio": asyncio.new_event_loop}
    with contextlib.suppress(ImportError):
        factories["uvloop"] = importlib.import_module("uvloop").new_event_loop
    return factories
