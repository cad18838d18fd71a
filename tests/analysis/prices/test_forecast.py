from __future__ import annotations

from math import inf

import pytest

from raceway.analysis.prices.forecast import Forecast, Question
from raceway.analysis.prices.observations import Work
from raceway.analysis.prices.tariff import Tariff, tariff_of
from support.priced import TRUE, WORKERS, a_priced_run, computing_s, waiting_s


@pytest.fixture(scope="module")
def tariff() -> Tariff:
    return tariff_of([a_priced_run()], "current")


def outside(forecast: Forecast, model: str) -> tuple[str, ...]:
    (found,) = (each for each in forecast.predictions if each.model == model)
    return found.outside


@pytest.mark.parametrize("model", WORKERS)
def test_computing_takes_what_the_true_prices_say(tariff: Tariff, model: str) -> None:
    forecast = tariff.forecast(Question(task_s=1e-3, tasks=50, payload_mib=0.25))
    (found,) = (each for each in forecast.predictions if each.model == model)

    assert found.time.centre == pytest.approx(computing_s(model, 50, 1e-3, 50 * 0.25), rel=0.02)


@pytest.mark.parametrize("model", WORKERS)
def test_waiting_takes_what_the_true_prices_say(tariff: Tariff, model: str) -> None:
    forecast = tariff.forecast(Question(task_s=0.03, tasks=200, work=Work.WAITS))
    (found,) = (each for each in forecast.predictions if each.model == model)

    assert found.time.centre == pytest.approx(waiting_s(model, 200, 0.03), rel=0.02)


def test_the_fastest_comes_first(tariff: Tariff) -> None:
    short, long, waits = (
        tariff.forecast(question).best.model
        for question in (
            Question(task_s=1e-6, tasks=10),
            Question(task_s=1e-2, tasks=100),
            Question(task_s=1e-2, tasks=100, work=Work.WAITS),
        )
    )

    assert (short, long, waits) == ("serial", "processes-fork", "asyncio")


def test_others_within_a_tenth_are_as_good(tariff: Tariff) -> None:
    forecast = tariff.forecast(Question(task_s=1e-2, tasks=100))

    assert [each.model for each in forecast.as_good] == ["pool"]


def test_the_border_lies_where_the_true_prices_put_it(tariff: Tariff) -> None:
    first, second = tariff.forecast(Question(task_s=1e-3, tasks=100)).reigns
    pool = TRUE["pool"]

    assert (first.model, second.model, second.to_s) == ("serial", "pool", inf)
    assert second.from_s == pytest.approx(
        (pool.a_pass + 100 * pool.task) / (100 - 50 * pool.work), rel=0.05
    )


def test_a_model_is_never_faster_than_serial_where_it_computes_one_task_at_a_time(
    tariff: Tariff,
) -> None:
    forecast = tariff.forecast(Question(task_s=1.0, tasks=1_000))
    times = {each.model: each.time.centre for each in forecast.predictions}

    assert min(times["threads"], times["asyncio"]) >= times["serial"]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (Question(task_s=1e-3, tasks=50), ()),
        (Question(task_s=10.0, tasks=50), ("cost of a task",)),
        (Question(task_s=1e-3, tasks=10**6), ("number of tasks",)),
        (Question(task_s=1e-3, tasks=50, payload_mib=500.0), ("payload",)),
        (Question(task_s=1e-3, tasks=50, workers=16), ("workers",)),
    ],
)
def test_what_lies_beyond_the_cases_measured_is_marked(
    tariff: Tariff, question: Question, told: tuple[str, ...]
) -> None:
    assert outside(tariff.forecast(question), "pool") == told


def test_more_workers_than_cores_do_not_help_computing(tariff: Tariff) -> None:
    two, sixteen = (
        tariff.forecast(Question(task_s=1e-2, tasks=160, workers=workers)).best.time.centre
        for workers in (2, 16)
    )

    assert sixteen == pytest.approx(two, rel=1e-6)


def test_more_workers_wait_more_at_once(tariff: Tariff) -> None:
    def time_s(workers: int) -> float:
        question = Question(task_s=1.0, tasks=64, work=Work.WAITS, workers=workers)
        forecast = tariff.forecast(question)
        (pool,) = (each for each in forecast.predictions if each.model == "pool")
        return pool.time.centre

    assert time_s(8) / time_s(32) == pytest.approx(4, rel=0.01)


def test_a_payload_without_a_price_is_not_guessed() -> None:
    bare = tariff_of([a_priced_run("primes", "factorial")], "current")
    forecast = bare.forecast(Question(task_s=1e-3, tasks=50, payload_mib=1.0))

    assert {each.model for each in forecast.predictions} == {"serial", "threads", "asyncio"}
    assert {each.model for each in forecast.unpriced} == {"pool", "processes-fork"}
    assert all("what a MiB costs" in each.reason for each in forecast.unpriced)


def test_work_of_a_kind_that_was_not_raced_is_not_guessed() -> None:
    bare = tariff_of([a_priced_run("primes")], "current")
    forecast = bare.forecast(Question(task_s=1e-2, tasks=50, work=Work.WAITS))

    assert [each.model for each in forecast.predictions] == ["serial"]
    assert {each.model for each in forecast.unpriced} == set(TRUE)


def test_the_time_lies_within_its_interval_and_noise_widens_it() -> None:
    def width(noise: float) -> float:
        run = a_priced_run("primes", "factorial", noise={"pool": noise})
        forecast = tariff_of([run], "current").forecast(Question(task_s=1e-2, tasks=50))
        (pool,) = (each for each in forecast.predictions if each.model == "pool")
        assert pool.time.low is not None
        assert pool.time.high is not None
        assert pool.time.low <= pool.time.centre <= pool.time.high
        return pool.time.high / pool.time.low

    assert width(0.2) > 1.2 > width(0.0)
