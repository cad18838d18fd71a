"""Whether two runs of one machine's name were measured on the same host, in the same state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.differences import differences
from raceway.analysis.comparison.host import (
    differing_facts,
    hosts_of,
)
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.samples import Side
from raceway.record import HostState
from support.hosts import HOST, OTHER_HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row
    from raceway.record import Launch, Record, Run
    from support.synthetic import MakeRecord, MakeSide


ANCHOR_S = 0.0002


@pytest.fixture
def beside_a_loop(
    record: MakeRecord, anchored: Callable[..., list[Launch]]
) -> Callable[..., Record]:
    """Return a factory of a case that computes, with an anchor of so many seconds beside it."""

    def make(passes_s: Sequence[float], anchor_s: float = ANCHOR_S, **fields: Any) -> Record:
        return record(launches=anchored(passes_s, [anchor_s] * len(passes_s)), **fields)

    return make


@pytest.fixture
def compared(
    beside_a_loop: Callable[..., Record], run: Callable[..., Run], steady: list[float]
) -> Callable[..., Comparison]:
    """Return a function that compares a case with itself on two hosts, B slower by a factor."""

    def compare(
        a: HostState | None,
        b: HostState | None,
        *,
        factor: float = 1.0,
        anchor: float = 1.0,
        kind: str = "cpu",
        **fields: Any,
    ) -> Comparison:
        slower = [factor * each for each in steady]
        records = (
            beside_a_loop(steady, kind=kind),
            beside_a_loop(slower, anchor * ANCHOR_S, kind=kind),
        )
        runs = [
            run([each], run_id=run_id, host=host, **fields)
            for each, run_id, host in zip(records, "ab", (a, b), strict=True)
        ]
        return compare_sides(Side("a", [runs[0]]), Side("b", [runs[1]]))

    return compare


def row_of(comparison: Comparison) -> Row:
    (row,) = comparison.rows
    return row


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("stepping", "25-17-2", "stepping"),
        ("microcode", "0x1", "microcode"),
        ("microcode", "", "microcode"),
        ("caches", "L1d 48K", "caches"),
        ("frequency_mhz", 3000.0, "frequency"),
        ("frequency_mhz", None, "frequency"),
        ("memory_bytes_per_s", 8e9, "memory speed"),
        ("memory_bytes_per_s", 0.0, "memory speed"),
        ("timer_wake_s", 160e-6, "timers"),
        ("pipe_wake_s", None, "pipes"),
        ("pipe_wake_s", 200e-6, "pipes"),
    ],
)
def test_a_fact_beyond_its_tolerance_or_not_known_on_one_side_makes_another_host(
    fact: str, value: object, words: str
) -> None:
    other = msgspec.structs.replace(HOST, **{fact: value})

    assert differing_facts(HOST, other) == differing_facts(other, HOST) == [words]


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("frequency_mhz", 2600.0),
        ("memory_bytes_per_s", 15e9),
        ("timer_wake_s", 90e-6),
        ("pipe_wake_s", 30e-6),
        ("pipe_wake_s", 9e-6),
        ("memory_bytes_per_s", 12e9),
    ],
)
def test_a_fact_within_its_tolerance_makes_no_other_host(fact: str, value: object) -> None:
    assert differing_facts(HOST, msgspec.structs.replace(HOST, **{fact: value})) == []


def test_what_neither_side_knows_makes_no_other_host() -> None:
    assert differing_facts(HostState(), HostState()) == []


def test_wake_ups_of_a_few_microseconds_may_differ_by_any_ratio() -> None:
    quick, quicker = (HostState(pipe_wake_s=wake_s) for wake_s in (9e-6, 3e-6))

    assert differing_facts(quick, quicker) == []


def test_the_same_host_is_compared_by_absolute_times(compared: Callable[..., Comparison]) -> None:
    row = row_of(compared(HOST, HOST, factor=1.3))

    assert (row.verdict, row.matchup.normalisation) == ("slower", Normalisation.ANCHOR)


def test_on_another_host_nothing_is_told_of_absolute_times(
    compared: Callable[..., Comparison],
) -> None:
    row = row_of(compared(HOST, OTHER_HOST, factor=1.3))

    assert (row.verdict, row.estimate) == ("unclear", None)
    assert row.reason.startswith("another host (microcode): ")


def test_another_host_says_how_much_slower_the_machine_itself_ran(
    compared: Callable[..., Comparison],
) -> None:
    row = row_of(compared(HOST, OTHER_HOST, factor=1.9, anchor=1.9))

    assert row.reason == (
        "another host (microcode, bytecode loop): the machine itself ran 1.9× slower;"
        " a duel would tell"
    )


def test_another_host_may_have_run_faster(compared: Callable[..., Comparison]) -> None:
    row = row_of(compared(HOST, OTHER_HOST, factor=0.5, anchor=0.5))

    assert "the machine itself ran 2× faster; a duel would tell" in row.reason


def test_a_run_that_tells_nothing_of_its_host_is_of_another_than_one_that_does(
    compared: Callable[..., Comparison],
) -> None:
    for pair in ((None, HOST), (HOST, None)):
        row = row_of(compared(*pair, factor=1.3))

        assert row.verdict == "unclear"
        assert "another host (not known of one run)" in row.reason


def test_runs_of_schema_1_that_know_nothing_of_hosts_compare_as_before(
    compared: Callable[..., Comparison],
) -> None:
    row = row_of(compared(None, None, factor=2.6, anchor=2.0))

    assert (row.verdict, row.matchup.normalisation) == ("slower", Normalisation.ANCHOR)
    assert row.estimate
    assert row.estimate.centre == pytest.approx(1.3, abs=0.001)


def test_a_reference_loop_serves_bytecode_only(compared: Callable[..., Comparison]) -> None:
    row = row_of(compared(HOST, HOST, factor=1.3, kind="tensor"))

    assert row.matchup.normalisation is Normalisation.RAW


def test_a_machine_in_another_phase_of_speed_is_another_host(
    compared: Callable[..., Comparison],
) -> None:
    row = row_of(compared(HOST, HOST, factor=1.3, anchor=1.3))

    assert row.reason.startswith(
        "another state of the host (bytecode loop): the machine itself ran 1.3× slower"
    )


def test_a_loop_near_its_level_takes_the_drift_away(compared: Callable[..., Comparison]) -> None:
    row = row_of(compared(HOST, HOST, factor=1.06, anchor=1.06))

    assert row.estimate
    assert row.estimate.centre == pytest.approx(1.0, abs=0.001)


def test_the_sides_of_a_duel_are_always_of_one_host(compared: Callable[..., Comparison]) -> None:
    row = row_of(compared(HOST, OTHER_HOST, factor=1.3, anchor=1.3, duel="d"))

    assert row.verdict == "slower"


def test_the_loops_of_another_interpreter_tell_nothing_of_the_host(
    beside_a_loop: Callable[..., Record], side: MakeSide, steady: list[float]
) -> None:
    a = side([beside_a_loop(steady)], "A", host=HOST)
    b = side([beside_a_loop(steady, 2 * ANCHOR_S)], "B", host=HOST, version="3.14.0")

    assert not hosts_of(a, b).differ


def test_cases_raced_on_one_side_only_do_not_shift_the_level_of_a_loop(
    beside_a_loop: Callable[..., Record], side: MakeSide, steady: list[float]
) -> None:
    shared = beside_a_loop(steady)
    a = side([shared], "A", host=HOST)
    b = side([shared, beside_a_loop(steady, 2 * ANCHOR_S, model="pool")], "B", host=HOST)

    assert hosts_of(a, b).ratios == {Normalisation.ANCHOR: 1.0}


def test_what_tells_hosts_apart_is_among_the_differences(run: Callable[..., Run]) -> None:
    before, after = (run(host=host).header for host in (HOST, OTHER_HOST))

    (found,) = differences(before, after, (None, None))

    assert (found.what, found.before, found.after) == ("microcode", "0x1000065", "0x1000070")


def test_a_run_from_before_hosts_were_noted_differs_in_no_fact_of_them(
    run: Callable[..., Run],
) -> None:
    before, after = (run(host=host).header for host in (None, HOST))

    assert differences(before, after, (None, None)) == []
