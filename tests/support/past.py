"""Synthetic histories: runs a day apart, whose passes took what the test says they took."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from raceway.analysis.history.digest import Digest, digest_of
from raceway.analysis.history.history import History, history_of
from raceway.analysis.history.series import Series, Wanted, series_of
from raceway.record import Commit, Environment, Grade, Run
from support.synthetic import a_launch, a_record, a_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from raceway.record import Header

Past: TypeAlias = list[tuple[Path, Run]]

FIRST_DAY = datetime(2026, 9, 1, 12, tzinfo=UTC)
ROUNDS = 3


def noisy(count: int, step: float = 1.0, at: int = 0, seed: int = 1) -> list[float]:
    """Return passes of a second with 1 % noise, `step` times as long from place `at` on."""
    draw = random.Random(seed)  # noqa: S311 (a simulation)
    return [math.exp(draw.gauss(0, 0.01)) * (step if at <= i else 1.0) for i in range(count)]


def past(
    passes_s: Sequence[float],
    *,
    machine: str = "one",
    noise: Sequence[int] = (),
    anchors_s: Sequence[float] = (),
    edit: Callable[[int, Header], Header] = lambda _, header: header,
    **case: Any,
) -> Past:
    """Return a run a day, of one case and a commit a day; those in `noise` are graded C."""
    runs = []
    for day, pass_s in enumerate(passes_s):
        anchors_ns = [round(anchors_s[day] * 1e9)] * ROUNDS if anchors_s else []
        launch = a_launch(0, pass_s, anchors_ns=anchors_ns)
        record = a_record("serial", launches=[launch], **case)
        run = a_run([record], grade=Grade.NOISY if day in noise else Grade.QUIET)
        header = edit(day, header_of(day, machine, run.header))
        name = f"{header.run_id}.json"
        runs.append((Path(machine) / name, msgspec.structs.replace(run, header=header)))
    return runs


def digested(runs: Iterable[tuple[Path, Run]]) -> list[tuple[Path, Digest]]:
    """Return what a history keeps of the runs."""
    return [(path, digest_of(run)) for path, run in runs]


def series_in(runs: Iterable[tuple[Path, Run]], *wanted: Wanted) -> list[Series]:
    """Return the series of the runs."""
    return series_of(digested(runs), *wanted)


def history_in(runs: Iterable[tuple[Path, Run]]) -> list[History]:
    """Return the histories of the runs."""
    return history_of(digested(runs))


def header_of(day: int, machine: str, header: Header) -> Header:
    """Return the header of a run of that day and machine."""
    moment = (FIRST_DAY + timedelta(days=day)).isoformat()
    python = Environment(
        label=header.environments[0].label,
        command="python",
        version="3.13.1",
        implementation="CPython",
        libraries={"numpy": "1.26"},
    )
    return msgspec.structs.replace(
        header,
        run_id=f"{machine}-{day:03}",
        started_at=moment,
        machine=msgspec.structs.replace(header.machine, id=machine, kernel="6.1"),
        environments=[python],
        commit=Commit(id=f"{day:07x}".ljust(40, "0"), time=moment),
    )


def with_python(header: Header, **facts: Any) -> Header:
    """Return the header with other facts of its interpreter."""
    python = msgspec.structs.replace(header.environments[0], **facts)
    return msgspec.structs.replace(header, environments=[python])
