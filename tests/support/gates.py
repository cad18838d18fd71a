"""Passes of three kinds, and gates that judge them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from raceway.regression.gate import Gate, GateOutcome, Unclear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.verdicts import Row
    from raceway.record import HostState, Run

STEADY = (0.999, 1.0, 1.001, 1.0005, 0.9995)
SHAKY = (0.98, 0.99, 1.0, 1.01, 1.02)
WILD = (0.7, 0.85, 1.05, 1.2, 1.5)


def steady(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in STEADY]


def shaky(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in SHAKY]


def wild(pass_s: float = 0.010) -> list[float]:
    return [pass_s * factor for factor in WILD]


def decided(gate: Gate) -> Gate:
    with gate.duels() as duels:
        for duel in duels:
            duel.begin()
            duel.race()
            gate.take(duel)
    return gate


def outcomes(gate: Gate) -> list[GateOutcome]:
    return [gate.outcome(unclear) for unclear in (Unclear.AUTO, Unclear.FAIL, Unclear.PASS)]


def cases(rows: Sequence[Row]) -> list[str]:
    return [row.case for row in rows]


def with_machine(run: Run, machine: str) -> Run:
    known = msgspec.structs.replace(run.header.machine, id=machine)
    return msgspec.structs.replace(run, header=msgspec.structs.replace(run.header, machine=known))


def with_host(run: Run, host: HostState) -> Run:
    return msgspec.structs.replace(run, header=msgspec.structs.replace(run.header, host=host))


def with_python(run: Run, version: str) -> Run:
    (known,) = run.header.environments
    environments = [msgspec.structs.replace(known, version=version)]
    header = msgspec.structs.replace(run.header, environments=environments)
    return msgspec.structs.replace(run, header=header)
