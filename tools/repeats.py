"""Does advice repeat? Compares all pairs of one machine's saved runs, and counts unclear cases.

    python tools/repeats.py results

A workload's advice repeats if both runs advise models of the same family and the intervals of their
crossovers overlap.
"""

from __future__ import annotations

import sys
from collections import Counter
from itertools import combinations
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.analysis.run.advice import Choice, advice_of
from raceway.analysis.run.crossover import CrossoverPlace
from raceway.analysis.run.payoff import payoff_of
from raceway.analysis.run.ranking import answers_of
from raceway.analysis.run.results import results_of
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.analysis.run.advice import Advice
    from raceway.record import Run


def main() -> None:
    """Read the runs in the given folders and print what repeats."""
    files = sorted(file for each in sys.argv[1:] for file in Path(each).glob("**/*.json"))
    runs = [run for _, run in load(files).runs]
    for run in runs:
        print(line_of(run))
    advised = [(run, {each.workload: each for each in advice_of(results_of(run))}) for run in runs]
    told: Counter[str] = Counter()
    for (a, of_a), (b, of_b) in combinations(advised, 2):
        if a.header.machine.id == b.header.machine.id:
            for workload in of_a.keys() & of_b.keys():
                told.update(compared(workload, of_a[workload], of_b[workload]))
    for what, count in sorted(told.items()):
        print(f"{what}: {count}")


def line_of(run: Run) -> str:
    """Return how many cases and groups of a run are unclear, and what it advises."""
    results = results_of(run)
    bias = [(each, each.bias) for each in results if each.speedup]
    cases = Counter(
        str(payoff_of(each.speedup, flattered=noise.flattered, slowed=noise.slowed))
        for each, noise in bias
    )
    groups = Counter(str(each.outcome) for each in answers_of(results))
    picks = ", ".join(
        f"{each.workload}: {each.pick.record.model if each.pick else each.choice}"
        for each in advice_of(results)
    )
    return f"{run.header.run_id}: cases {dict(cases)}, groups {dict(groups)}; advises {picks}"


def compared(workload: str, a: Advice, b: Advice) -> Iterator[str]:
    """Yield whether the advice of two runs on a workload agrees."""
    family = family_of(a) == family_of(b)
    yield f"{workload}, family {'the same' if family else 'differs'}"
    if family and a.choice is Choice.USE:
        (low_a, high_a), (low_b, high_b) = span_of(a), span_of(b)
        overlap = low_a <= high_b and low_b <= high_a
        yield f"{workload}, intervals {'overlap' if overlap else 'are apart'}"


def family_of(advice: Advice) -> str:
    """Return the family of the advised model, or why there is none."""
    return advice.pick.record.family if advice.pick else str(advice.choice)


def span_of(advice: Advice) -> tuple[float, float]:
    """Return the interval of the size from which the advised family pays."""
    crossover = advice.first and advice.first.crossover
    if not crossover:
        return 0.0, inf
    if crossover.reach is CrossoverPlace.NEVER:
        return inf, inf
    return crossover.low or 0.0, crossover.high or inf


if __name__ == "__main__":
    main()
