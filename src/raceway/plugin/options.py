"""The plugin's command-line options, and what they ask for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import SelectionError
from raceway.plan.profile import PROFILES
from raceway.plan.selection import Selection
from raceway.session.lineup import Options

if TYPE_CHECKING:
    import pytest


def add_options(parser: pytest.Parser) -> None:
    """Declare what users can ask for."""
    group = parser.getgroup("raceway", "racing concurrency models")
    group.addoption(
        "--profile",
        default="default",
        choices=list(PROFILES),
        help="how long to measure (default: %(default)s)",
    )
    group.addoption("--models", metavar="NAME,…", help="race only these models")
    group.addoption("--workloads", metavar="NAME,…", help="race only these workloads")
    group.addoption("--sizes", metavar="SIZE,…", help="race only these sizes")
    group.addoption(
        "--workers",
        metavar="N,…",
        help="workers of each pool (default: usable cores; more for work that waits)",
    )
    group.addoption(
        "--workload",
        metavar="FILE",
        action="append",
        default=[],
        type=Path,
        help="race a file with WORKLOAD = … like a built-in workload; repeatable",
    )
    group.addoption(
        "--device",
        metavar="DEVICE",
        action="append",
        help="auto, cpu, cuda or cuda:N, for tensor work; repeatable (default: auto)",
    )
    group.addoption(
        "--interpreter",
        metavar="LABEL=COMMAND",
        action="append",
        default=[],
        help="race this interpreter beside the current one; repeatable",
    )
    group.addoption(
        "--launches", type=int, metavar="N", help="fresh sets of processes to measure in"
    )
    group.addoption(
        "--budget", type=float, metavar="SECONDS", help="what all timed rounds may take together"
    )
    group.addoption(
        "--group-timeout",
        type=float,
        metavar="SECONDS",
        default=60.0,
        help="a case that does not answer for so long has failed (default: %(default)s)",
    )
    group.addoption(
        "--results",
        metavar="DIR",
        type=Path,
        help="where runs are saved (default: results/ beside the configuration file)",
    )
    group.addoption(
        "--machine",
        metavar="NAME",
        default=os.environ.get("RACEWAY_MACHINE"),
        help="name this machine, instead of by its hardware (also RACEWAY_MACHINE)",
    )
    group.addoption("--save-host", action="store_true", help="save the host's name too")
    group.addoption(
        "--resume", action="store_true", help="measure only what the latest interrupted run lacks"
    )


def options_of(config: pytest.Config) -> Options:
    """Return what the command line asks for."""
    option = config.getoption
    workers = names(option("workers"), "--workers")
    if workers and not all(word.isdecimal() for word in workers):
        raise SelectionError(
            f"--workers {option('workers')}: give whole numbers above 0, like 1,2,4"
        )
    return Options(
        results=option("results") or config.rootpath / "results",
        profile=option("profile"),
        selection=Selection(
            models=names(option("models"), "--models"),
            workloads=names(option("workloads"), "--workloads"),
            sizes=names(option("sizes"), "--sizes"),
            workers=tuple(map(int, workers)) if workers else None,
            devices=tuple(option("device") or ("auto",)),
        ),
        workload_files=tuple(option("workload")),
        interpreters=tuple(option("interpreter")),
        launches=option("launches"),
        budget_s=option("budget"),
        group_timeout_s=option("group_timeout"),
        machine=option("machine"),
        save_host=option("save_host"),
    )


def names(option: str | None, flag: str) -> tuple[str, ...] | None:
    """Split A,B,C; SelectionError if nothing is between the commas."""
    if option is None:
        return None
    words = tuple(word.strip() for word in option.split(","))
    if not all(words):
        raise SelectionError(f"{flag} {option!r}: give names, separated by commas")
    return words
