"""Valid runs to start from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from raceway.record import (
    SCHEMA_VERSION,
    Commit,
    Environment,
    Header,
    HeatResult,
    Launch,
    Machine,
    Noise,
    Record,
    Run,
    Status,
    records_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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


def a_record(case: str) -> Record:
    workload, size, model, _ = case.split("-")
    return Record(
        id=case,
        fullname=f"bench/test_cpu.py::test_cpu[{case}]",
        workload=workload,
        size=size,
        model=model,
        kind="cpu",
        tasks=4,
    )


def a_heat(launch: Launch, case: str = CASE) -> HeatResult:
    return HeatResult(
        heat=case.removesuffix("-serial-w1"),
        launch=launch.index,
        started_at=STARTED_AT,
        wall_s=1.5,
        noise=Noise(),
        launches={case: launch},
    )


@pytest.fixture
def make_heat() -> Callable[[int], HeatResult]:
    """Return a factory of heats by launch: that of `make_run`'s case, with three rounds."""
    return lambda launch: a_heat(
        Launch(index=launch, rounds_ns=[2_000_000 + launch, 1_000_000, 3_000_000])
    )


@pytest.fixture
def make_run() -> MakeRun:
    """Return a factory of runs of one case, in the launches given (default: one of two rounds)."""

    def make(
        launches: Sequence[Launch] = (TWO_ROUNDS,),
        *,
        run_id: str = "3f9a1c",
        case: str = CASE,
        started_at: str = STARTED_AT,
        commit: str = "0123456789abcdef",
    ) -> Run:
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
            planned=[a_record(case)],
        )
        heats = [a_heat(launch, case) for launch in launches]
        records = records_of(header, heats, [], finished=True)
        return Run(header=header, finished_at=started_at, status=Status.OK, records=records)

    return make
