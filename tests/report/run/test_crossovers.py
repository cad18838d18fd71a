"""Sizes and crossovers in words."""

from __future__ import annotations

import pytest

from raceway.analysis.run.crossover import Crossover, CrossoverPlace
from raceway.report.run.crossovers import crossover_text, magnitude


@pytest.mark.parametrize(
    ("crossover", "text"),
    [
        (None, "–"),
        (Crossover(reach=CrossoverPlace.NEVER), "never"),
        (Crossover(reach=CrossoverPlace.BELOW), "below the smallest"),
        (
            Crossover(reach=CrossoverPlace.WITHIN, magnitude=1e-4, low=None, high=2e-4),
            "100 µs a task [below the smallest, 200 µs]",
        ),
        (
            Crossover(reach=CrossoverPlace.BEYOND, low=1e-3),
            "beyond the largest, at least 1 ms",
        ),
        (
            Crossover(reach=CrossoverPlace.BELOW, high=1e-3),
            "below the smallest, at most 1 ms",
        ),
    ],
)
def test_a_crossover_is_told_with_honest_ends(crossover: Crossover | None, text: str) -> None:
    assert crossover_text(crossover, "cost") == text


def test_a_size_of_waiting_is_a_number_of_tasks() -> None:
    assert magnitude(99.7, "tasks") == "100 tasks at once"


def test_a_size_that_is_not_known_is_a_dash() -> None:
    assert magnitude(None, "cost") == "–"


def test_a_size_of_bytes_is_an_amount_of_memory() -> None:
    assert magnitude(65_536.0, "bytes") == "64 KiB a task"
