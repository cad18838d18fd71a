"""What is advised for a workload."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.analysis.run.advice import Advice, Choice, advice_of
from raceway.record import Grade, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from support.synthetic import MakeRecord, Results


MIB = 2**20
SIZES = {"100": 0.01, "1000": 0.1, "4000": 1.0}


@pytest.fixture
def advised(
    results: Results, record: MakeRecord, steady: list[float], launch: Callable[..., object]
) -> Callable[..., list[Advice]]:
    """Return what is advised where models cost so many seconds and gain so much at best."""

    def advise(
        models: Mapping[str, tuple[float, float]],
        cold_s: float = 0.0,
        memory: int = 50,
        **fields: str,
    ) -> list[Advice]:
        records = []
        for size, serial_s in SIZES.items():
            for model, (cost_s, best) in {"serial": (0.0, 1.0), **models}.items():
                pass_s = cost_s + serial_s / best
                other = model != "serial"
                launches = [
                    launch(index, pass_s * each,
                           cold_s=pass_s + cold_s * other,
                           peak_memory_bytes=(memory if other else 20) * MIB)
                    for index, each in enumerate(steady)
                ]  # fmt: skip
                records.append(
                    record(model, size=size, launches=launches, workers=2 if other else 1)
                )
        return advice_of(results(*records, **fields))

    return advise


def test_the_winner_at_the_largest_size_is_advised(advised: Callable[..., list[Advice]]) -> None:
    (one,) = advised({"pool": (0.05, 1.9), "threads": (0.001, 1.0)})

    assert one.choice is Choice.USE
    assert one.pick
    assert (one.pick.record.model, one.pick.record.size) == ("pool", "4000")


def test_of_those_that_tie_the_one_that_is_best_at_smaller_sizes_is_advised(
    advised: Callable[..., list[Advice]],
) -> None:
    (one,) = advised({"processes-spawn": (0.06, 2.0), "pool": (0.001, 1.785)})

    assert one.pick
    assert one.pick.record.model == "pool"
    assert [each.record.model for each in one.as_fast] == ["processes-spawn"]


def test_what_is_not_shown_to_pay_at_a_smaller_size_is_not_beaten_there(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    shaky = [0.2, 2.0, 0.25, 1.9, 0.5]
    raced = [
        record(model, [factor * each for each in passes], size=size)
        for size, serial_s in SIZES.items()
        for model, factor, passes in (
            ("serial", serial_s, steady),
            ("threads", serial_s, shaky if size == "1000" else [each / 1.905 for each in steady]),
            ("pool", serial_s / (1.2 if size == "100" else 1.9), steady),
        )
    ]

    (one,) = advice_of(results(*raced))

    assert one.pick
    assert one.pick.record.model == "threads"


def test_what_gains_nothing_stays_serial(advised: Callable[..., list[Advice]]) -> None:
    (one,) = advised({"threads": (0.002, 1.0)})

    assert (one.choice, one.pick) == (Choice.SERIAL, None)


def test_noise_that_was_there_for_all_makes_no_advice_unclear(
    advised: Callable[..., list[Advice]],
) -> None:
    (one,) = advised({"pool": (0.05, 1.9)}, grade=Grade.NOISY)

    assert one.choice is Choice.USE


def test_what_is_better_at_smaller_sizes_is_told_beside_the_advice(
    advised: Callable[..., list[Advice]],
) -> None:
    (one,) = advised({"processes-spawn": (0.08, 2.0), "pool": (0.001, 1.4)})

    assert one.pick
    assert one.pick.record.model == "processes-spawn"
    assert one.sooner
    assert one.sooner.largest.record.model == "pool"


def test_of_a_family_the_model_that_pays_from_the_smallest_size_is_told(
    advised: Callable[..., list[Advice]],
) -> None:
    (one,) = advised({"processes-spawn": (0.06, 2.0), "pool": (0.004, 1.6)})
    (other,) = advised({"processes-spawn": (0.08, 1.9), "pool": (0.004, 2.0)})

    assert [each.pick and each.pick.record.model for each in (one, other)] == [
        "processes-spawn", "pool",
    ]  # fmt: skip
    assert [each.first and each.first.largest.record.model for each in (one, other)] == [
        "pool", "pool",
    ]  # fmt: skip


def test_a_start_costs_what_the_first_answer_took_beyond_a_pass(
    advised: Callable[..., list[Advice]],
) -> None:
    (one,) = advised({"pool": (0.05, 1.9)}, cold_s=0.03)

    assert one.start_s == pytest.approx(0.03, rel=0.01)


def test_a_worker_costs_its_share_of_the_memory_beyond_serial(
    advised: Callable[..., list[Advice]],
) -> None:
    (one,) = advised({"pool": (0.05, 1.9)}, memory=60)

    assert one.worker_bytes == pytest.approx(20 * MIB)


def test_each_interpreter_is_advised_apart(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    raced = [
        record(model, [factor * each for each in steady], interpreter=interpreter)
        for interpreter in ("3.13", "3.14")
        for model, factor in (("serial", 1.0), ("threads", 0.5 if interpreter == "3.14" else 1.0))
    ]

    advice = advice_of(results(*raced))

    assert [(each.interpreter, each.choice) for each in advice] == [
        ("3.13", Choice.SERIAL), ("3.14", Choice.USE),
    ]  # fmt: skip


def test_a_single_model_advises_nothing(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    assert advice_of(results(record("serial", steady))) == []


def test_failures_advise_nothing(results: Results, record: MakeRecord) -> None:
    assert advice_of(results(record("pool", status=Status.FAILED, reason="boom"))) == []


def test_without_serial_the_fastest_is_advised(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    half = [each / 2 for each in steady]
    (one,) = advice_of(results(record("threads", steady), record("pool", half)))

    assert one.pick
    assert one.pick.record.model == "pool"


def test_a_size_that_only_a_gpu_ran_does_not_hide_what_pays_below(
    results: Results, record: MakeRecord, steady: list[float]
) -> None:
    work = {"workload": "matmul", "kind": "tensor"}
    (one,) = advice_of(results(
        record("serial", steady, size="1", flops=1e9, **work),
        record("cuda", [each / 9 for each in steady], size="1", flops=1e9, device="cuda:0", **work),
        record("cuda", steady, size="2", flops=1e11, device="cuda:0", **work),
    ))  # fmt: skip

    assert one.pick
    assert (one.pick.record.model, one.pick.record.size) == ("cuda", "1")
    assert one.as_fast == ()


@pytest.mark.parametrize("launches", [1, 5])
def test_a_size_that_several_gpu_models_ran_does_not_hide_what_pays_below(
    results: Results, record: MakeRecord, steady: list[float], launches: int
) -> None:
    work = {"workload": "matmul", "kind": "tensor"}
    gpu = {**work, "device": "cuda:0"}
    (one,) = advice_of(results(
        record("serial", steady, size="1", flops=1e9, **work),
        record("cuda", [each / 9 for each in steady], size="1", flops=1e9, **gpu),
        record("cuda-graph", [each / 7 for each in steady], size="1", flops=1e9, **gpu),
        record("cuda", steady[:launches], size="2", flops=1e11, **gpu),
        record("cuda-graph", [each / 2 for each in steady[:launches]], size="2", flops=1e11, **gpu),
    ))  # fmt: skip

    assert one.pick
    assert (one.pick.record.model, one.pick.record.size) == ("cuda", "1")


@pytest.mark.parametrize("failed", [False, True])
def test_advice_is_of_a_size_that_has_a_winner(
    results: Results, record: MakeRecord, steady: list[float], *, failed: bool
) -> None:
    waits = {"workload": "nap", "kind": "io", "tasks": 4}
    larger = {"tasks": 8} if failed else {}
    broken = {"status": Status.FAILED, "reason": "x", "launches": []} if failed else {}
    (one,) = advice_of(results(
        record("serial", steady, size="short", **waits),
        record("asyncio", [each / 4 for each in steady], size="short", **waits),
        record("serial", steady, size="long", **{**waits, **larger, **broken}),
        record("asyncio", [each / 4 for each in steady], size="long", **{**waits, **larger}),
    ))  # fmt: skip

    assert one.choice is Choice.USE
    assert one.pick
    assert one.pick.record.model == "asyncio"
