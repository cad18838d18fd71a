"""The advice in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.results import results_of
from raceway.record import Engine
from raceway.report.format.labels import Labels
from raceway.report.run.advice import advice_texts
from support.synthetic import a_launch

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.record import Run
    from support.synthetic import MakeRecord, MakeRun


SERIAL_S = {"100": 0.01, "1000": 0.1, "4000": 1.0}


def told(run: Run) -> list[str]:
    return [text.plain for text in advice_texts(advice_of(results_of(run)), Labels(run))]


@pytest.fixture
def raced(run: MakeRun, record: MakeRecord, steady: list[float]) -> Callable[..., list[str]]:
    """Return the advice where a pool costs so much and gains so much at best."""

    def make(cost_s: float, best: float, **fields: object) -> list[str]:
        records = [
            record(model, [pass_s * each for each in steady], size=size, workers=workers)
            for size, serial_s in SERIAL_S.items()
            for model, workers, pass_s in (
                ("serial", 1, serial_s),
                ("pool", 2, cost_s + serial_s / best),
            )
        ]
        return told(run(records, **fields))

    return make


def test_the_figures_stand_first_and_what_they_rest_on_below(
    raced: Callable[..., list[str]],
) -> None:
    heading, line, behind = raced(0.05, 2.0)

    assert heading == "Advice"
    assert re.fullmatch(
        r"  primes: pool 1\.8×, from \d+ ms a task, \d+ % of the limit", line
    )  # fmt: skip
    assert re.match(r"    \[1\.\d+, 1\.\d+\] at size 4000; from \[\d+ ms, \d+ ms\]", behind)


def test_what_pays_everywhere_says_so(raced: Callable[..., list[str]]) -> None:
    assert "at every size, from 2.5 ms a task" in raced(0.0001, 1.9)[1]


def test_where_sizes_differ_by_their_bytes_it_pays_from_so_many(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    gains = {2**10: 0.5, 2**16: 1.8, 2**20: 1.9}
    line = told(run([
        record(model, [each / gain for each in steady], size=str(size), payload_bytes=4.0 * size)
        for size, gain in gains.items()
        for model, gain in (("serial", 1.0), ("threads", gain))
    ]))[1]  # fmt: skip

    assert re.search(r"threads 1\.9×, from \d+(\.\d)? KiB a task", line)


def test_sizes_that_serial_did_not_run_have_no_cost_to_begin_from(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    work: dict[str, Any] = {"workload": "matmul", "kind": "tensor"}
    line = told(run([
        record("serial", steady, size="1", flops=1e9, **work),
        record("cuda", [each / 9 for each in steady], size="1", flops=1e9, device="cuda:0", **work),
        record("cuda", steady, size="2", flops=1e11, device="cuda:0", **work),
    ]))[1]  # fmt: skip

    assert "at every size, from 250 ms a task" in line


def test_what_never_pays_stays_serial(raced: Callable[..., list[str]]) -> None:
    assert raced(0.02, 1.0)[1] == "  primes: stay serial: nothing ever pays here"


def test_what_may_pay_at_larger_sizes_is_named(raced: Callable[..., list[str]]) -> None:
    line = raced(1.2, 2.0)[1]

    assert line == (
        "  primes: stay serial: nothing pays at the sizes measured; pool may beyond them"
    )


def test_a_single_size_does_not_say_never(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    slower = [each * 70 for each in steady]

    line = told(run([record("serial", steady), record("pool", slower)]))[1]

    assert line == "  primes: stay serial: nothing pays at the only size measured"


def test_without_serial_there_is_nothing_to_begin_from(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    line = told(run([record("threads", steady), record("pool", [each / 2 for each in steady])]))[1]

    assert line.startswith("  primes: pool fastest, no serial to compare with")


def test_one_launch_is_said_to_be_unclear(run: MakeRun, record: MakeRecord) -> None:
    _, line, behind = told(run([record("serial", [1.0]), record("pool", [0.6])]))

    assert line == "  primes: unclear at size 4000, serial or pool: 1.67×"
    assert behind == "    1 launch: no interval"


AT_LARGE = {
    "unclear": (
        [0.7, 1.3, 0.9, 1.2, 0.6],
        "pool 1.7× at size small; unclear at size large, serial or pool: 1.1",
        "the interval is too wide",
    ),
    "serial": ([1.5] * 5, "stay serial", "pool pays 1.7× at size small"),
}


@pytest.mark.parametrize("known", AT_LARGE)
def test_what_pays_at_a_smaller_size_is_told_where_nothing_is_known_to_at_the_largest(
    run: MakeRun, record: MakeRecord, steady: list[float], known: str
) -> None:
    passes_s, first, then = AT_LARGE[known]
    _, line, behind = told(run([
        record("serial", steady, size="small"),
        record("pool", [0.6 * each for each in steady], size="small"),
        record("serial", steady, size="large"),
        record("pool", passes_s, size="large"),
    ]))  # fmt: skip

    assert line.startswith(f"  primes: {first}")
    assert behind.startswith(f"    {then}")


def test_the_start_told_is_that_of_the_family(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    models = {"serial": (0.0, 1.0), "processes-spawn": (0.08, 2.0), "pool": (0.004, 1.4)}
    line, behind = told(run([
        record(model, [(cost_s + serial_s / best) * each for each in steady], size=size)
        for size, serial_s in SERIAL_S.items()
        for model, (cost_s, best) in models.items()
    ]))[1:3]  # fmt: skip

    assert re.match(
        r"  primes: processes-spawn 1\.\d+×, from \d(\.\d+)? ms a task with pool,", line
    )
    assert re.search(r"; processes-spawn, from \d+ ms a task \[\d+ ms, \d+ ms\]", behind)
    assert "below, pool" not in behind


def test_of_many_workloads_the_figures_stand_together_what_pays_first(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    gains = {"a": 1.0, "b": 1.8, "c": 1.9, "d": 1.7, "e": 1.6, "f": 1.5, "g": 1.0}
    lines = told(run([
        record(model, [each / (gain if model == "pool" else 1) for each in steady], workload=name)
        for name, gain in gains.items()
        for model in ("serial", "pool")
    ]))  # fmt: skip

    assert lines[0] == "Advice"
    assert [line.split(":")[0].strip() for line in lines[1:7]] == [
        "b",
        "c",
        "d",
        "e",
        "f",
        "a and g",
    ]
    assert lines[6].endswith("stay serial: nothing pays at the only size measured")
    assert lines[7] == "Behind it"
    assert [line.split(":")[0].strip() for line in lines[8:]] == ["b", "c", "d", "e", "f"]


def test_where_every_workload_is_unclear_nothing_is_advised(
    run: MakeRun, record: MakeRecord
) -> None:
    once = [
        record(model, [pass_s], workload=workload)
        for workload in ("primes", "digest")
        for model, pass_s in (("serial", 1.0), ("pool", 0.6))
    ]

    assert told(run(once)) == []


def test_noise_is_said_where_it_pulls_against_the_advice(raced: Callable[..., list[str]]) -> None:
    _, line, behind = raced(0.05, 2.0, capacity=1.3)

    assert "pool 1.8×, from " in line
    assert "at least [" in behind
    assert "only 1.30 cores ran at once" in behind


def test_what_holds_for_a_family_is_told_before_its_intervals(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    near = [0.5, 0.55, 0.48, 0.52, 0.51]
    pools = [record(each, near) for each in ("pool", "processes-fork")]
    behind = told(run([record("serial", steady), *pools]))[2]

    assert re.match(
        r"    any process pool pays, 1\.\d× at least; which is best is not known; \[", behind
    )


def test_an_interpreter_is_named_once(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    raced = [
        record(model, [factor * each for each in steady], interpreter=label)
        for label in ("3.13", "3.14")
        for model, factor in (("serial", 1.0), ("pool", 0.5))
    ]
    _, first, _, second, _ = told(run(raced))

    assert first.startswith("  primes @3.13: pool 2.0×, at 250 ms a task")
    assert second.count("@3.14") == 1


def test_no_advice_has_no_heading(run: MakeRun) -> None:
    assert told(run([])) == []


def test_many_that_are_as_fast_are_counted(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    half = [each / 2 for each in steady]
    models = ("a", "b", "c", "d", "e")
    behind = told(run([record("serial", steady), *(record(each, half) for each in models)]))[2]

    assert "perhaps as fast: b, c, d and 1 more; " in behind


COSTS = {"100": 0.01, "1000": 0.1, "4000": 1.0, "9000": 10.0}
BESIDE_POOL = {
    "from": ((0.2, 1.9), r"dask beats all other models from 7\d\d ms a task \[.+ ms, .+ ms\]"),
    "everywhere": ((0.0, 1.9), "dask beats all other models at every size measured"),
    "beyond": ((9.0, 1.9), "dask beats all other models at no size measured, perhaps beyond"),
    "never": ((0.2, 1.5), "dask beats all other models at no size"),
}


@pytest.mark.parametrize("case", BESIDE_POOL)
def test_from_which_cost_an_engine_beats_the_rest_is_told(
    run: MakeRun, record: MakeRecord, steady: list[float], case: str
) -> None:
    (cost_s, best), said = BESIDE_POOL[case]
    models = {"serial": (0.0, 1.0), "pool": (0.001, 1.5), "dask": (cost_s, best)}

    *_, behind = told(run([
        record(model, [(cost_s + serial_s / best) * each for each in steady], size=size)
        for size, serial_s in COSTS.items()
        for model, (cost_s, best) in models.items()
    ]))  # fmt: skip

    assert any(re.fullmatch(said, each.strip()) for each in behind.split("; "))


def test_a_cluster_that_was_there_is_compared_with_this_machine(
    run: MakeRun, record: MakeRecord, steady: list[float]
) -> None:
    engine = Engine(workers=4, hosts=4, joined=True)
    launches = [a_launch(index, each / 3, engine=engine) for index, each in enumerate(steady)]
    *_, behind = told(run([
        record("serial", steady),
        record("dask", launches=launches, workers=4),
    ]))  # fmt: skip

    assert "the cluster of dask beats this machine at the size measured" in behind
