"""Which cases another state of the host keeps from a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.comparison.host import LOOPS, UNKNOWN_SPEED, Hosts, differences_of
from raceway.analysis.comparison.normalisation import Normalisation
from support.hosts import HOST, OTHER_HOST

if TYPE_CHECKING:
    from support.synthetic import MakeRecord

ONE_FACT = {
    "memory speed": msgspec.structs.replace(HOST, memory_bytes_per_s=60e9),
    "timers": msgspec.structs.replace(HOST, timer_wake_s=200e-6),
    "pipes": msgspec.structs.replace(HOST, pipe_wake_s=300e-6),
}


@pytest.mark.parametrize(
    ("fact", "case", "touched"),
    [
        ("timers", {"kind": "io"}, True),
        ("timers", {"kind": "cpu"}, False),
        ("pipes", {"kind": "io", "family": "threads"}, False),
        ("pipes", {"kind": "io", "family": "processes"}, True),
        ("pipes", {"kind": "cpu", "family": "engines"}, True),
        ("memory speed", {"kind": "cpu"}, False),
        ("memory speed", {"kind": "tensor"}, True),
    ],
)
def test_a_state_of_the_host_keeps_only_those_from_a_verdict_that_depend_on_it(
    record: MakeRecord, fact: str, case: dict[str, str], *, touched: bool
) -> None:
    hosts = Hosts(differences_of(HOST, ONE_FACT[fact]))
    doubt = hosts.doubt(record(**case), 0.0)

    assert doubt == (f"another state of the host ({fact}); a duel would tell" if touched else "")
    assert not hosts.reason


def test_cores_that_ran_slower_together_concern_what_keeps_several_busy(
    record: MakeRecord,
) -> None:
    hosts = Hosts([LOOPS[Normalisation.PARALLEL]], {Normalisation.PARALLEL: 1.2})
    case = record(kind="cpu")

    assert hosts.doubt(case, 2.0) == (
        "another state of the host (parallel loop): the machine itself ran 1.2× slower;"
        " a duel would tell"
    )
    assert hosts.doubt(case, 1.0) == ""


@pytest.mark.parametrize(("cores", "touched"), [(0.02, False), (0.6, True)])
def test_a_slower_core_concerns_waiting_that_computes_most_of_its_time(
    record: MakeRecord, cores: float, *, touched: bool
) -> None:
    hosts = Hosts([LOOPS[Normalisation.ANCHOR]], {Normalisation.ANCHOR: 1.3})

    assert bool(hosts.doubt(record(kind="io"), cores)) is touched


def test_where_no_loop_tells_the_speed_waiting_that_computes_waits_for_a_duel(
    record: MakeRecord,
) -> None:
    hosts = Hosts([UNKNOWN_SPEED], known=True)

    assert hosts.doubt(record(kind="io"), 0.6) == (
        "another state of the host (speed not known of both runs); a duel would tell"
    )
    assert hosts.doubt(record(kind="io"), 0.02) == ""
    assert hosts.doubt(record(kind="cpu"), 1.0) == ""


def test_another_host_concerns_every_case(record: MakeRecord) -> None:
    hosts = Hosts(differences_of(HOST, OTHER_HOST))

    assert hosts.doubt(record(kind="io"), 0.0) == hosts.reason != ""
