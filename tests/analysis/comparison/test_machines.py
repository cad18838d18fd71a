"""Across machines, only what has no unit is compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.pairing import Pairing
from raceway.analysis.comparison.verdicts import Verdict
from support.compared import longer, only

if TYPE_CHECKING:
    from raceway.record import Machine
    from support.synthetic import Compare, MakeRecord, MakeRun, MakeSide


@pytest.fixture
def other_machine(run: MakeRun) -> Machine:
    return msgspec.structs.replace(run().header.machine, id="linux-aarch64-elsewhere")


def test_machines_are_compared_by_speedup(
    comparison: Compare, record: MakeRecord, steady: list[float], other_machine: Machine
) -> None:
    a = [record("pool", longer(steady, 0.5), id="pool"), record("serial", steady, id="serial")]
    b = [
        record("pool", longer(steady, 2.0), id="pool"),
        record("serial", longer(steady, 4.0), id="serial"),
    ]

    pool, _ = comparison(a, b, b_machine=other_machine).rows

    assert (pool.matchup.normalisation, pool.verdict) == (Normalisation.SERIAL, Verdict.SAME)


def test_a_speedup_lost_on_another_machine_is_slower(
    comparison: Compare, record: MakeRecord, steady: list[float], other_machine: Machine
) -> None:
    a, b = (
        [record("pool", longer(steady, each), id="pool"), record("serial", steady, id="serial")]
        for each in (0.5, 0.8)
    )

    assert comparison(a, b, b_machine=other_machine).rows[0].verdict is Verdict.SLOWER


@pytest.mark.parametrize("model", ["serial", "pool"])
def test_what_has_no_speedup_is_not_compared_between_machines(
    comparison: Compare, record: MakeRecord, steady: list[float], other_machine: Machine, model: str
) -> None:
    both = [record(model, steady)]
    row = only(comparison(both, both, b_machine=other_machine))

    assert (row.verdict, row.reason, row.estimate) == (
        Verdict.UNCLEAR,
        "another machine: only speedups can be compared",
        None,
    )


def test_speedups_are_over_the_serial_case_of_the_same_interpreter(
    side: MakeSide, record: MakeRecord, steady: list[float]
) -> None:
    both = [
        record(model, longer(steady, factor), interpreter=label)
        for label, scale in (("3.13", 1.0), ("3.14t", 3.0))
        for model, factor in (("serial", scale), ("pool", scale / 2))
    ]
    samples = Pairing.of(side(both), side(both)).of_a

    assert samples["primes-4000-pool-w1@3.14t"].logs[Normalisation.SERIAL]["A", 0] == pytest.approx(
        -0.6931, abs=1e-4
    )


def test_a_device_other_than_the_cpu_is_no_serial_reference(
    side: MakeSide, record: MakeRecord, steady: list[float]
) -> None:
    both = [record("serial", steady, device="cuda:0"), record("pool", steady)]

    assert (
        Normalisation.SERIAL
        not in Pairing.of(side(both), side(both)).of_a["primes-4000-pool-w1@"].logs
    )
