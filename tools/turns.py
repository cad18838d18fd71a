"""Measures how noise lasts: how far ratios of serial over a pool scatter, by how they are spread.

    python tools/turns.py [--seconds 150] [--pass-ms 10]

One pass of a plain loop and one of a pool of two processes take turns. Printed is the standard
deviation of the mean log ratio of some of these pairs, in a row and so many seconds apart. Where
pairs apart scatter less than pairs in a row, short turns tell more than long ones.
"""

from __future__ import annotations

import argparse
import math
import time
from multiprocessing import Pool
from statistics import fmean, pstdev
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTS = (1, 2, 5, 10)
GAPS_S = (0.0, 0.1, 0.5, 1.0, 3.0)


def main() -> None:
    """Take turns for a while, and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--pass-ms", type=float, default=10.0)
    asked = parser.parse_args()
    logs = log_ratios(asked.seconds, asked.pass_ms / 1e3)
    pair_s = asked.seconds / len(logs)
    print(f"{len(logs)} pairs of {1e3 * pair_s:.1f} ms, mean ratio {math.exp(fmean(logs)):.2f}")
    print("| pairs | " + " | ".join(f"{gap_s:g} s apart" for gap_s in GAPS_S) + " |")
    print("| --- " * (len(GAPS_S) + 1) + "|")
    for count in COUNTS:
        cells = [scatter(logs, count, max(1, round(gap_s / pair_s))) for gap_s in GAPS_S]
        print(f"| {count} | " + " | ".join(f"{each:.3f}" for each in cells) + " |")


def log_ratios(seconds: float, pass_s: float) -> list[float]:
    """Return the log ratios of serial over the pool, pair by pair."""
    rounds = rounds_in(pass_s / 2)
    tasks = [rounds, rounds]
    logs = []
    with Pool(2) as pool:
        pool.map(spin, tasks, chunksize=1)
        end_s = time.perf_counter() + seconds
        while (begun_s := time.perf_counter()) < end_s:
            list(map(spin, tasks))
            between_s = time.perf_counter()
            pool.map(spin, tasks, chunksize=1)
            logs.append(math.log((between_s - begun_s) / (time.perf_counter() - between_s)))
    return logs


def scatter(logs: Sequence[float], count: int, step: int) -> float:
    """Return the deviation of means of `count` pairs, each `step` pairs after the one before."""
    span = step * (count - 1)
    starts = range(max(len(logs) - span, 0))
    means = [fmean(logs[start : start + span + 1 : step]) for start in starts]
    return pstdev(means) if means else math.nan


def rounds_in(seconds: float) -> int:
    """Return how many rounds of spinning take so long."""
    rounds = 1_000
    while True:
        begun_s = time.perf_counter()
        spin(rounds)
        if (took_s := time.perf_counter() - begun_s) > seconds / 4:
            return round(rounds * seconds / took_s)
        rounds *= 2


def spin(rounds: int) -> int:
    """Compute for a while."""
    total = 0
    for number in range(rounds):
        total += number * number
    return total


if __name__ == "__main__":
    main()
