"""Tells whether the main job answers, also on a noisy machine, and whether its answers are true.

    python tools/answers.py measure FOLDER [--quiet 11] [--noisy 6]    # about 4 minutes a run
    python tools/answers.py figures FOLDER [--against results] [--uneven]

`measure` races `pytest bench/` again and again, noisy runs (tools/noise.py, both kinds in turn)
between the quiet ones. `figures` takes the quiet runs together for the truth: a case pays, or does
not, where the interval of its speedup over all of them lies wholly above 1.10 or below 1.00.
`--uneven` pairs turns at the speeds that the cores happened to have. Shares have a 95 % interval
(Wilson); runs of one set are not independent, so the true ones are wider. tools/repeats.py tells of
the same folder whether advice repeats.
"""

from __future__ import annotations

import argparse
import csv
import math
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime
from itertools import combinations, islice, pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from noise import KINDS, noise
from scipy.stats import binomtest

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.host import PARALLEL_CORES
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import Terms, Verdict
from raceway.analysis.run import results as of_run
from raceway.analysis.run.payoff import COULD_PAY, Payoff, payoff_of
from raceway.analysis.run.results import results_of
from raceway.analysis.stats.intervals import estimate_of
from raceway.archive.like_runs import levels_of_like_runs
from raceway.case import CURRENT, Kind
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raceway.analysis.comparison.sessions import PastLevels
    from raceway.analysis.comparison.verdicts import Row
    from raceway.analysis.run.results import Result
    from raceway.analysis.run.timing import Timing
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Launch, Record, Run

QUIET, NOISY = "quiet", "noisy"
WALLS = "walls.csv"
ALL_CORES = 0.95
"""Share of the usable cores that counts as all of them."""
THRESHOLDS = {"waiting": 0.05, "one core": 0.05, "several cores": 0.15}
"""The change at which consecutive runs are compared, by class of work."""


def main() -> None:
    """Measure the runs, or print their figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=("measure", "figures"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--quiet", type=int, default=11)
    parser.add_argument("--noisy", type=int, default=6)
    parser.add_argument("--against", type=Path, help="runs of the same code on other hosts")
    parser.add_argument("--uneven", action="store_true", help="as if no speeds were known")
    asked = parser.parse_args()
    if asked.uneven:
        of_run.at_even_speed = dict_of
    if asked.what == "measure":
        measure(asked.folder, asked.quiet, asked.noisy)
        return
    runs = {kind: runs_in(asked.folder / kind) for kind in (QUIET, NOISY)}
    for line in figures(asked.folder, runs[QUIET], runs[NOISY]):
        print(line)
    if asked.against:
        print(hosts(runs[QUIET], runs_in(asked.against)))


def dict_of(raced: Sequence[tuple[Record, Timing]]) -> dict[str, Timing]:
    """Return the timings by case id as they are."""
    return {record.id: timing for record, timing in raced}


def measure(folder: Path, quiet: int, noisy: int) -> None:
    """Race, the noisy runs spread evenly among the quiet ones."""
    kinds = iter([*KINDS] * noisy)
    slots = [(number / quiet, "") for number in range(quiet)]
    slots += [((number + 0.5) / noisy, next(kinds)) for number in range(noisy)]
    for number, (_, kind) in enumerate(sorted(slots), 1):
        results = folder / (NOISY if kind else QUIET)
        bench = [sys.executable, "-m", "pytest", "bench", "-q", "--results", str(results)]
        with noise(kind):
            start_s = time.monotonic()
            code = subprocess.run(  # noqa: S603 (our own program)
                bench, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ).returncode
            wall_s = time.monotonic() - start_s
        with (folder / WALLS).open("a", newline="") as file:
            csv.writer(file).writerow([kind or QUIET, f"{wall_s:.1f}", code])
        told_so_far = f"run {number} of {len(slots)}: {kind or QUIET}, {wall_s:.0f} s"
        print(f"{told_so_far}, exit code {code}", flush=True)


def runs_in(folder: Path) -> list[Run]:
    """Return the runs saved in a folder, oldest first."""
    return [run for _, run in load(sorted(folder.glob("*/*.json"))).runs]


def figures(folder: Path, quiet: Sequence[Run], noisy: Sequence[Run]) -> Iterator[str]:
    """Yield the figures of a set, a line each."""
    yield f"{len(quiet)} quiet and {len(noisy)} noisy runs"
    yield from walls(folder)
    results = {QUIET: [results_of(run) for run in quiet], NOISY: [results_of(run) for run in noisy]}
    truth = truth_of(results[QUIET])
    for kind, each in results.items():
        yield from answered(kind, each, truth)
    yield from times(quiet)
    yield capacity(quiet)
    past = levels_of_like_runs(folder / QUIET, Side("past", [quiet[-1]]))
    yield from told(quiet, past)
    yield false_verdicts("quiet pairs", list(combinations(quiet, 2)), past)


def walls(folder: Path) -> Iterator[str]:
    """Yield how long runs took from start to exit."""
    with (folder / WALLS).open(newline="") as file:
        rows = list(csv.reader(file))
    for kind in dict.fromkeys(row[0] for row in rows):
        known = sorted(float(row[1]) for row in rows if row[0] == kind)
        codes = Counter(int(row[2]) for row in rows if row[0] == kind)
        yield (
            f"wall time, {kind}: {known[0]:.0f} to {known[-1]:.0f} s, median {median(known):.0f};"
            f" exit codes {dict(codes)}"
        )


def truth_of(runs: Sequence[Sequence[Result]]) -> dict[str, Estimate]:
    """Return each case's speedup over several runs, a run being one observation."""
    centres: dict[str, list[float]] = {}
    for results in runs:
        for each in results:
            if each.speedup:
                centres.setdefault(each.record.id, []).append(each.speedup.centre)
    found = {case: estimate_of(known) for case, known in centres.items()}
    return {case: each for case, each in found.items() if each and each.low is not None}


def answered(
    kind: str, runs: Sequence[Sequence[Result]], truth: dict[str, Estimate]
) -> Iterator[str]:
    """Yield how many cases got an answer, and how many of the answers are wrong."""
    cases = [each for results in runs for each in results if each.speedup]
    told = [(each, payoff(each)) for each in cases]
    unclear = [each for each, answer in told if answer is Payoff.UNCLEAR]
    withheld = {id(each) for each in unclear if payoff_of(each.speedup) is not Payoff.UNCLEAR}
    answerable = [
        (each, answer)
        for each, answer in told
        if each.record.id in truth and id(each) not in withheld and decided(truth[each.record.id])
    ]
    found = sum(answer is not Payoff.UNCLEAR for _, answer in answerable)
    false = [
        f"{each.record.id} {answer}, {each.speedup}, truly {truth[each.record.id]}"
        for each, answer in told
        if each.record.id in truth and is_wrong(answer, truth[each.record.id])
    ]
    yield f"{kind}: unclear {share(len(unclear), len(cases))} of cases, {len(withheld)} withheld"
    yield f"{kind}: answered {share(found, len(answerable))} of the answerable"
    yield f"{kind}: wrong {share(len(false), len(told) - len(unclear))} of answers"
    yield from false
    yield f"{kind}: intervals of what computes, end to end: {width(cases):.2f} (as logarithms)"
    names = Counter(each.record.id for each in unclear)
    yield f"{kind}: most often unclear: {', '.join(f'{n} {c}' for n, c in names.most_common(8))}"


def payoff(result: Result) -> Payoff:
    """Return the answer of a case, noise considered."""
    return payoff_of(result.speedup, flattered=result.bias.flattered, slowed=result.bias.slowed)


def width(cases: Iterable[Result]) -> float:
    """Return the median width of the intervals of cases that compute."""
    known = [
        math.log(each.speedup.high / each.speedup.low)
        for each in cases
        if each.record.kind != Kind.IO and each.speedup and each.speedup.low and each.speedup.high
    ]
    return median(known)


def decided(truth: Estimate) -> bool:
    """Whether the truth is wholly above what pays, or below serial."""
    return (truth.low or 0) > COULD_PAY or (truth.high or math.inf) < 1


def is_wrong(answer: Payoff, truth: Estimate) -> bool:
    """Whether an answer contradicts the truth."""
    if answer is Payoff.PAYS:
        return (truth.high or math.inf) < 1
    return answer is Payoff.AS_SERIAL and (truth.low or 0) > COULD_PAY


def times(runs: Sequence[Run]) -> Iterator[str]:
    """Yield how much of the time was timed, and what a case costs beside."""
    timed, beside = [], []
    for run in runs:
        raced = [launch for record in run.records if record.workload for launch in record.launches]
        every = [launch for record in run.records for launch in record.launches]
        groups_s = sum(group.wall_s for group in run.groups)
        timed.append(seconds(every) / lasted_s(run))
        beside.append((groups_s - seconds(raced)) / len(raced))
    yield f"timed: {min(timed):.0%} to {max(timed):.0%} of a run, median {median(timed):.0%}"
    yield f"beside the rounds: {median(beside):.2f} s a case and launch in the median run"


def seconds(launches: Iterable[Launch]) -> float:
    """Return the seconds of all rounds."""
    return sum(sum(launch.rounds_ns) for launch in launches) / 1e9


def lasted_s(run: Run) -> float:
    """Return how long a run took, from its first line to its last."""
    start, end = run.header.started_at, run.finished_at
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def capacity(runs: Sequence[Run]) -> str:
    """Return how many groups had all cores."""
    known = [
        group.noise.parallel_capacity / run.header.machine.usable_cores
        for run in runs
        for group in run.groups
        if group.noise.parallel_capacity is not None
    ]
    free = sum(each >= ALL_CORES for each in known)
    return f"at least {ALL_CORES:.0%} of the cores ran: in {share(free, len(known))} quiet groups"


def told(runs: Sequence[Run], past: PastLevels) -> Iterator[str]:
    """Yield how many cases of consecutive runs got a verdict, by class of work."""
    for work, threshold in THRESHOLDS.items():
        rows = [
            row
            for a, b in pairwise(runs)
            for row in verdicts(a, b, threshold, past)
            if class_of(row) == work
        ]
        known = sum(row.verdict in {Verdict.SAME, Verdict.SLOWER, Verdict.FASTER} for row in rows)
        unclear = [row for row in rows if row.verdict is Verdict.UNCLEAR]
        why = Counter(row.reason.split(";")[0][:60] for row in unclear)
        yield f"consecutive quiet runs, {work}, {threshold:.0%}: told {share(known, len(rows))}"
        yield from (f"    {number} unclear: {reason}" for reason, number in why.most_common(4))


def verdicts(a: Run, b: Run, threshold: float, past: PastLevels) -> list[Row]:
    """Return the raced cases of two runs compared."""
    rows = compare_sides(Side("A", [a]), Side("B", [b]), Terms(threshold=threshold), past=past).rows
    return [row for row in rows if row.matchup.b.record.workload]


def class_of(row: Row) -> str:
    """Return the class of work of a case."""
    if row.matchup.b.record.kind == Kind.IO:
        return "waiting"
    parallel = (row.matchup.b.cores_used or 0) >= PARALLEL_CORES
    return "several cores" if parallel else "one core"


def false_verdicts(what: str, pairs: Sequence[tuple[Run, Run]], past: PastLevels | None) -> str:
    """Return how many pairs of runs of the same code got a false verdict at 5 %."""
    every = Counter[str]()
    alarms = 0
    examples: list[str] = []
    for a, b in pairs:
        rows = verdicts(a, b, 0.05, past or {})
        every.update(str(row.verdict) for row in rows)
        false = [row for row in rows if row.verdict in {Verdict.SLOWER, Verdict.FASTER}]
        alarms += bool(false)
        examples += [f"{row.case} {row.verdict}" for row in false]
    seen = ", ".join(f"{name} {count}" for name, count in islice(Counter(examples).items(), 5))
    return f"{what}: {dict(every)}; with a false verdict: {share(alarms, len(pairs))} {seen}"


def hosts(mine: Sequence[Run], theirs: Sequence[Run]) -> str:
    """Return the false verdicts between these runs and those of another host."""
    pairs = [
        (a, b)
        for a in theirs
        for b in mine
        if a.header.run_id != b.header.run_id and version_of(a) == version_of(b)
    ]
    return false_verdicts("against runs of other hosts", pairs, None)


def version_of(run: Run) -> str:
    """Return the version of the Python that raced; another one may well be faster."""
    return next((each.version for each in run.header.environments if each.label == CURRENT), "")


def share(part: int, whole: int) -> str:
    """Return a share with its counts and interval."""
    if not whole:
        return "0 of 0"
    low, high = binomtest(part, whole).proportion_ci(method="wilson")
    return f"{part} of {whole} ({part / whole:.1%}, {low:.1%} to {high:.1%})"


if __name__ == "__main__":
    main()
