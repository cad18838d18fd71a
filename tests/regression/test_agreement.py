"""A revision that answers something else is wrong, not faster."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from raceway.plan.selection import Selection
from raceway.regression.duel import Duel
from raceway.regression.revisions import DuelSide
from raceway.session.options import Options

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.analysis.comparison.comparison import Comparison

WORK = """
from raceway.case import Kind, Workload

def count(number):
    return {answer}

WORKLOAD = Workload(summary="counting", kind=Kind.CPU, task=count, sizes={{"few": (17, 18)}})
"""


def fought(folder: Path, answers: tuple[str, str], models: tuple[str, ...]) -> Comparison:
    """Return what a duel of two versions of a workload says."""
    sides = []
    for label, answer in zip(("one", "two"), answers, strict=True):
        file = folder / label / "counting.py"
        file.parent.mkdir()
        file.write_text(WORK.format(answer=answer))
        sides.append(DuelSide(label, f"{label}={sys.executable}", {"counting": file}))
    options = Options(
        folder / "results", "default", Selection(models=models, workloads=("counting",)),
        (folder / "one" / "counting.py",), tuple(side.option for side in sides),
    )  # fmt: skip
    duel = Duel(sides[0], sides[1], options, budget_s=30.0, threshold=0.02)
    duel.begin()
    duel.race()
    return duel.save()[0]


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let duels look once, after a single launch."""
    monkeypatch.setattr("raceway.regression.duel.LOOKS", (1, 1))
    monkeypatch.setattr("raceway.regression.sequential.ROUNDS_S", (0.02, 0.02))


def test_a_side_with_other_answers_has_failed_in_all_its_models(tmp_path: Path) -> None:
    compared = fought(tmp_path, ("number", "0"), ("serial", "threads"))

    said = "failed: other answers than one: task 1 of 2 gives 0 instead of 17"
    assert [(str(row.verdict), row.reason) for row in compared.rows] == [("missing", said)] * 2
    assert len(compared.b.failed_cases()) == 2
    assert compared.a.failed_cases() == {}


def test_sides_that_answer_alike_are_compared(tmp_path: Path) -> None:
    compared = fought(tmp_path, ("number", "sum([number])"), ("serial",))

    assert [str(row.verdict) for row in compared.rows] == ["unclear"]
    assert compared.b.failed_cases() == {}
