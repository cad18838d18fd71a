"""Advice repeats, over the committed runs of one machine."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from runpy import run_path

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.results import results_of
from raceway.store.runs import load

HERE = Path(__file__).parents[3]
COMMITTED = "*/20261123T*.json"
"""Nine runs of a few hours; not what whoever runs the tests has measured."""
FAMILIES_ALIKE, INTERVALS_MEET = 0.95, 0.95


def test_two_runs_of_the_same_code_give_the_same_advice() -> None:
    compared = run_path(str(HERE / "tools" / "repeats.py"))["compared"]
    runs = [run for _, run in load(sorted((HERE / "results").glob(COMMITTED))).runs]
    every = [{each.workload: each for each in advice_of(results_of(run))} for run in runs]
    told: Counter[str] = Counter()
    for a, b in combinations(every, 2):
        for workload in a.keys() & b.keys():
            told.update(
                line.partition(", ")[2] for line in compared(workload, a[workload], b[workload])
            )

    alike, met = told["family the same"], told["intervals overlap"]
    assert alike >= FAMILIES_ALIKE * (alike + told["family differs"])
    assert met >= INTERVALS_MEET * (met + told["intervals are apart"])
