"""Benchmarks that are no cases of a race: the seed's programs, the event loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.errors import RacewayError
from raceway.plugin.state import STATE, USAGE_ERROR
from raceway.record import Launch, Record, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_PLAIN_ROUNDS = 200
"""Rounds of a plain benchmark that are saved; of more, every n-th."""


def keep_plain(item: pytest.Item, report: pytest.TestReport) -> None:
    """Save what a plain benchmark measured, or that it failed."""
    state, funcargs = item.config.stash[STATE], getattr(item, "funcargs", {})
    if "benchmark" not in funcargs or "case" in funcargs:
        return
    measured = funcargs["benchmark"].stats
    if report.failed:
        record = plain_record(item.nodeid, (), 1, failure=failure_of(report))
    elif report.passed and measured:
        asynchronous = funcargs.get("async_benchmark")
        loops = asynchronous.loops if asynchronous else measured.iterations
        record = plain_record(item.nodeid, measured.stats.data, loops)
    else:
        return
    try:
        state.keep_plain(record)
    except RacewayError as error:
        pytest.exit(str(error), returncode=USAGE_ERROR)


def failure_of(report: pytest.TestReport) -> str:
    """Return the first line of what went wrong, without where."""
    crash = getattr(report.longrepr, "reprcrash", None)
    message = crash.message if crash else report.longreprtext
    first_line = next(iter(message.strip().splitlines()), "failed")
    return first_line.removeprefix("Failed: ")[:200]


def plain_record(
    fullname: str, samples_s: Sequence[float], loops: int, failure: str = ""
) -> Record:
    """Return a benchmark that is no case of a race; of very many rounds every n-th is kept."""
    every = -(-len(samples_s) // MOST_PLAIN_ROUNDS) or 1
    rounds_ns = [round(sample_s * loops * 1e9) for sample_s in samples_s[::every]]
    status = Status.FAILED if failure else Status.OK
    launch = Launch(index=0, status=status, reason=failure, loops=loops, rounds_ns=rounds_ns)
    return Record(id=fullname, fullname=fullname, status=status, reason=failure, launches=[launch])
