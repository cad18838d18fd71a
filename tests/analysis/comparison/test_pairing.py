"""The cases of two sides, and what the two are compared by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.pairing import Pairing
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Verdict
from raceway.record import Grade, Launch, Record, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.verdicts import Row
    from raceway.record import Machine, Run
    from support.synthetic import Compare, MakeRecord


ANCHOR_S = 0.0002
STEADY_ANCHORS = [ANCHOR_S] * 5
WILD_ANCHORS = [ANCHOR_S * factor for factor in (0.9, 1.1, 1.0, 0.8, 1.2)]
SCATTERED = [1.0, 1.05, 0.95, 1.02, 0.98]
"""As far as the machine itself makes launches of one run scatter."""
PARALLEL_NS = [1_000_000] * 3


def only(comparison: Comparison) -> Row:
    (row,) = comparison.rows
    return row


def longer(passes_s: Sequence[float], factor: float) -> list[float]:
    return [factor * each for each in passes_s]


@pytest.fixture
def anchored_record(
    record: MakeRecord, anchored: Callable[..., list[Launch]]
) -> Callable[..., list[Record]]:
    """Return a factory of a single case with an anchor beside each round."""

    def make(
        passes_s: Sequence[float], anchors_s: Sequence[float], cores: float = 1.0, **fields: Any
    ) -> list[Record]:
        launches = [
            msgspec.structs.replace(each, cpu_s=cores * sum(each.rounds_ns) / 1e9)
            for each in anchored(passes_s, anchors_s)
        ]
        return [record(fields.pop("model", "pool"), launches=launches, **fields)]

    return make


@pytest.fixture
def other_machine(run: Callable[..., Run]) -> Machine:
    return msgspec.structs.replace(run().header.machine, id="linux-aarch64-elsewhere")


def test_cases_come_in_the_order_of_b_then_of_a(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    one, two, three = (record(name, steady, id=name) for name in ("one", "two", "three"))

    assert [row.case for row in comparison([one, two], [three, two]).rows] == [
        "three", "two", "one",
    ]  # fmt: skip


def test_a_case_never_measured_is_left_out(comparison: Compare, record: MakeRecord) -> None:
    skipped = record("pool", status=Status.SKIPPED, reason="no cuda device")

    assert comparison([skipped], [skipped]).rows == []


def test_a_computed_time_is_left_out(comparison: Compare, record: MakeRecord) -> None:
    computed = record("serial", kind="io", computed_s=10.0)

    assert comparison([computed], [computed]).rows == []


def test_a_case_that_one_side_does_not_know_is_missing(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    assert only(comparison([record("pool", steady)], [])).verdict is Verdict.MISSING


def test_a_case_that_failed_on_b_is_missing_with_its_reason(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    failed = record("pool", steady, status=Status.FAILED, reason="a wrong answer")

    assert only(comparison([record("pool", steady)], [failed])).reason == "failed: a wrong answer"


def test_a_case_that_failed_on_a_is_new_with_its_reason(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    failed = record("pool", status=Status.FAILED, reason="a wrong answer")
    row = only(comparison([failed], [record("pool", steady)]))

    assert (row.verdict, row.reason) == (Verdict.NEW, "failed: a wrong answer")


def test_a_side_that_does_not_know_a_case_takes_no_time_from_the_other(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    assert only(comparison([record("pool", steady)], [])).matchup.b.pass_s is None


def test_a_side_measured_in_noise_alone_is_too_noisy(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    both = [record("pool", steady, kind="io")]

    assert only(comparison(both, both, b_grade=Grade.NOISY)).reason == "too noisy"


@pytest.mark.parametrize("kind", ["cpu", "tensor", ""])
def test_computing_measured_apart_without_an_anchor_may_have_drifted(
    comparison: Compare, record: MakeRecord, steady: list[float], kind: str
) -> None:
    row = only(
        comparison(
            [record("pool", steady, kind=kind)], [record("pool", longer(steady, 1.08), kind=kind)]
        )
    )

    assert row.reason == "a machine may drift by 10% between runs"


def test_waiting_does_not_drift(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    a, b = (record("threads", longer(steady, each), kind="io") for each in (1.0, 1.08))

    assert only(comparison([a], [b])).verdict is Verdict.SLOWER


def test_an_anchor_takes_the_drift_of_the_machine_away(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    a = anchored_record(steady, STEADY_ANCHORS)
    b = anchored_record(longer(steady, 1.08), longer(STEADY_ANCHORS, 1.08))

    assert only(comparison(a, b)).verdict is Verdict.SAME


def test_an_anchor_leaves_what_the_code_changed(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    a = anchored_record(steady, STEADY_ANCHORS)
    b = anchored_record(longer(steady, 1.08), STEADY_ANCHORS)

    assert only(comparison(a, b)).verdict is Verdict.SLOWER


def test_an_anchor_that_scatters_much_more_is_switched_off(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    both = anchored_record(steady, WILD_ANCHORS)

    assert only(comparison(both, both)).matchup.normalisation is Normalisation.RAW


def test_an_anchor_means_nothing_between_two_interpreters(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    both = anchored_record(steady, STEADY_ANCHORS)

    assert (
        only(comparison(both, both, b_version="3.14.0")).matchup.normalisation is Normalisation.RAW
    )


def lanes(
    make: Callable[..., list[Record]], passes_s: Sequence[float], *factors: float, **fields: Any
) -> list[Record]:
    """Return a lane for each factor by which its anchor takes longer than prior."""
    return [
        each
        for place, factor in enumerate(factors)
        for each in make(passes_s, longer(STEADY_ANCHORS, factor), model=f"m{place}", **fields)
    ]


def test_a_lane_whose_own_anchor_is_odd_goes_by_those_beside_it(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    a = lanes(anchored_record, steady, 1.0, 1.0, 1.0)
    b = lanes(anchored_record, steady, 1.05, 1.0, 1.0)

    assert comparison(a, b).rows[0].verdict is Verdict.SAME


def test_anchors_of_lanes_that_only_one_side_had_do_not_count(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    a = lanes(anchored_record, steady, 1.0, 1.0)
    b = lanes(anchored_record, steady, 1.0, 1.0, 1.05, 1.05)

    assert comparison(a, b).rows[0].verdict is Verdict.SAME


def test_anchors_of_lanes_that_failed_on_one_side_do_not_count(
    comparison: Compare, anchored_record: Callable[..., list[Record]], record: MakeRecord,
    steady: list[float],
) -> None:  # fmt: skip
    a = lanes(anchored_record, steady, 1.0, 1.0, 1.05, 1.05)
    failed = [record(each, status=Status.FAILED) for each in ("m2", "m3")]

    compared = comparison(a, [*lanes(anchored_record, steady, 1.0, 1.0), *failed])

    assert compared.rows[0].verdict is Verdict.SAME


def test_an_anchor_that_some_launches_lack_is_not_applied(
    comparison: Compare, record: MakeRecord, anchored: Callable[..., list[Launch]],
    launch: Callable[..., Launch], steady: list[float],
) -> None:  # fmt: skip
    whole = anchored(steady, STEADY_ANCHORS)
    a, b = (record("pool", launches=each) for each in (whole, [*whole[:4], launch(4, 1.0)]))

    assert only(comparison([a], [b])).matchup.normalisation is Normalisation.RAW


def test_each_model_of_each_kind_of_work_has_its_own_basis(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    calm = anchored_record(steady, STEADY_ANCHORS, model="serial")
    wild = anchored_record(steady, WILD_ANCHORS, model="processes", size="5000")

    assert [row.matchup.normalisation for row in comparison(calm + wild, calm + wild).rows] == [
        Normalisation.ANCHOR,
        Normalisation.RAW,
    ]


def test_a_case_without_counterpart_does_not_decide_the_basis(
    comparison: Compare, anchored_record: Callable[..., list[Record]], record: MakeRecord,
    steady: list[float],
) -> None:  # fmt: skip
    both = anchored_record(steady, STEADY_ANCHORS)
    lone = record("pool", steady, size="5000")

    assert comparison(both, [*both, lone]).rows[0].matchup.normalisation is Normalisation.ANCHOR


def test_work_on_several_cores_is_compared_by_the_parallel_anchor(
    comparison: Compare, anchored_record: Callable[..., list[Record]]
) -> None:
    both = anchored_record(SCATTERED, WILD_ANCHORS, cores=1.9)
    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is Normalisation.PARALLEL


@pytest.mark.parametrize(
    ("cores", "normalisation"), [(1.19, Normalisation.RAW), (1.21, Normalisation.PARALLEL)]
)
def test_the_parallel_anchor_is_for_cases_that_keep_more_than_a_core_busy(
    comparison: Compare,
    anchored_record: Callable[..., list[Record]],
    cores: float,
    normalisation: Normalisation,
) -> None:
    both = anchored_record(SCATTERED, WILD_ANCHORS, cores=cores)
    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is normalisation


def test_cores_that_are_not_known_rule_the_parallel_anchor_out(
    comparison: Compare, record: MakeRecord, anchored: Callable[..., list[Launch]]
) -> None:
    launches = anchored(SCATTERED, WILD_ANCHORS, cpu_s=None)
    both = [record("pool", launches=launches)]

    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is not Normalisation.PARALLEL


def test_the_parallel_anchor_means_nothing_to_another_controller(
    comparison: Compare, anchored_record: Callable[..., list[Record]]
) -> None:
    both = anchored_record(SCATTERED, WILD_ANCHORS, cores=1.9)
    row = only(comparison(both, both, parallel_anchors_ns=PARALLEL_NS, b_version="3.14.0"))

    assert row.matchup.normalisation is Normalisation.RAW


def test_a_run_from_before_parallel_anchors_is_compared_by_the_others(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    both = anchored_record(steady, STEADY_ANCHORS, cores=1.9)
    row = only(comparison(both, both, b_parallel_anchors_ns=PARALLEL_NS))

    assert row.matchup.normalisation is Normalisation.ANCHOR


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
    side: Callable[..., Side], record: MakeRecord, steady: list[float]
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
    side: Callable[..., Side], record: MakeRecord, steady: list[float]
) -> None:
    both = [record("serial", steady, device="cuda:0"), record("pool", steady)]

    assert (
        Normalisation.SERIAL
        not in Pairing.of(side(both), side(both)).of_a["primes-4000-pool-w1@"].logs
    )


TOGETHER = [1.0, 1.5, 0.7, 1.2, 0.9]
"""How long the machine took launch by launch: far more scatter than change."""


def test_launches_of_a_duel_are_compared_one_by_one(
    comparison: Compare, record: MakeRecord
) -> None:
    a, b = ([record("pool", longer(TOGETHER, each))] for each in (1.0, 1.05))

    assert only(comparison(a, b, duel="3f9a1c")).verdict is Verdict.SLOWER


def test_the_same_launches_measured_apart_cannot_tell(
    comparison: Compare, record: MakeRecord
) -> None:
    a, b = ([record("pool", longer(TOGETHER, each))] for each in (1.0, 1.05))

    assert only(comparison(a, b)).verdict is Verdict.UNCLEAR


def test_two_interpreters_of_one_run_are_compared_launch_by_launch(
    run: Callable[..., Run], record: MakeRecord
) -> None:
    both = run(
        [
            record("serial", longer(TOGETHER, factor), interpreter=label)
            for label, factor in (("3.13", 1.0), ("3.14", 1.05))
        ]
    )
    row = only(compare_sides(Side("3.13", [both], "3.13"), Side("3.14", [both], "3.14")))

    assert (row.case, row.verdict) == ("primes-4000-serial-w1", Verdict.SLOWER)


def test_sides_that_ran_together_can_be_shown_the_same(
    comparison: Compare, record: MakeRecord
) -> None:
    both = [record("pool", TOGETHER)]

    assert only(comparison(both, both, duel="3f9a1c")).verdict is Verdict.SAME


def test_sides_that_ran_together_need_no_anchor(
    comparison: Compare, anchored_record: Callable[..., list[Record]], steady: list[float]
) -> None:
    both = anchored_record(steady, STEADY_ANCHORS)

    assert only(comparison(both, both, duel="3f9a1c")).matchup.normalisation is Normalisation.RAW


def test_plain_benchmarks_are_compared_a_launch_a_run(run: Callable[..., Run]) -> None:
    def plain(label: str, medians_ns: Sequence[int]) -> Side:
        name = "bench/test_event_loop.py::test_gather"
        launches = [Launch(index=0, rounds_ns=[median_ns] * 5) for median_ns in medians_ns]
        records = [Record(id=name, fullname=name, launches=[each]) for each in launches]
        return Side(label, [run([each], run_id=f"{label}{at}") for at, each in enumerate(records)])

    a, b = plain("A", [1000, 1001, 999]), plain("B", [1300, 1301, 1299])

    assert only(compare_sides(a, b)).verdict is Verdict.SLOWER


def test_cases_of_a_model_steady_one_another(
    side: Callable[..., Side], record: MakeRecord, steady: list[float]
) -> None:
    cases = [record("pool", steady, size=str(size), kind="io") for size in range(4)]

    assert all(each.prior for each in Pairing.of(side(cases), side(cases)).matchups())


def test_cases_of_other_models_do_not_steady(
    side: Callable[..., Side], record: MakeRecord, steady: list[float]
) -> None:
    cases = [record(f"model-{number}", steady, kind="io") for number in range(8)]
    few = [record("pool", steady[:2], size=str(size), kind="io") for size in range(8)]

    matchups = Pairing.of(side([*cases, *few]), side([*cases, *few])).matchups()

    assert not any(each.prior for each in matchups)


def beside(case: list[Record], *others: Record) -> list[Record]:
    return [*case, *others]


@pytest.mark.parametrize(
    ("cores", "neighbours", "judged"),
    [(1.9, True, False), (1.9, False, True), (1.0, True, True)],
    ids=[
        "a pool in other neighbours",
        "a pool in the same neighbours",
        "one core in other neighbours",
    ],
)
def test_other_neighbours_in_its_group_shifts_a_pool(  # noqa: PLR0913, PLR0917 (three of them parameters)
    comparison: Compare,
    anchored_record: Callable[..., list[Record]],
    record: MakeRecord,
    steady: list[float],
    cores: float,
    neighbours: bool,  # noqa: FBT001 (a parameter)
    judged: bool,  # noqa: FBT001 (a parameter)
) -> None:
    threads, serial = record("threads", steady), record("serial", steady)
    before = beside(anchored_record(steady, STEADY_ANCHORS, cores), serial)
    after = beside(
        anchored_record(longer(steady, 1.08), STEADY_ANCHORS, cores),
        serial,
        *([threads] if neighbours else []),
    )
    row = next(
        row for row in comparison(before, after).rows if row.matchup.b.record.model == "pool"
    )

    assert (row.verdict is Verdict.SLOWER) is judged
    assert ("beside other models" in row.reason) is not judged


def test_a_case_that_was_alone_is_not_held_against_one_in_neighbours(
    comparison: Compare,
    anchored_record: Callable[..., list[Record]],
    record: MakeRecord,
    steady: list[float],
) -> None:
    alone = anchored_record(steady, STEADY_ANCHORS)
    after = beside(anchored_record(longer(steady, 1.08), STEADY_ANCHORS), record("serial", steady))
    row = next(row for row in comparison(alone, after).rows if row.matchup.b.record.model == "pool")

    assert row.verdict is Verdict.UNCLEAR
    assert "beside other models" in row.reason


def test_other_neighbours_does_not_shift_what_waits(
    comparison: Compare, record: MakeRecord, steady: list[float]
) -> None:
    before = [record("asyncio", steady, kind="io")]
    after = [
        record("asyncio", longer(steady, 1.08), kind="io"),
        record("serial", steady, kind="io"),
    ]
    row = next(
        row for row in comparison(before, after).rows if row.matchup.b.record.model == "asyncio"
    )

    assert row.verdict is Verdict.SLOWER


@pytest.mark.parametrize(
    ("digests", "reason"),
    [(("a", "b"), "the work differs"), (("a", "a"), ""), (("", "b"), "")],
    ids=["other work", "the same", "not known"],
)
def test_other_work_is_not_compared(
    comparison: Compare, record: MakeRecord, steady: list[float], digests: Any, reason: str
) -> None:
    sides = [[record("pool", steady, kind="io", work_digest=each)] for each in digests]
    row = only(comparison(*sides))

    assert row.reason == reason
    assert (row.verdict is Verdict.UNCLEAR) is bool(reason)
