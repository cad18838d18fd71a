"""Runs of plain benchmarks without launches, drawn from noise of several kinds.

`PYTHONPATH=tests python -m support.single_runs` prints the figures in docs/proofs.md.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.verdicts import Verdict
from raceway.record import Launch, Record, Told
from support.synthetic import a_side

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from raceway.analysis.comparison.comparison import Comparison

    Noise = Callable[[random.Random], Callable[[], float]]
    """Given a generator, returns a session: what draws the error of each of its cases."""

SLOW_PHASE = math.log(1.15)


def _student(draw: random.Random, degrees: float) -> float:
    return draw.gauss(0, 1) / math.sqrt(draw.gammavariate(degrees / 2, 2) / degrees)


def normal(draw: random.Random) -> Callable[[], float]:
    """Return a session with 3 % of normal noise."""
    return lambda: draw.gauss(0, 0.03)


def heavy(draw: random.Random) -> Callable[[], float]:
    """Return a session in which some cases go far astray: 2 %, with three degrees of freedom."""
    return lambda: 0.02 * _student(draw, 3)


def phases(draw: random.Random) -> Callable[[], float]:
    """Return a session of heavy noise that is, one time in five, slower by 15 % as a whole."""
    level = draw.choice([0.0, 0.0, 0.0, 0.0, SLOW_PHASE])
    return lambda: level + 0.02 * _student(draw, 3)


def plain_run(levels: Sequence[float], told: Told | None = None) -> list[Record]:
    """Return benchmarks of one launch, from the logarithms of their seconds."""
    names = [f"a.py::test_{place}" for place in range(len(levels))]
    return [
        Record(
            id=name, fullname=name,
            launches=[Launch(index=0, rounds_ns=[round(1e9 * math.exp(level))], told=told)],
        )
        for name, level in zip(names, levels, strict=True)
    ]  # fmt: skip


def compared(a: Sequence[float], b: Sequence[float], *earlier: Sequence[float]) -> Comparison:
    """Return two runs compared; earlier runs come oldest first, without A."""
    runs = [*earlier, a, b]
    series = {
        f"a.py::test_{place}": [run[place] for run in runs if place < len(run)]
        for place in range(len(b))
    }
    past = {Normalisation.RAW: series} if earlier else {}
    return compare_sides(a_side(plain_run(a), "A"), a_side(plain_run(b), "B"), past=past)


def drawn(
    draw: random.Random, noise: Noise, cases: int, earlier: int, factor: float = 1.0
) -> Comparison:
    """Return a comparison whose first case took longer by a factor, with so many earlier runs."""
    sessions = [noise(draw) for _ in range(max(earlier, 1) + 1)]
    runs = [[session() for _ in range(cases)] for session in sessions]
    runs[-1][0] += math.log(factor)
    *before, a, b = runs
    return compared(a, b, *before)


def changed(comparison: Comparison) -> int:
    """Return how many cases are slower or faster."""
    return comparison.count(Verdict.SLOWER) + comparison.count(Verdict.FASTER)


def main() -> None:
    """Print false alarms of the same code, and how often a planted change is found."""
    for cases, times in ((5, 200), (20, 200), (100, 50)):
        for noise in (normal, heavy, phases):
            for earlier in (0, 3, 8):
                draw = random.Random(7)  # noqa: S311 (a simulation)
                false = [changed(drawn(draw, noise, cases, earlier)) for _ in range(times)]
                print(f"{cases} cases, {noise.__name__}, {earlier} earlier runs:"  # noqa: T201
                      f" {sum(false)} of {times * cases} cases,"
                      f" {sum(map(bool, false))} of {times} comparisons")  # fmt: skip
    for earlier in (0, 3, 8):
        for factor in (1.2, 1.3, 1.5, 2.0, 2.5, 3.0, 10.0):
            draw = random.Random(11)  # noqa: S311 (a simulation)
            rows = [drawn(draw, normal, 20, earlier, factor).rows[0] for _ in range(100)]
            found = sum(row.verdict is Verdict.SLOWER for row in rows)
            print(f"{factor} times as long, {earlier} earlier runs: {found} of 100")  # noqa: T201


if __name__ == "__main__":
    main()
