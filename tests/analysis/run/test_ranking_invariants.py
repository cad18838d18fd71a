"""What must hold for the answers to any group whatsoever."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raceway.analysis.run.best import is_slower
from raceway.analysis.run.ranking import AnswerKind, answers_of, pays

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.analysis.run.results import Result
    from raceway.record import Record

PASS_S = st.floats(1e-3, 1e3)
LAUNCHES = st.lists(PASS_S, min_size=2, max_size=6)
PAIRS = st.lists(st.tuples(PASS_S, PASS_S), min_size=2, max_size=6)
MODELS = ("threads", "pool", "asyncio", "fork", "spawn", "forkserver", "torch", "trio")


@given(launches=LAUNCHES)
def test_identical_samples_are_never_apart(
    record: Callable[..., Record], results: Callable[..., list[Result]], launches: list[float]
) -> None:
    a, b = results(record("pool", launches), record("threads", launches))

    assert not is_slower(a, b)


@given(pairs=PAIRS)
def test_of_two_cases_at_most_one_is_shown_to_be_slower(
    record: Callable[..., Record],
    results: Callable[..., list[Result]],
    pairs: list[tuple[float, float]],
) -> None:
    a, b = results(
        record("pool", [pair[0] for pair in pairs]), record("threads", [pair[1] for pair in pairs])
    )

    assert not (is_slower(a, b) and is_slower(b, a))


@settings(deadline=None)  # the first comparison imports scipy
@given(pairs=PAIRS, factor=st.integers(2, 1000))
def test_scaling_all_times_changes_no_answer(
    record: Callable[..., Record],
    results: Callable[..., list[Result]],
    pairs: list[tuple[float, float]],
    factor: int,
) -> None:
    outcomes = []
    for scale in (1, factor):
        serial = record("serial", [scale * pair[0] for pair in pairs])
        pool = record("pool", [scale * pair[1] for pair in pairs])
        (answer,) = answers_of(results(serial, pool))
        outcomes.append(answer.outcome)

    assert outcomes[0] == outcomes[1]


@given(launches=LAUNCHES)
def test_a_copy_of_serial_never_pays(
    record: Callable[..., Record], results: Callable[..., list[Result]], launches: list[float]
) -> None:
    _, copy = results(record("serial", launches), record("threads", launches))

    assert not pays(copy)


@settings(max_examples=50)
@given(launches=LAUNCHES)
def test_every_winner_over_serial_pays(
    record: Callable[..., Record], results: Callable[..., list[Result]], launches: list[float]
) -> None:
    halves = [launch / 2 for launch in launches]
    raced = results(
        record("serial", launches), record("pool", halves), record("fork", sorted(halves))
    )

    (answer,) = answers_of(raced)

    assert answer.outcome is not AnswerKind.PAYS or all(map(pays, answer.winners))


@pytest.mark.parametrize("launches", [3, 5])
def test_eight_models_as_fast_as_serial_rarely_seem_to_pay(
    record: Callable[..., Record], results: Callable[..., list[Result]], launches: int
) -> None:
    draw = random.Random(20261123)  # noqa: S311 (a simulation)
    claims = 0
    for _ in range(100):
        raced = results(
            *(
                record(model, [draw.lognormvariate(0, 0.02) for _ in range(launches)])
                for model in ("serial", *MODELS)
            )
        )
        (answer,) = answers_of(raced)
        claims += answer.outcome is AnswerKind.PAYS

    assert claims <= 2
