"""What cannot be is not said: it is named with a question, and decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.run.advice import Choice, advice_of
from raceway.analysis.run.claim import ClaimResult
from raceway.analysis.run.claims import claims_of
from raceway.analysis.run.plausible import is_too_good, why_too_good
from raceway.analysis.run.ranking import AnswerKind, answers_of
from raceway.analysis.run.results import results_of
from raceway.report.run.sentences import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.run.results import Result
    from raceway.record import Run
    from support.synthetic import MakeRecord, Results


STEADY = [1.0, 1.001, 0.999, 1.0005, 0.9995]


def test_a_task_that_changes_its_argument_is_asked_about(
    results: Results, record: MakeRecord
) -> None:
    _, pool = results(record("serial", STEADY), record("pool", [each / 150 for each in STEADY]))

    assert is_too_good(pool)
    assert why_too_good(pool) == "does a task change its argument, or keep answers?"


def test_waits_that_are_shorter_than_declared_are_asked_about(
    results: Results, record: MakeRecord
) -> None:
    passes_s = [0.02 * each for each in STEADY]
    (loop,) = results(record("asyncio", passes_s, kind="io", shortest_wait_s=0.06))

    assert is_too_good(loop)
    assert why_too_good(loop).startswith("is wait_s right?")


def test_a_task_said_to_compute_that_waits_is_asked_about(
    results: Results, record: MakeRecord
) -> None:
    serial = record("serial", STEADY)
    idle = [msgspec.structs.replace(each, cpu_s=0.01) for each in serial.launches]
    _, loop = results(
        msgspec.structs.replace(serial, launches=idle),
        record("asyncio", [each / 9.8 for each in STEADY]),
    )

    assert is_too_good(loop)
    assert why_too_good(loop) == "does it wait? then declare kind=Kind.IO"


def test_a_task_that_waits_for_a_fifth_of_its_time_does_not_only_compute(
    results: Results, record: MakeRecord
) -> None:
    def group(computing: float) -> list[Result]:
        serial = record("serial", STEADY)
        launches = [
            msgspec.structs.replace(each, cpu_s=computing * sum(each.rounds_ns) / 1e9, queue_s=0.0)
            for each in serial.launches
        ]
        return results(
            msgspec.structs.replace(serial, launches=launches),
            record("threads", [each / 1.2 for each in STEADY]),
        )

    assert [is_too_good(each) for each in group(0.81)] == [False, False]
    for each in group(0.7):
        assert is_too_good(each)
        assert why_too_good(each) == (
            "declared as computing, but it waits 30% of its time: declare kind=Kind.IO"
        )


def test_computing_that_waits_shows_nothing_of_claims(
    run: Callable[..., Run], record: MakeRecord
) -> None:
    waiting = [
        msgspec.structs.replace(each, cpu_s=0.01, queue_s=0.0)
        for each in record("serial", [1.0]).launches
    ]
    once = run([
        msgspec.structs.replace(record("serial", [1.0]), launches=waiting),
        msgspec.structs.replace(record("asyncio", [1.0]), launches=waiting),
    ])  # fmt: skip

    assert {each.finding for each in claims_of(once, results_of(once))} == {ClaimResult.UNTESTED}


def test_a_task_that_was_kept_from_the_cpu_is_not_said_to_wait(
    results: Results, record: MakeRecord
) -> None:
    serial = record("serial", STEADY)
    queued = [msgspec.structs.replace(each, cpu_s=0.3, queue_s=2.7) for each in serial.launches]
    _, loop = results(
        msgspec.structs.replace(serial, launches=queued),
        record("asyncio", [each / 1.3 for each in STEADY]),
    )

    assert loop.serial_cores is not None
    assert loop.serial_cores > 0.9
    assert not is_too_good(loop)


def test_one_launch_is_impossible_only_beyond_any_scatter(
    results: Results, record: MakeRecord
) -> None:
    _, lucky, absurd = results(
        record("serial", [1.0]), record("asyncio", [1 / 1.5]), record("threads", [1 / 150])
    )

    assert not is_too_good(lucky)
    assert is_too_good(absurd)


def test_more_operations_than_the_measured_peak_are_asked_about(
    run: Callable[..., Run], record: MakeRecord
) -> None:
    from raceway.record import Peak  # noqa: PLC0415 (here alone)

    peak = Peak(device="cpu", interpreter="current", precision="fp32", flops_per_s=1e9,
                bytes_per_s=1e9, workers=2)  # fmt: skip
    torch = record("torch", STEADY, kind="tensor", flops=6e9)
    (result,) = results_of(run([torch], peaks=[peak]))

    assert is_too_good(result)
    assert why_too_good(result).startswith("are flops and moved_bytes right?")


@pytest.mark.parametrize("model", ["serial", "pool"])
def test_what_was_declared_and_found_false_is_said_of_all_that_rests_on_it(
    results: Results, record: MakeRecord, model: str
) -> None:
    raced = {name: record(name, STEADY) for name in ("serial", "pool", "threads")}
    first, *others = raced[model].launches
    found = msgspec.structs.replace(first, contradiction="a task changed its argument: mend it")
    raced[model] = msgspec.structs.replace(raced[model], launches=[found, *others])
    doubted = [each for each in results(*raced.values()) if is_too_good(each)]

    rests_on_it = {"serial": ["serial", "pool", "threads"], "pool": ["pool"]}
    assert [each.record.model for each in doubted] == rests_on_it[model]
    assert {why_too_good(each) for each in doubted} == {"a task changed its argument: mend it"}


def test_a_peak_that_was_measured_too_low_is_raised_by_what_was_done(
    run: Callable[..., Run], record: MakeRecord
) -> None:
    from raceway.record import Peak  # noqa: PLC0415 (as above)

    peak = Peak(device="cpu", interpreter="current", precision="fp32", flops_per_s=0.4e9,
                bytes_per_s=1e9, workers=2)  # fmt: skip
    raced = [
        record("serial", STEADY, kind="tensor", flops=0.5e9, workers=1),
        record("torch", [each / 1.8 for each in STEADY], kind="tensor", flops=0.5e9),
    ]
    serial, torch = results_of(run(raced, peaks=[peak]))

    assert [is_too_good(each) for each in (serial, torch)] == [False, False]
    assert serial.share_of_limit == pytest.approx(1.0)
    assert torch.share_of_limit == pytest.approx(0.9, rel=0.01)


def test_where_serial_itself_did_more_than_can_be_it_has_not_won(
    run: Callable[..., Run], record: MakeRecord
) -> None:
    from raceway.record import Peak  # noqa: PLC0415 (as above)

    peak = Peak(device="cpu", interpreter="current", precision="fp32", flops_per_s=1e9,
                bytes_per_s=1e9, workers=2)  # fmt: skip
    raced = [
        record("serial", STEADY, kind="tensor", flops=9e9),
        record("pool", [each * 4 for each in STEADY], kind="tensor", flops=9e9),
        record("threads", [each * 3 for each in STEADY], kind="tensor", flops=9e9),
    ]
    (answer,) = answers_of(results_of(run(raced, peaks=[peak])))

    assert [each.record.model for each, _ in answer.left_out] == ["serial"]
    assert answer.outcome is AnswerKind.UNCLEAR
    assert str(sentence(answer, lambda record: record.model))


@pytest.mark.parametrize("share", [0.9, 1.0, 1.03])
def test_a_share_within_what_is_known_of_limits_is_taken_at_its_word(
    results: Results, record: MakeRecord, share: float
) -> None:
    _, pool = results(
        record("serial", STEADY), record("pool", [each / 2 / share for each in STEADY])
    )

    assert not is_too_good(pool)


def test_what_cannot_be_wins_nothing_and_is_named(results: Results, record: MakeRecord) -> None:
    (answer,) = answers_of(results(
        record("serial", STEADY),
        record("pool", [each / 1.8 for each in STEADY]),
        record("threads", [each / 74 for each in STEADY]),
    ))  # fmt: skip

    assert [each.record.model for each in answer.winners] == ["pool"]
    assert [each.record.model for each, _ in answer.left_out] == ["threads"]


def test_where_all_that_is_not_serial_cannot_be_nothing_is_advised_or_claimed(
    run: Callable[..., Run], record: MakeRecord
) -> None:
    one = run([record("serial", STEADY), record("pool", [each / 74 for each in STEADY])])
    (answer,) = answers_of(results_of(one))
    (advice,) = advice_of(results_of(one))

    assert answer.outcome is AnswerKind.UNCLEAR
    assert answer.doubts == ("does a task change its argument, or keep answers?",)
    assert advice.choice is Choice.UNCLEAR
    assert {each.finding for each in claims_of(one, results_of(one))} == {ClaimResult.UNTESTED}


def test_more_cores_than_there_are_do_not_raise_the_limit(
    results: Results, record: MakeRecord
) -> None:
    _, pool = results(
        record("serial", STEADY), record("pool", [each / 1.8 for each in STEADY]), capacity=2.9
    )

    assert not pool.conditions.is_capacity_credible
    assert pool.share_of_capacity == pytest.approx(0.9, rel=0.01)
