from __future__ import annotations

import msgspec
import pytest

from raceway.analysis.prices.forecast import Question
from raceway.analysis.prices.observations import Work, observations_of
from raceway.analysis.prices.prices import Prices, Unpriced, prices_of
from raceway.analysis.prices.tariff import tariff_of
from raceway.record import Environment
from support.priced import TRUE, a_priced_run


def priced(work: Work, *workloads: str) -> dict[str, Prices]:
    every = prices_of(observations_of([a_priced_run(*workloads)], "current"), work)
    return {each.model: each for each in every if isinstance(each, Prices)}


@pytest.mark.parametrize("model", TRUE)
def test_the_prices_of_computing_are_found(model: str) -> None:
    prices, true = priced(Work.COMPUTES)[model], TRUE[model]

    assert prices.a_pass.centre == pytest.approx(true.a_pass, rel=0.02)
    assert prices.task.centre == pytest.approx(true.task, rel=0.02)
    assert prices.stretch.centre == pytest.approx(true.work, rel=0.02)
    assert prices.mebibyte is not None
    assert prices.mebibyte.centre == pytest.approx(true.mib, rel=0.02, abs=1e-7)


@pytest.mark.parametrize("model", TRUE)
def test_the_prices_of_waiting_are_found(model: str) -> None:
    prices = priced(Work.WAITS)[model]

    assert prices.task.centre == pytest.approx(TRUE[model].waiting_task, rel=0.02)
    assert prices.stretch.centre == 1.0


@pytest.mark.parametrize("model", ["pool", "processes-fork"])
def test_start_and_memory_are_those_of_the_cases(model: str) -> None:
    prices = priced(Work.COMPUTES)[model]

    assert prices.start is not None
    assert prices.worker_bytes is not None
    assert prices.start.centre == pytest.approx(TRUE[model].start, rel=0.02)
    assert prices.worker_bytes.centre == pytest.approx(TRUE[model].memory, rel=0.02)


def test_without_echo_nobody_knows_what_a_mib_costs_a_process() -> None:
    prices = priced(Work.COMPUTES, "primes", "factorial")

    assert prices["pool"].mebibyte is None
    assert prices["threads"].mebibyte is not None
    assert prices["threads"].mebibyte.centre == 0.0


def test_a_single_size_of_echo_tells_what_a_mib_costs() -> None:
    whole = a_priced_run()
    kept = [each for each in whole.records if each.workload != "echo" or each.size == "1MiB"]
    run = msgspec.structs.replace(whole, records=kept)
    every = prices_of(observations_of([run], "current"), Work.COMPUTES)
    (pool,) = (each for each in every if isinstance(each, Prices) and each.model == "pool")

    assert pool.mebibyte is not None
    assert pool.mebibyte.centre == pytest.approx(TRUE["pool"].mib, rel=0.02)


def test_a_single_case_is_told_as_one() -> None:
    whole = a_priced_run("sleep")
    run = msgspec.structs.replace(
        whole, records=[each for each in whole.records if each.size == "100"]
    )
    every = prices_of(observations_of([run], "current"), Work.WAITS)

    assert {each.reason for each in every if isinstance(each, Unpriced)} == {
        "only 1 case of work that waits; it takes 3"
    }


def test_too_few_sizes_give_no_price_but_a_reason() -> None:
    every = prices_of(observations_of([a_priced_run("primes")], "current"), Work.WAITS)

    assert every
    assert all(isinstance(each, Unpriced) for each in every)
    assert {each.reason for each in every if isinstance(each, Unpriced)} == {
        "no case of work that waits; it takes 3"
    }


def test_threads_have_no_price_for_work_without_the_gil_unless_some_was_raced() -> None:
    without = prices_of(observations_of([a_priced_run("primes")], "current"), Work.RELEASES)

    told = {each.model: isinstance(each, Prices) for each in without}
    assert told == {"threads": False, "asyncio": False, "pool": True, "processes-fork": True}


def test_several_runs_of_a_machine_are_one_case_each_in_the_middle() -> None:
    runs = [a_priced_run(run_id=f"run{number}") for number in range(3)]
    alone, together = observations_of(runs[:1], "current"), observations_of(runs, "current")

    assert len(together) == len(alone)
    assert together[0].time_s == pytest.approx(alone[0].time_s)


def test_noise_shows_in_the_intervals() -> None:
    noisy = a_priced_run("primes", "factorial", noise={"pool": 0.3})
    prices = prices_of(observations_of([noisy], "current"), Work.COMPUTES)
    widths = {each.model: each.fit.scatter for each in prices if isinstance(each, Prices)}

    assert widths["pool"] > 0.05
    assert widths["processes-fork"] < 0.01


def test_on_a_build_without_the_gil_all_computing_is_done_without_it() -> None:
    run = a_priced_run("primes")
    free = Environment(
        label="current", command="python", version="3.14", implementation="CPython",
        gil_enabled=False,
    )  # fmt: skip
    header = msgspec.structs.replace(run.header, environments=[free])
    there = msgspec.structs.replace(run, header=header)
    tariff = tariff_of([there], "current")

    assert {each.work for each in tariff.observations} == {Work.RELEASES}
    assert tariff.forecast(Question(task_s=1e-3, tasks=50)).question.work is Work.RELEASES


def test_a_run_without_races_has_no_prices() -> None:
    assert not tariff_of([a_priced_run("primes")], "elsewhere").is_known
    assert tariff_of([a_priced_run("primes")], "current").is_known
