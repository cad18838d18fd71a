"""The answer of one group in one sentence."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.run.ranking import answers_of
from raceway.record import Peak, Status
from raceway.report.format.labels import Labels
from raceway.report.run.sentences import sentence, speedup_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.run.results import Result
    from raceway.record import Record, Run

STEADY = [1.0] * 5


@pytest.fixture
def say(run: Callable[..., Run], results: Callable[..., list[Result]]) -> Callable[..., str]:
    """Return what gives the sentence of the group that these records are."""

    def said(*records: Record, **conditions: object) -> str:
        (answer,) = answers_of(results(*records, **conditions))
        return sentence(answer, Labels(run(records))).plain

    return said


def test_a_winner_is_named_with_its_speedup_and_share_of_the_limit(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    pool = record("pool", [0.51, 0.52, 0.53, 0.52, 0.52], workers=2)

    assert say(record("serial", STEADY), pool) == (
        "primes-4000: pool 1.9×, 96 % of the limit; [1.88, 1.96] of serial; 250 ms a task"
    )


def test_a_computed_serial_is_said_to_be_computed(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    serial = record("serial", kind="io", computed_s=10.0)

    assert say(serial, record("asyncio", STEADY, kind="io")) == (
        "primes-4000: asyncio 10×; [9.91, 10.1] of serial (computed); 2.5 s a task"
    )


def test_what_holds_for_a_whole_family_is_said_first(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    tied = [record(f"processes-{how}", [0.5] * 5) for how in ("fork", "spawn")]

    assert say(record("serial", STEADY), record("pool", [0.6] * 5), *tied).startswith(
        "primes-4000: any process pool 2.0×, 1.6× at least, 100 % of the limit; processes-fork ["
    )


def test_that_the_best_is_not_known_is_said_last(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    tied = [record(model, [0.5] * 5) for model in ("pool", "threads")]

    assert say(record("serial", STEADY), *tied) == (
        "primes-4000: pool or threads 2.0×, 100 % of the limit; pool [1.96, 2.04] of serial;"
        " which is best is not known; 250 ms a task"
    )


def test_of_many_that_tie_the_rest_is_counted(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    tied = [record(model, [0.5] * 5) for model in "abcdef"]

    assert "a, b, c or 3 more 2.0×" in say(record("serial", STEADY), *tied)


def test_a_tie_of_interpreters_is_over_their_own_serial(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    here = [record("serial", STEADY), record("pool", [0.5] * 5)]
    there = [
        record("serial", [0.9] * 5, interpreter="3.15"),
        record("pool", [0.5] * 5, interpreter="3.15"),
    ]

    assert " of their serial; which is best is not known" in say(*here, *there)


def test_rivals_are_said_to_be_as_fast_perhaps(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    wild = record("fork", [0.6, 2.0, 0.5, 0.9, 0.55])

    said = say(record("serial", STEADY), record("pool", [0.5] * 5), wild)

    assert "; fork may be as fast;" in said


def test_where_nothing_beats_serial_the_next_best_is_told(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    slower = [record("pool", [4.0] * 5), record("threads", [1.25] * 5)]

    assert say(record("serial", STEADY), *slower) == (
        "primes-4000: serial; nothing beats it (threads 0.80×); 250 ms a task"
    )


def test_a_gain_too_small_to_pay_is_told(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert "serial; nothing beats it by 5 % (threads 1.03×)" in say(
        record("serial", STEADY), record("threads", [0.97] * 5)
    )


def test_serial_may_have_nobody_to_name_beside_it(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    both = [record("serial", STEADY), record("serial", [1.2] * 5, interpreter="3.14")]

    assert "serial @current; nothing beats it;" in say(*both)


def test_without_serial_the_fastest_is_compared_with_the_next(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("pool", [0.5] * 5), record("threads", STEADY)) == (
        "primes-4000: pool, 120 ms a task, 2.0× of threads [1.97, 2.03]; no serial to compare with"
    )


def test_without_serial_a_tie_of_all_is_compared_with_nobody(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("pool", STEADY), record("threads", STEADY)) == (
        "primes-4000: pool or threads, 250 ms a task; no serial to compare with"
    )


def test_an_unclear_group_says_why_and_what_was_seen(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", [1.0]), record("pool", [0.5])) == (
        "primes-4000: unclear, serial or pool: 2.00×; 1 launch: no interval; 250 ms a task"
    )


def test_an_unclear_group_without_serial_names_the_fastest(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("threads", [1.0]), record("pool", [0.4])) == (
        "primes-4000: unclear, pool 100 ms a task; 1 launch: no interval"
    )


def test_what_would_tell_is_said_with_how_long_it_takes(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    said = say(record("serial", STEADY), record("pool", [1.0, 0.8, 1.1, 0.85, 0.9]))

    assert re.search(r"; the interval is too wide; \d+ more launches would tell, \d+ s;", said)


def test_a_gain_that_would_not_be_shown_as_the_best_of_several_is_told_so(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    others = [record(model, STEADY) for model in ("threads", "asyncio", "processes-fork")]
    said = say(record("serial", STEADY), record("pool", [1.0, 0.9, 0.83]), *others)

    assert re.search(
        r"; (at least )?\[1\.\d+, 1\.\d+\] \(\[0\.\d+, 1\.\d+\] as the best of several\)", said
    )


def test_where_cores_were_taken_a_gain_is_said_to_be_at_least_that(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", STEADY), record("pool", [0.7] * 5), capacity=1.2) == (
        "primes-4000: pool 1.4×, 71 % of the limit; at least [1.40, 1.45] of serial;"
        " only 1.20 cores ran at once; 250 ms a task"
    )


def test_where_cores_were_taken_it_is_said_why_serial_is_not_shown_to_be_best(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", STEADY), record("pool", STEADY), capacity=1.2) == (
        "primes-4000: unclear, serial or pool: 1.00× [0.99, 1.01]; only 1.20 cores ran at once:"
        " measure again when the machine is idle; 250 ms a task"
    )


def test_what_cannot_be_is_named_without_its_figure(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    said = say(record("serial", STEADY), record("threads", [0.0136] * 5))

    assert said == (
        "primes-4000: unclear; left out as impossible: threads (does a task change its"
        " argument, or keep answers?); 250 ms a task"
    )


def test_impossible_cases_of_one_cause_are_named_together(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    cases = {"serial": "20.1", "threads": "20.4", "pool": "24", "asyncio": "20.2", "fork": "21"}
    records = [contradicted(record(model, STEADY), f"took {ms} ms") for model, ms in cases.items()]

    assert "; left out as impossible: all (took " in say(*records)


def contradicted(record: Record, how: str) -> Record:
    """Return the record with a declaration that its first launch contradicts."""
    first, *others = record.launches
    first = msgspec.structs.replace(first, contradiction=how)
    return msgspec.structs.replace(record, launches=[first, *others])


def test_a_single_task_is_said_to_tell_nothing(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", STEADY, tasks=1), record("pool", STEADY, tasks=1)) == (
        "primes-4000: one task, so nothing could run beside it; 1 s a task"
    )


def test_serial_alone_is_said_to_be_alone(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("serial", STEADY)) == "primes-4000: only serial was measured; 250 ms a task"


def test_another_model_alone_is_named_with_its_time(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    assert say(record("pool", STEADY)) == "primes-4000: only pool was measured, 250 ms a task"


@pytest.fixture
def on_gpu(record: Callable[..., Record]) -> Callable[..., Record]:
    """Return how to make a case of half a peak's speed, in a group that only a GPU ran."""
    return partial(record, device="cuda:0", kind="tensor", flops=5e8, workers=1, workload="matmul")


PEAK = Peak(
    device="cuda:0", interpreter="current", precision="fp32", flops_per_s=1e9, bytes_per_s=1e9
)


def test_a_model_alone_is_told_with_its_share_of_the_limit(
    say: Callable[..., str], on_gpu: Callable[..., Record]
) -> None:
    assert say(on_gpu("cuda", STEADY), peaks=[PEAK]) == (
        "matmul-4000: cuda, 50 % of the limit, 250 ms a task; nothing else was measured"
    )


def test_models_without_serial_are_told_with_the_share_of_the_best(
    say: Callable[..., str], on_gpu: Callable[..., Record]
) -> None:
    slower = [1.5 * each for each in STEADY]
    told = say(on_gpu("cuda", slower), on_gpu("cuda-graph", STEADY), peaks=[PEAK])

    assert told.startswith("matmul-4000: cuda-graph, 50 % of the limit, 250 ms a task, 1.5×")


def test_a_group_without_times_counts_what_became_of_its_cases(
    say: Callable[..., str], record: Callable[..., Record]
) -> None:
    failed = [record(model, status=Status.FAILED) for model in ("pool", "threads")]

    assert say(*failed, record("cuda", status=Status.SKIPPED)) == (
        "primes-4000: not measured (2 failed and 1 skipped)"
    )


def test_a_hopeless_speedup_has_no_interval(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> None:
    _, slow = results(record("serial", STEADY), record("spawn", [100.0] * 5))

    assert speedup_text(slow) == "0.010×"
