from __future__ import annotations

import pytest

from raceway.doctor.checks.wording import (
    at_least,
    at_most,
    many,
    percent,
    size,
    span,
    worst,
)
from raceway.doctor.findings import State


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0 %"), (1e-5, "under 0.1 %"), (0.042, "4.2 %"), (0.0997, "10 %"), (1.0, "100 %")],
)
def test_a_share_is_told_in_percent(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("amount_bytes", "text"),
    [(0, "0 B"), (64 * 2**20, "64 MiB"), (1.5 * 2**30, "1.5 GiB"), (1010 * 2**20, "1010 MiB")],
)
def test_an_amount_of_memory_has_a_unit(amount_bytes: float, text: str) -> None:
    assert size(amount_bytes) == text


@pytest.mark.parametrize(
    ("time_s", "text"), [(60e-9, "60 ns"), (0.2e-3, "200 µs"), (0.0123, "12.3 ms"), (2.0, "2 s")]
)
def test_a_time_has_a_unit(time_s: float, text: str) -> None:
    assert span(time_s) == text


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (1, "core", "1 core"),
        (1_000, "core", "1,000 cores"),
        (2, "try", "2 tries"),
        (3, "process", "3 processes"),
    ],
)
def test_a_number_agrees_with_its_noun(number: int, noun: str, text: str) -> None:
    assert many(number, noun) == text


@pytest.mark.parametrize(
    ("value", "state"),
    [(0.0, State.OK), (0.1, State.OK), (0.15, State.WARN), (0.2, State.WARN), (0.3, State.BAD)],
)
def test_less_is_better_up_to_both_bounds(value: float, state: State) -> None:
    assert at_most((0.1, 0.2), value) is state


@pytest.mark.parametrize(
    ("value", "state"),
    [(1.0, State.OK), (0.9, State.OK), (0.8, State.WARN), (0.75, State.WARN), (0.7, State.BAD)],
)
def test_more_is_better_down_to_both_bounds(value: float, state: State) -> None:
    assert at_least((0.9, 0.75), value) is state


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([State.OK, State.BAD, State.WARN], State.BAD),
        ([State.OK, State.WARN], State.WARN),
        ([State.UNKNOWN, State.OK], State.OK),
        ([], State.UNKNOWN),
    ],
)
def test_the_worst_that_is_known_counts(states: list[State], state: State) -> None:
    assert worst(states) is state
