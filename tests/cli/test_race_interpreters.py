"""Models that only some interpreters have race there, labelled as theirs; skipped elsewhere.

TEST_INTERPRETERS names the interpreters.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest

from raceway.case import CURRENT
from raceway.plan.catalogue import known_models
from raceway.record import Status
from support.interpreters import VARIABLE, given_interpreters

if TYPE_CHECKING:
    from raceway.record import Record
    from support.command import Raceway
    from support.saved import Saved

OTHERS = {label: each for label, each in given_interpreters().items() if label != CURRENT}
NONE = pytest.param("", marks=pytest.mark.skip(reason=f"{VARIABLE} names no interpreter"))
MODELS = ("serial", "eager", "interpreters")
PAIRS = {
    ("primes", "serial"), ("primes", "interpreters"),
    ("sleep", "serial"), ("sleep", "eager"), ("sleep", "interpreters"),
}  # fmt: skip
"""Eager tasks are for what can be awaited."""


@pytest.mark.slow
@pytest.mark.parametrize("label", OTHERS or [NONE])
def test_what_an_interpreter_can_do_races_in_it_under_its_label(
    raceway: Raceway, saved: Saved, label: str
) -> None:
    code, _, _ = raceway(
        "race", "--workloads=primes,sleep", "--sizes=4000,10", f"--models={','.join(MODELS)}",
        f"--interpreter={label}={shlex.join(OTHERS[label])}", "--launches=1", "--budget=120",
    )  # fmt: skip

    (run,) = saved()
    (there,) = (each for each in run.header.environments if each.label == label)
    version = tuple(map(int, there.version.split(".")[:2]))
    mine = {(each.workload, each.model): each for each in run.records if each.interpreter == label}
    assert code in {0, 2}
    assert set(mine) == PAIRS
    for (workload, model), record in mine.items():
        assert record.id.startswith(f"{workload}-")
        assert record.id.endswith(f"-{model}-w{record.workers}@{label}")
        first = known_models()[model].python
        assert told(record) == ("raced" if version >= first else f"needs Python {dotted(first)}")


def told(record: Record) -> str:
    """Return whether a case raced in its launch, or why not."""
    if record.status is Status.OK:
        return "raced" if [bool(each.rounds_ns) for each in record.launches] == [True] else "lost"
    return record.reason


def dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))
