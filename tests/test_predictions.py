"""tools/predictions.py holds predictions to the truth."""

from __future__ import annotations

import sys
from collections import defaultdict
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support.priced import a_priced_run

if TYPE_CHECKING:
    from types import ModuleType

FILE = Path(__file__).parents[1] / "tools" / "predictions.py"


@pytest.fixture
def predictions(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the program as a module."""
    spec = spec_from_file_location("tools_predictions", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    spec.loader.exec_module(module)
    return module


def scored(predictions: ModuleType, **run: Any) -> dict[str, Any]:
    scores: dict[str, Any] = defaultdict(predictions.Score)
    predictions.score_run(a_priced_run("primes", "factorial", "sleep", **run), scores)
    return scores


def test_where_prices_hold_every_prediction_is_right(predictions: ModuleType) -> None:
    score = scored(predictions)["one workload left out"]

    assert score.groups == score.right == 7
    assert max(score.errors["pools of processes"]) < 0.05
    assert max(score.errors["one process"]) < 0.05


def test_the_rule_of_thumb_is_wrong_about_short_tasks(predictions: ModuleType) -> None:
    score = scored(predictions)["one workload left out"]

    assert 0 < score.thumb < score.groups


def test_waiting_that_a_single_workload_tells_of_is_counted_apart(predictions: ModuleType) -> None:
    scores = scored(predictions)

    assert scores["one size left out"].groups == 4
    assert scores["one size left out"].right == 4


def test_what_took_other_times_than_its_prices_shows_in_the_errors(
    predictions: ModuleType,
) -> None:
    score = scored(predictions, noise={"pool": 0.5})["one workload left out"]

    assert max(score.errors["pools of processes"]) > 0.1


def test_a_score_is_told_in_words(predictions: ModuleType) -> None:
    score = scored(predictions)["one workload left out"]
    lines = list(predictions.lines_of("one workload left out", score, each=True))

    assert lines[0] == "one workload left out: best predicted right in 7 of 7 (100%)"
    assert lines[1].startswith("  rule of thumb ")
