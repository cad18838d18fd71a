"""What a fuzzer's target needs: a small run to damage, commands, and what must be so."""

from __future__ import annotations

import contextlib
import io
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from raceway import cli
from raceway.analysis.run.frame import frame_of
from raceway.case import Kind
from raceway.record import Engine
from raceway.store.runs import load, run_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    import pandas as pd

    from raceway.record import GroupResult, Launch, Record, Run

OWN = ("per_pass_s", "per_task_s", "status", "rounds", "launches", "workers", "peak_memory_bytes")
"""Columns that follow from a record alone."""
FEW_LAUNCHES = 3
MODELS = {"serial", "asyncio", "pool"}
AS_A_WHOLE = 0.4
"""The share of mutants that are damaged anywhere, header and checksum included."""


class FindingError(Exception):
    """Something that must not be."""


class Target(Protocol):
    """One kind of content that may be damaged."""

    weight: int
    """Its share of the time."""

    def mutant(self, draw: Random) -> bytes:
        """Return a damaged one."""

    def survives(self, mutant: bytes, draw: Random) -> bool:
        """Look what becomes of it; return whether it is read. FindingError if that is wrong."""

    def together(self, refused: Sequence[bytes], draw: Random) -> None:
        """Look what commands say of several that were refused. FindingError if that is wrong."""


def small_run() -> Run:
    """Return a part of a committed run: all kinds of work, few cases, launches and rounds.

    The smaller it is, the more often each of its fields is damaged in a given time.
    """
    run = _of_all_kinds()
    groups = list(_few_groups(run))
    records = []
    for each in run.records:
        if each.group in groups and each.model in MODELS:
            launches = [_short(launch, each.kind) for launch in each.launches[:FEW_LAUNCHES]]
            records.append(replace(each, launches=launches))
    records += [each for each in run.records if not each.workload][:1]
    ids = {each.id for each in records}
    header = replace(run.header, planned=[each for each in run.header.planned if each.id in ids])
    kept = [each for each in run.groups if each.id in groups and each.launch < FEW_LAUNCHES]
    ends = [each for each in run.ends if each.id in groups]
    return replace(run, header=header, records=records, groups=kept, ends=ends)


def _of_all_kinds() -> Run:
    """Return the newest committed run of all kinds of work."""
    for file in reversed(run_files(Path(__file__).parents[1] / "results")):
        ((_, run),) = load([file]).runs
        if {record.kind for record in run.records} >= {*Kind}:
            return run
    raise FindingError("no committed run is of all kinds of work")


def _few_groups(run: Run) -> Iterator[str]:
    """Yield groups: two sizes of computing, between which something may begin to pay, else one."""
    every = list(dict.fromkeys((each.kind, each.group) for each in run.records if each.workload))
    for kind in Kind:
        yield from [group for of, group in every if of == kind][: 2 if kind is Kind.CPU else 1]


def _short(launch: Launch, kind: str | None) -> Launch:
    """Return a launch of four rounds; of what waits, with what only some models and runs tell."""
    lists = {name: getattr(launch, name)[:4] for name in ("rounds_ns", "anchors_ns", "turns")}
    if kind != Kind.IO:
        return replace(launch, **lists)
    told = Engine(workers=2, round_trip_s=1e-3, joined=True)
    return replace(launch, **lists, engine=told, latencies_ns=[10, 20, 30], latency_count=1_000)


def check_launches(run: Run, whole: Iterable[GroupResult]) -> None:
    """Raise FindingError if a case has another launch than that of its undamaged group."""
    records = {each.id: each for each in run.records}
    for group in whole:
        for case, known in group.launches.items():
            kept = records[case].launches if case in records else []
            if any(each != known for each in kept if each.index == known.index):
                raise FindingError(f"{case}: launch {known.index} is another one")


def run_command(*words: str) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code, output and errors."""
    out, errors, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["raceway", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            cli.main()
    except SystemExit as ending:
        return int(ending.code or 0), out.getvalue(), errors.getvalue()
    finally:
        sys.argv = before
    raise FindingError("did not exit")


def check_printable(text: str, where: str) -> None:
    """Raise FindingError if a text holds anything that a terminal would obey."""
    for character in set(text) - {"\n"}:
        if not character.isprintable():
            at = text.index(character)
            raise FindingError(f"{where}: prints {text[max(0, at - 40) : at + 20]!r}")


def check_rows(frame: pd.DataFrame, known: dict[str, Record], run: Run, sound: Run) -> None:
    """Raise FindingError for a row that is there twice, impossible, or not that of its record."""
    twice = frame["case"][frame["case"].duplicated()]
    if len(twice):
        raise FindingError(f"two rows of {twice.iloc[0]!r}")
    for name in frame.select_dtypes("number"):
        values = frame[name].dropna()
        if not values.map(math.isfinite).all() or (values < 0).any():
            raise FindingError(f"{name} is {values.min()} to {values.max()}")
    before = frame_of(sound).set_index("case")
    unchanged = [each.id for each in run.records if known.get(each.id) == each]
    now = frame.set_index("case")
    for name in OWN:
        pairs = zip(now.loc[unchanged, name], before.loc[unchanged, name], strict=True)
        for case, (new, old) in zip(unchanged, pairs, strict=True):
            if new != old and not (new != new and old != old):  # noqa: PLR0124 (NaN)
                raise FindingError(f"{case}: {name} was {old} and is {new}")
