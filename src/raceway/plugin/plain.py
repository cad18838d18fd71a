"""Plain benchmarks, which are not cases of a race: the seed's programs, the event loops."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from raceway.errors import RacewayError
from raceway.plugin.neighbours import name_of
from raceway.plugin.state import MARKER, STATE, USAGE_ERROR
from raceway.record import Launch, Record, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

ASYNC_S = 0.6
"""Seconds of an asynchronous benchmark, including its warm-up."""
CALIBRATED = 1.5
"""Time of a whole benchmark over that of its rounds."""
MOST_PLAIN_ROUNDS = 200
"""Most rounds of a plain benchmark that are saved; of more, every n-th is."""


def keep_plain(item: pytest.Item, report: pytest.TestReport) -> None:
    """Save what a plain benchmark measured, or that it failed."""
    state, funcargs = item.config.stash[STATE], getattr(item, "funcargs", {})
    if "benchmark" not in funcargs or {"case", "race_models"} & funcargs.keys():
        return
    measured = getattr(funcargs["benchmark"], "stats", None)  # CodSpeed's has none
    if report.failed:
        record = plain_record(name_of(item), (), 1, failure=failure_of(report))
    elif report.passed and measured:
        asynchronous = funcargs.get("async_benchmark")
        loops = asynchronous.loops if asynchronous else measured.iterations
        record = plain_record(name_of(item), measured.stats.data, loops)
    else:
        return
    try:
        state.keep_plain(record, item.nodeid)
    except RacewayError as error:
        pytest.exit(str(error), returncode=USAGE_ERROR)


def kept_back_s(items: Sequence[pytest.Item], profile: str) -> float:
    """Return about how long the plain benchmarks after the first raced case will take.

    The mark `raceway(seconds=...)` tells it, as a number or one per profile. Other benchmarks take
    as long as pytest-benchmark allows, plus calibration.
    """
    later = itertools.dropwhile(lambda item: "case" not in _fixtures(item), items)
    return sum(_seconds(item, profile) for item in later if _is_plain(item))


def _is_plain(item: pytest.Item) -> bool:
    asked = _fixtures(item)
    return "case" not in asked and bool(asked & {"benchmark", "async_benchmark"})


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


def _seconds(item: pytest.Item, profile: str) -> float:
    marker = item.get_closest_marker(MARKER)
    told = marker.kwargs.get("seconds") if marker else None
    if isinstance(told, dict):
        told = told.get(profile)
    if told is not None:
        return float(told)
    if "async_benchmark" in _fixtures(item):
        return ASYNC_S
    return CALIBRATED * float(item.config.getoption("benchmark_max_time", 1.0))


def failure_of(report: pytest.TestReport) -> str:
    """Return the first line of what went wrong, without its location."""
    crash = getattr(report.longrepr, "reprcrash", None)
    message = crash.message if crash else report.longreprtext
    first_line = next(iter(message.strip().splitlines()), "failed")
    return first_line.removeprefix("Failed: ")[:200]


def plain_record(
    fullname: str, samples_s: Sequence[float], loops: int, failure: str = ""
) -> Record:
    """Return the record of a plain benchmark; of very many rounds, every n-th is kept."""
    every = -(-len(samples_s) // MOST_PLAIN_ROUNDS) or 1
    rounds_ns = [round(sample_s * loops * 1e9) for sample_s in samples_s[::every]]
    status = Status.FAILED if failure else Status.OK
    launch = Launch(index=0, status=status, reason=failure, loops=loops, rounds_ns=rounds_ns)
    return Record(id=fullname, fullname=fullname, status=status, reason=failure, launches=[launch])
