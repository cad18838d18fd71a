"""Which cases may be the fastest, and which one is advised."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.ranking import Answer, answers_of
from raceway.analysis.run.results import results_of
from raceway.record import Ending, GroupEnd
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.run.results import Result
    from raceway.record import Record, Run

RESULTS = Path(__file__).parents[3] / "results"
WIDE = [0.50, 0.58, 0.46, 0.54, 0.42]
"""Passes of a model that is perhaps the fastest."""


@pytest.fixture
def answer(
    record: Callable[..., Record], results: Callable[..., list[Result]]
) -> Callable[..., Answer]:
    """Return what gives the answer to a group from the pass times of its models."""

    def give(**models: Sequence[float]) -> Answer:
        records = [
            record(model.replace("_", "-"), passes_s)
            for model, passes_s in {"serial": [1.0] * 5, **models}.items()
        ]
        (only,) = answers_of(results(*records))
        return only

    return give


@pytest.fixture(scope="module")
def committed() -> list[Result]:
    """Return the results of the run the rule was made for."""
    (file,) = RESULTS.glob("*/*_91ba317b.json")
    ((_, run),) = load([file]).runs
    return results_of(run)


def names(results: Sequence[Result]) -> list[str]:
    return [result.record.model for result in results]


def test_the_surest_of_the_best_is_advised_not_the_one_with_the_fastest_median(
    answer: Callable[..., Answer],
) -> None:
    found = answer(pool=WIDE, processes_spawn=[0.51, 0.511, 0.509, 0.51, 0.51])

    assert names(found.ranking)[0] == "pool"
    assert names(found.winners) == ["processes-spawn", "pool"]


def test_who_is_shown_to_be_slower_leaves_the_best(answer: Callable[..., Answer]) -> None:
    found = answer(pool=[0.5] * 5, processes_fork=[0.6] * 5)

    assert names(found.winners) == ["pool"]


def test_the_more_contenders_the_more_it_takes_to_leave_the_best(
    answer: Callable[..., Answer],
) -> None:
    near = [0.517, 0.514, 0.519, 0.516, 0.518]
    two = answer(pool=[0.5] * 5, processes_fork=near)
    many = {f"model-{number}": [2.0] * 5 for number in range(12)}

    assert names(two.winners) == ["pool"]
    assert set(names(answer(pool=[0.5] * 5, processes_fork=near, **many).winners)) == {
        "pool",
        "processes-fork",
    }


def test_the_interval_of_the_case_advised_allows_for_the_choice_among_many(
    answer: Callable[..., Answer],
) -> None:
    found = answer(pool=WIDE, processes_fork=WIDE, processes_spawn=WIDE)
    first = found.winners[0]
    chosen = first.speedup_at(found.error)

    assert found.error == pytest.approx(0.05 / 4)
    assert chosen
    assert first.speedup
    assert (chosen.low or 0) < (first.speedup.low or 0)


def test_what_holds_for_a_whole_family_is_known_though_the_best_is_not(
    answer: Callable[..., Answer],
) -> None:
    found = answer(pool=WIDE, processes_fork=[0.5] * 5, threads=[1.0] * 5)

    assert len(found.winners) == 2
    assert found.known
    assert found.known.family == "processes"
    assert 1 < found.known.least < 2


def test_a_family_of_which_one_loses_is_not_said_to_pay(answer: Callable[..., Answer]) -> None:
    assert answer(pool=[0.5] * 5, processes_fork=[1.2] * 5).known is None


def test_the_committed_run_advises_spawn_for_factorial_and_not_the_slower_pool(
    committed: list[Result],
) -> None:
    advice = {each.workload: each for each in advice_of(committed)}["factorial"]

    assert advice.pick
    assert advice.pick.record.model == "processes-spawn"


def test_the_committed_run_advises_torch_which_alone_is_best_at_the_smallest_matrices(
    committed: list[Result],
) -> None:
    smallest = {each.group: each for each in answers_of(committed)}["matmul-256"]
    advice = {each.workload: each for each in advice_of(committed)}["matmul"]

    assert names(smallest.winners) == ["torch"]
    assert advice.pick
    assert advice.pick.record.model == "torch"


def test_intervals_are_those_of_the_look_that_ended_the_group(
    record: Callable[..., Record], run: Callable[..., Run]
) -> None:
    one = run([record("serial", [1.0] * 5), record("pool", WIDE)])
    end = GroupEnd(id="primes-4000", launches=5, confidence=0.9875, why=Ending.ANSWERED)
    looked = msgspec.structs.replace(one, ends=[end])
    (_, once), (_, four_times) = results_of(one), results_of(looked)
    (answer,) = answers_of(results_of(looked))

    assert once.speedup
    assert four_times.speedup
    assert (four_times.speedup.low or 0) < (once.speedup.low or 0)
    assert answer.error == pytest.approx(0.0125 / 2)


@pytest.mark.parametrize("confidence", [-1.0, 0.0, 0.5, 1.0, 7.0])
def test_a_confidence_that_no_look_has_is_not_believed(
    record: Callable[..., Record], run: Callable[..., Run], confidence: float
) -> None:
    one = run([record("serial", [1.0] * 5), record("pool", WIDE)])
    end = GroupEnd(id="primes-4000", launches=5, confidence=confidence, why=Ending.ANSWERED)

    assert results_of(msgspec.structs.replace(one, ends=[end])) == results_of(one)
