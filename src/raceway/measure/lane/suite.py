"""Runs the benchmarks of a suite on command: a pytest plugin that travels, loaded with -p.

It is copied with its neighbours into a package of its own, so that the suite's environment need not
hold raceway. Commands come as JSON lines on standard input, replies go to standard output; what
tests print goes to standard error. Hooks are found by name: standard library only.
"""

from __future__ import annotations

import json
import math
import os
import time
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from .anchor import anchor_ns
from .settings import settings_of
from .tree import cpu_s, queue_s

BESIDE = 8
"""Reference loops before the rounds, and again after them."""
MOST_ROUNDS = 200
"""Most rounds of a launch that are kept; of more, every n-th is."""
TOLD = ("pytest", "pytest-benchmark")
"""The packages whose versions are told."""
RACED = "raceway"
"""Tests with this mark and a case are not of a suite: they replay a race."""
LONGEST_REASON = 300


Spent = tuple[float | None, float | None]
"""CPU time and time in the run queue; None if unknown."""


class Channel:
    """The pipes to the controller; pytest's capturing replaces the standard ones."""

    def __init__(self) -> None:
        """Keep both pipes, and let standard output go to standard error."""
        self._commands = os.fdopen(os.dup(0), encoding="utf-8")
        self._replies = os.dup(1)
        os.dup2(2, 1)

    def commands(self) -> Any:
        """Yield commands until the controller closes its end."""
        for line in self._commands:
            yield json.loads(line)

    def send(self, reply: dict[str, Any]) -> None:
        """Send a reply."""
        line = memoryview(f"{json.dumps(reply)}\n".encode())
        while line:
            line = line[os.write(self._replies, line) :]


class Observation:
    """One test of which everything is noted."""

    def __init__(self) -> None:
        """Note nothing yet."""
        self.outcome, self.reason = "skipped", ""
        self.measured: dict[str, Any] = {}
        self.beside_ns: list[int] = []
        self.started_s = self.wall_s = 0.0
        self.before: Spent = (None, None)
        self.shares: Spent = (None, None)

    def begin(self) -> None:
        """Time the reference loop, and start the clocks; of a test that is run again, anew."""
        self.wall_s, self.measured = 0.0, {}
        self.beside_ns = [anchor_ns() for _ in range(BESIDE)]
        self.before = spent_s()
        self.started_s = time.perf_counter()

    def end(self, item: Any) -> None:
        """Stop the clocks, time the reference loop again, and take what was measured."""
        if not self.started_s or self.wall_s:
            return
        self.wall_s = time.perf_counter() - self.started_s
        cpu_share, queue_share = (
            None if after is None or before is None else max(0.0, after - before) / self.wall_s
            for after, before in zip(spent_s(), self.before, strict=True)
        )
        self.shares = cpu_share, queue_share
        self.beside_ns += [anchor_ns() for _ in range(BESIDE)]
        self.measured = measured(getattr(item, "funcargs", {}))

    def report(self, report: Any) -> None:
        """Note the outcome of a phase of the test; the first failure is told."""
        if report.failed and self.outcome != "failed":
            self.outcome, self.reason = "failed", cause_of(report)
        elif report.skipped:
            self.reason = skip_reason(report)
        elif report.when == "call" and report.passed and self.outcome != "failed":
            self.outcome = "ok"

    def reply(self) -> dict[str, Any]:
        """Return what is sent."""
        cpu_share, queue_share = self.shares
        return {
            "outcome": self.outcome, "reason": self.reason, "beside_ns": self.beside_ns,
            "cpu_share": cpu_share, "queue_share": queue_share, **self.measured,
        }  # fmt: skip


class State:
    """What the plugin keeps between hooks."""

    channel: Channel
    observed = Observation()


def pytest_addoption(parser: Any) -> None:  # noqa: ARG001 (a hook's parameter)
    """Take the pipes before pytest captures them."""
    State.channel = Channel()


def pytest_load_initial_conftests(early_config: Any, args: list[str]) -> None:
    """Let no other plugin distribute the tests."""
    if early_config.pluginmanager.hasplugin("xdist"):
        args.append("-n0")


def pytest_runtestloop(session: Any) -> bool:
    """Tell which benchmarks there are, and run those asked for."""
    config = session.config
    if session.testsfailed and not config.option.continue_on_collection_errors:
        State.channel.send({"errors": session.testsfailed})
        return True
    items = {as_utf8(item.nodeid): item for item in session.items if is_benchmark(item)}
    versions = {name: found for name in TOLD if (found := version_of(name))}
    root = str(getattr(config, "rootpath", os.curdir))
    settings = settings_of(os.environ)
    State.channel.send({
        "tests": list(items), "root": root, "versions": versions, "settings": settings,
        "files": sorted({os.fsencode(path_of(item)).hex() for item in items.values()}),
    })  # fmt: skip
    for command in State.channel.commands():
        State.observed = Observation()
        item, following = items[command["run"]], items.get(command["next"])
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        State.channel.send(State.observed.reply())
    return True


def pytest_runtest_call(item: Any) -> None:  # noqa: ARG001 (a hook's parameter)
    """Start the clocks right before the test."""
    State.observed.begin()


def pytest_runtest_teardown(item: Any) -> None:
    """Stop the clocks right after the test."""
    State.observed.end(item)


def pytest_runtest_logreport(report: Any) -> None:
    """Note how a phase of the test ended."""
    State.observed.report(report)


def as_utf8(name: str) -> str:
    """Return a test's name with what no UTF-8 holds escaped, as from a folder's name."""
    return name.encode("utf-8", "backslashreplace").decode()


def path_of(item: Any) -> str:
    """Return the path of a test's file, whichever pytest it is."""
    return str(getattr(item, "path", None) or item.fspath)


def is_benchmark(item: Any) -> bool:
    """Whether a test is a benchmark of the suite's own."""
    asked = set(getattr(item, "fixturenames", ()))
    raced = "case" in asked and item.get_closest_marker(RACED)
    return "benchmark" in asked and not raced


def measured(fixtures: dict[str, Any]) -> dict[str, Any]:
    """Return the rounds that pytest-benchmark measured, and what it tells of the benchmark."""
    told = getattr(fixtures.get("benchmark"), "stats", None)
    if told is None or not told.stats.data:
        return {}
    asynchronous = fixtures.get("async_benchmark")
    loops = int(getattr(asynchronous, "loops", None) or told.iterations)
    samples_s = list(told.stats.data)
    every = -(-len(samples_s) // MOST_ROUNDS)
    return {
        "loops": loops,
        "rounds_ns": [round(sample_s * loops * 1e9) for sample_s in samples_s[::every]],
        "plain": {
            "name": str(told.name), "group": None if told.group is None else str(told.group),
            "param": None if told.param is None else str(told.param),
            "params": plain_json(told.params), "extra_info": plain_json(told.extra_info),
        },
    }  # fmt: skip


def plain_json(value: Any) -> Any:
    """Return a value as strict JSON holds it; what JSON does not know is told by its repr."""
    if isinstance(value, dict):
        return {str(key): plain_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_json(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    if isinstance(value, int) and abs(value) >= 2**63:
        return repr(value)
    return value if value is None or isinstance(value, (str, int, float)) else repr(value)


def spent_s() -> Spent:
    """Return the CPU seconds of this process and its descendants so far, and those in the queue.

    CPU time of descendants that ended is included.
    """
    living_s, times = cpu_s(), os.times()
    ended_s = times.children_user + times.children_system
    return None if living_s is None else living_s + ended_s, queue_s()


def cause_of(report: Any) -> str:
    """Return what went wrong, and where."""
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message if crash else report.longrepr)
    first_line = next((line for line in text.splitlines() if line.strip()), "failed")
    phase = "" if report.when == "call" else f"{report.when}: "
    where = f" ({os.path.basename(crash.path)}:{crash.lineno})" if crash else ""  # noqa: PTH119 (as lanes)
    return f"{phase}{first_line.strip()[:LONGEST_REASON]}{where}"


def skip_reason(report: Any) -> str:
    """Return why a test was skipped."""
    if hasattr(report, "wasxfail"):
        return f"xfail: {report.wasxfail}".removesuffix(": ")
    told = report.longrepr
    reason = told[2] if isinstance(told, tuple) else str(told)
    return str(reason).removeprefix("Skipped: ")[:LONGEST_REASON]


def version_of(name: str) -> str | None:
    """Return a package's version; None if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None
