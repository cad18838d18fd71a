"""Simulates how soon a gate confirms a step of 5 % under 3 % noise.

python tools/delay.py [--times 1000]
"""

from __future__ import annotations

import argparse
import random
from math import log
from typing import TYPE_CHECKING

from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.samples import Sample
from raceway.analysis.comparison.verdicts import THRESHOLD, Matchup, Terms, Verdict, rows_of
from raceway.plan.profile import DEFAULT
from raceway.record import Record
from raceway.regression.sequential import ONE_LOOK, looked_at
from raceway.regression.suspects import looks_slower

if TYPE_CHECKING:
    from raceway.analysis.comparison.verdicts import Row

SCATTER = 0.03
STEP = 0.05
BASELINE_LAUNCHES = 50
"""Ten runs of five launches: a folder given to --baseline."""


def main() -> None:
    """Print how often a step is confirmed in the run it appears in."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=1000)
    times = parser.parse_args().times
    draw = random.Random(20261123)  # noqa: S311 (a simulation)
    for step in (STEP, 0.0):
        told = sum(told_at_once(draw, step) for _ in range(times))
        print(f"step of {step:.0%} at {SCATTER:.0%} noise: confirmed in the run it appears in"
              f" {told} times of {times} ({told / times:.1%})")  # fmt: skip


def told_at_once(draw: random.Random, step: float) -> bool:
    """Whether both stages of a gate find the step, by the rules of `raceway.regression.gate`."""
    baseline = launches(draw, BASELINE_LAUNCHES, 0.0)
    first = verdict(baseline, launches(draw, DEFAULT.launches, step), Terms())
    suspect = first.verdict is Verdict.SLOWER or (
        first.estimate is not None and looks_slower(first.estimate, THRESHOLD)
    )
    if not suspect:
        return False
    again = [launches(draw, ONE_LOOK[-1], each) for each in (0.0, step)]  # paired, they tell more
    return verdict(*again, looked_at(ONE_LOOK, THRESHOLD)).verdict is Verdict.SLOWER


def launches(draw: random.Random, count: int, step: float) -> list[float]:
    """Return the logarithms of simulated launches."""
    return [draw.gauss(log(1 + step), SCATTER) for _ in range(count)]


def verdict(a: list[float], b: list[float], terms: Terms) -> Row:
    """Return the verdict on a case with these launches."""
    record = Record(id="case", fullname="case")
    one, other = (
        Sample(
            "case", record, {Normalisation.RAW: {(side, at): each for at, each in enumerate(logs)}}
        )
        for side, logs in (("a", a), ("b", b))
    )
    return rows_of([Matchup(a=one, b=other, normalisation=Normalisation.RAW)], terms)[0]


if __name__ == "__main__":
    main()
