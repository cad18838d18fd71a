"""What people claim beyond the tutorial, put to runs in which it holds or does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.run.claim import Claim, ClaimResult
from raceway.analysis.run.claims import claims_of
from raceway.analysis.run.results import results_of
from support.synthetic import a_launch, a_record, a_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.record import Record, Run

STEADY = (1.0, 1.001, 0.999, 1.0005, 0.9995)
SMALL_TASKS = 20_000
"""In a pass of a second: 50 µs a task."""
HOLDS, FAILS, UNTESTED = ClaimResult.HOLDS, ClaimResult.FAILS, ClaimResult.UNTESTED


def case(model: str, pass_s: float = 1.0, **fields: Any) -> Record:
    """Return a case whose passes take so long."""
    return a_record(model, [pass_s * each for each in STEADY], **fields)


def claim_on(beginning: str, run: Run) -> Claim:
    """Return the claim that begins so."""
    return next(each for each in claims_of(run, results_of(run)) if each.text.startswith(beginning))


def claim_of(beginning: str, *records: Record) -> Claim:
    return claim_on(beginning, a_run(records))


def small(model: str, pass_s: float = 1.0, **fields: Any) -> Record:
    return case(model, pass_s, **{"tasks": SMALL_TASKS, **fields})


@pytest.mark.parametrize(("chunked", "single"), [
    ("pool", "pool-chunk1"), ("processes-chunked", "processes-fork"),
])  # fmt: skip
@pytest.mark.parametrize(("chunked_s", "single_s", "finding"), [
    (0.6, 3.0, HOLDS), (1.5, 3.0, FAILS), (0.6, 0.6, FAILS), (1.0, 1.02, FAILS),
])  # fmt: skip
def test_chunks_make_small_tasks_pay_if_they_do_and_single_tasks_do_not(
    chunked: str, single: str, chunked_s: float, single_s: float, finding: ClaimResult
) -> None:
    claim = claim_of(
        "Chunks", small("serial"), small(chunked, chunked_s), small(single, single_s)
    )  # fmt: skip

    assert claim.finding is finding
    assert [each.result.record.model for each in claim.evidence] == [chunked, single]


@pytest.mark.parametrize("tasks", [4, 1_000_000])
def test_tasks_that_are_not_small_say_nothing_of_chunks(tasks: int) -> None:
    claim = claim_of("Chunks", *(small(model, tasks=tasks)
                                 for model in ("serial", "pool", "pool-chunk1")))  # fmt: skip

    assert (claim.finding, claim.evidence) == (UNTESTED, ())
    assert claim.reason == "no tasks of 10 to 100 µs were raced both in chunks and one by one"


def test_the_smallest_size_decides_about_chunks() -> None:
    larger = {"size": "9000", "tasks": 12_000}
    claim = claim_of(
        "Chunks",
        small("serial"), small("pool", 0.6), small("pool-chunk1", 3.0),
        case("serial", **larger), case("pool", 0.5, **larger), case("pool-chunk1", 0.6, **larger),
    )  # fmt: skip

    assert claim.finding is HOLDS


@pytest.mark.parametrize(("uvloop_s", "finding"), [(0.6, HOLDS), (1.0, FAILS), (1.4, FAILS)])
def test_uvloop_is_faster_for_waiting_or_is_not(uvloop_s: float, finding: ClaimResult) -> None:
    waits = {"workload": "sleep", "kind": "io"}
    claim = claim_of("uvloop", case("asyncio", **waits), case("uvloop", uvloop_s, **waits))

    assert claim.finding is finding
    assert claim.evidence[0].value == pytest.approx(1 / uvloop_s, rel=1e-3)


def test_uvloop_is_compared_at_the_largest_size_that_asyncio_ran_too() -> None:
    waits = {"workload": "sleep", "kind": "io"}
    claim = claim_of(
        "uvloop",
        case("asyncio", size="10", **waits), case("uvloop", 0.9, size="10", **waits),
        case("asyncio", size="100", **waits), case("uvloop", 0.5, size="100", **waits),
        case("uvloop", 0.5, size="1000", **waits),
    )  # fmt: skip

    assert [each.result.record.size for each in claim.evidence] == ["100"]


@pytest.mark.parametrize(("pass_s", "finding"), [(0.55, HOLDS), (1.01, FAILS)])
def test_threads_pay_for_c_that_releases_the_gil_or_do_not(
    pass_s: float, finding: ClaimResult
) -> None:
    releasing = {"workload": "digest", "releases_gil": True}
    claim = claim_of(
        "Threads pay", case("serial", **releasing), case("threads", pass_s, **releasing)
    )

    assert claim.finding is finding


def test_work_that_holds_the_gil_says_nothing_of_c_that_releases_it() -> None:
    claim = claim_of("Threads pay", case("serial"), case("threads", 0.5))

    assert (claim.finding, claim.evidence) == (UNTESTED, ())


def opened(model: str, starts_s: Sequence[float]) -> Record:
    """Return a case that took so long to start in each launch."""
    launches = [
        a_launch(index, 0.01, cold_s=0.01 + start_s) for index, start_s in enumerate(starts_s)
    ]
    return a_record(model, launches=launches, interpreter="3.14")


SPAWNED = (0.07, 0.071, 0.069)
FORKED = (0.006, 0.0061, 0.0059)
IN_PROCESS = (0.034, 0.0341, 0.0339)


def test_interpreters_start_faster_than_processes_if_they_do() -> None:
    claim = claim_of(
        "Interpreters start", opened("interpreters", IN_PROCESS), opened("processes-spawn", SPAWNED)
    )

    assert claim.finding is HOLDS
    assert claim.evidence[0].value == pytest.approx(70 / 34, rel=0.01)


def test_forked_processes_that_start_faster_break_that_claim() -> None:
    claim = claim_of(
        "Interpreters start",
        opened("interpreters", IN_PROCESS),
        opened("processes-spawn", SPAWNED),
        opened("processes-fork", FORKED),
    )

    assert claim.finding is FAILS
    assert [each.agrees for each in claim.evidence] == [True, False]


def side_by_side(versions: dict[str, str], *records: Record) -> Run:
    """Return a run on interpreters of these versions; those whose label ends in t have no GIL."""
    run = a_run(records)
    environments = [
        msgspec.structs.replace(
            each,
            version=versions[each.label],
            free_threaded=each.label.endswith("t"),
            gil_enabled=not each.label.endswith("t"),
        )
        for each in run.header.environments
    ]
    header = msgspec.structs.replace(run.header, environments=environments)
    return msgspec.structs.replace(run, header=header)


def free_threading(versions: dict[str, str], cost: float) -> Claim:
    """Return the claim about free threading, where a single thread takes so many times as long."""
    return claim_on("Free", side_by_side(
        versions,
        *(case("serial", workload=work, interpreter=label, pass_s=cost if label[-1] == "t" else 1.0)
          for label in versions for work in ("primes", "json")),
    ))  # fmt: skip


SAME = {"3.14": "3.14.2", "3.14t": "3.14.2"}


def test_what_free_threading_costs_a_single_thread_is_told_in_percent() -> None:
    claim = free_threading(SAME, cost=1.08)

    assert (claim.text, claim.finding) == ("Free threading costs a single thread 8 %", HOLDS)
    assert [each.result.record.workload for each in claim.evidence] == ["primes", "json"]
    assert {each.result.record.interpreter for each in claim.evidence} == {"3.14t"}


def test_free_threading_that_costs_nothing_breaks_the_claim() -> None:
    claim = free_threading(SAME, cost=1.0)

    assert (claim.text, claim.finding) == ("Free threading costs a single thread time", FAILS)


def test_a_cost_that_is_not_told_from_nothing_is_untested() -> None:
    scattered = [0.7, 1.5, 0.9, 1.2, 1.1]
    records = [
        case("serial", interpreter="3.14"),
        a_record("serial", scattered, interpreter="3.14t"),
    ]
    claim = claim_on("Free", side_by_side(SAME, *records))

    assert (claim.finding, claim.reason) == (UNTESTED, "the interval is too wide")


def test_another_version_says_nothing_of_free_threading() -> None:
    claim = free_threading({"3.13": "3.13.0", "3.14t": "3.14.2"}, cost=1.3)

    assert claim.finding is UNTESTED
    assert claim.reason == "the same version with the GIL was not raced beside it"


def test_without_a_free_threaded_interpreter_its_cost_is_unknown() -> None:
    claim = free_threading({"3.13": "3.13.0", "3.14": "3.14.2"}, cost=1.0)

    assert (claim.finding, claim.reason) == (UNTESTED, "no free-threaded interpreter was raced")
