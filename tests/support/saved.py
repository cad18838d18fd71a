"""Valid runs as sessions save them, and what fixtures do with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import msgspec

from raceway.record import (
    SCHEMA_VERSION,
    Commit,
    Environment,
    Grade,
    GroupResult,
    Header,
    Launch,
    Machine,
    Noise,
    Record,
    Run,
    Status,
)
from raceway.store.joining import records_of
from raceway.store.schema_1 import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Iterator

STARTED_AT = "2026-11-23T04:55:00+00:00"
CASE = "primes-small-serial-w1"
TWO_ROUNDS = Launch(index=0, rounds_ns=[1_000_000, 2_000_000])
MACHINE = Machine(
    id="linux-x86_64-xeon-2c-3f9a1c",
    system="Linux",
    architecture="x86_64",
    cpu_model="Xeon",
    logical_cores=2,
    usable_cores=2,
)
ENVIRONMENT = Environment(
    label="current", command="python", version="3.13.0", implementation="CPython"
)

Passes: TypeAlias = Mapping[str, Sequence[float]]
"""Seconds a pass, one a launch, by case id."""
MakeGroup: TypeAlias = Callable[[int], GroupResult]
Saved: TypeAlias = Callable[[], list[Run]]


class MakeRun(Protocol):
    """How tests ask for a run."""

    def __call__(
        self,
        launches: Sequence[Launch] = ...,
        *,
        run_id: str = ...,
        case: str = ...,
        started_at: str = ...,
        commit: str = ...,
    ) -> Run:
        """Return a run of one case with these launches."""


class MeasuredRun(Protocol):
    """How tests ask for a run of several cases whose times they choose."""

    def __call__(self, passes_s: Passes, *, grade: Grade = ..., **fields: Any) -> Run:
        """Return a run with these seconds a pass, one a launch, by case id."""


def a_planned(case: str) -> Record:
    """Return the record of a case before it is raced."""
    workload, size, model, _ = case.split("-")
    return Record(
        id=case,
        fullname=f"bench/test_cpu.py::test_cpu[{case}]",
        workload=workload,
        size=size,
        model=model,
        family=FAMILIES.get(model, ""),
        kind="cpu",
        tasks=4,
    )


def a_group(launch: Launch, case: str = CASE) -> GroupResult:
    """Return a group of one case."""
    return GroupResult(
        id=case.removesuffix("-serial-w1"),
        launch=launch.index,
        started_at=STARTED_AT,
        wall_s=1.5,
        noise=Noise(),
        launches={case: launch},
    )


def a_finished_run(
    launches: Sequence[Launch] = (TWO_ROUNDS,),
    *,
    run_id: str = "3f9a1c",
    case: str = CASE,
    started_at: str = STARTED_AT,
    commit: str = "0123456789abcdef",
) -> Run:
    """Return a run of one case, in the launches given (default: one of two rounds)."""
    header = Header(
        schema=SCHEMA_VERSION,
        run_id=run_id,
        started_at=started_at,
        machine=MACHINE,
        environments=[ENVIRONMENT],
        commit=Commit(id=commit),
        command_line=["pytest", "bench/"],
        profile="quick",
        launches=len(launches),
        planned=[a_planned(case)],
    )
    groups = [a_group(launch, case) for launch in launches]
    records = records_of(header, groups, [], finished=True)
    return Run(header=header, finished_at=started_at, status=Status.OK, records=records)


def measured_groups(
    passes_s: Passes, launch: int, grade: Grade = Grade.QUIET
) -> Iterator[GroupResult]:
    """Yield the groups of one launch, three rounds a case, each with the same anchor."""
    for case, passes in passes_s.items():
        if launch < len(passes):
            rounds_ns = [round(passes[launch] * factor * 1e9) for factor in (0.999, 1, 1.001)]
            measured = Launch(
                index=launch, rounds_ns=rounds_ns, anchors_ns=[1_000_000] * 3, turns=[0, 1, 2]
            )
            group = "-".join(case.split("-")[:2])
            yield msgspec.structs.replace(
                a_group(measured, case), id=group, noise=Noise(grade=grade)
            )


def a_measured_run(passes_s: Passes, *, grade: Grade = Grade.QUIET, **fields: Any) -> Run:
    """Return a run of several cases, of the machine and interpreter of all."""
    run = a_finished_run(**fields)
    launches = range(max(map(len, passes_s.values())))
    groups = [group for each in launches for group in measured_groups(passes_s, each, grade)]
    header = msgspec.structs.replace(
        run.header, launches=len(launches), planned=list(map(a_planned, passes_s))
    )
    return msgspec.structs.replace(
        run,
        header=header,
        records=records_of(header, groups, [], finished=True),
        groups=[msgspec.structs.replace(group, launches={}) for group in groups],
    )
