"""Predictions and prices in words: what is beyond the measured, and what is not known, is said."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from raceway.analysis.prices.forecast import Question
from raceway.analysis.prices.observations import Work
from raceway.analysis.prices.tariff import Tariff, tariff_of
from raceway.report.run.prediction import prediction_data, show_tariff
from support.priced import a_priced_run


def shown(tariff: Tariff, question: Question | None = None, width: int = 100) -> list[str]:
    file = io.StringIO()
    forecast = tariff.forecast(question) if question else None
    show_tariff(tariff, forecast, Console(file=file, width=width))
    return file.getvalue().splitlines()


@pytest.fixture(scope="module")
def tariff() -> Tariff:
    return tariff_of([a_priced_run(noise={"pool": 0.1})], "current")


def test_prices_are_a_table_by_what_tasks_do(tariff: Tariff) -> None:
    lines = shown(tariff)
    title = lines.index("Prices where a task computes")
    row = next(line for line in lines[title:] if line.startswith("processes-fork"))

    assert lines[title + 1].split()[:3] == ["model", "a", "task"]
    assert "90 µs" in row
    assert "4 ms" in row
    assert "12 MiB" in row


def test_how_well_a_price_is_known_stands_beside_it(tariff: Tariff) -> None:
    row = next(line for line in shown(tariff) if line.startswith("pool"))

    assert "±" in row
    assert any(line.startswith("± is half the 95 % interval") for line in shown(tariff))


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(tariff: Tariff, width: int) -> None:
    question = Question(task_s=5.0, tasks=10**5, payload_mib=300.0)

    assert max(map(len, shown(tariff, question, width))) <= width


def test_an_extrapolated_answer_says_so(tariff: Tariff) -> None:
    lines = shown(tariff, Question(task_s=60.0, tasks=50))

    assert "  extrapolated: cost of a task beyond what was measured" in lines


def test_what_could_not_be_predicted_is_named_with_the_reason() -> None:
    bare = tariff_of([a_priced_run("primes", "factorial")], "current")
    lines = shown(bare, Question(task_s=1e-3, tasks=50, payload_mib=1.0), 200)
    reason = "no case that moves bytes, so what a MiB costs is not known"

    assert f"  cannot tell: pool, processes-fork ({reason})" in lines


def test_who_is_best_with_its_start_is_told_where_that_differs(tariff: Tariff) -> None:
    lines = shown(tariff, Question(task_s=2e-4, tasks=50))

    assert lines[1].startswith("  best: pool")
    (told,) = (line for line in lines if line.startswith("  if nothing has"))
    assert told.startswith("  if nothing has been started yet: serial, 10 ms")


def test_one_model_at_every_cost_has_no_border(tariff: Tariff) -> None:
    lines = shown(tariff, Question(task_s=1e-3, tasks=1))

    assert "  border: none; serial at every cost of a task" in lines


def test_hostile_names_are_escaped() -> None:
    run = a_priced_run("primes", run_id="\x1b[31mred")
    lines = shown(tariff_of([run], "current"))

    assert not any("\x1b[31m" in line for line in lines)


def test_data_are_plain_and_unknown_values_are_null(tariff: Tariff) -> None:
    bare = tariff_of([a_priced_run("primes", "factorial")], "current")
    data = prediction_data(bare, None)
    pool = next(each for each in data["prices"] if each["model"] == "pool")

    assert data["prediction"] is None
    assert pool["mebibyte"] is None
    assert prediction_data(tariff, tariff.forecast(
        Question(task_s=1.0, tasks=3, work=Work.WAITS)
    ))["prediction"]["work"] == "waits"  # fmt: skip


def test_a_question_shows_the_prices_of_its_own_kind_of_work_alone(tariff: Tariff) -> None:
    lines = shown(tariff, Question(task_s=1e-2, tasks=50, work=Work.WAITS))

    assert [line for line in lines if line.startswith("Prices")] == ["Prices where a task waits"]
