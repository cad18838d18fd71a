"""What pairs of runs of the same code show: false alarms, and how far they differ."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations
from statistics import median, quantiles
from typing import TYPE_CHECKING

from raceway.analysis.comparison.comparison import compare_sides
from raceway.analysis.comparison.host import PARALLEL_CORES
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.analysis.comparison.pairing import Pairing
from raceway.analysis.comparison.samples import Side
from raceway.analysis.comparison.verdicts import FEWEST_LAUNCHES, Terms, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.record import Run

PLAIN_GATE = 1.05


def told_of(runs: Sequence[Run], threshold: float) -> Iterator[str]:
    """Yield the verdicts on all pairs, the pairs with false alarms, and how far they differ."""
    told: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    pairs = list(combinations(runs, 2))
    for a, b in pairs:
        rows = compare_sides(Side("A", [a]), Side("B", [b]), Terms(threshold=threshold)).rows
        told.update(str(row.verdict) for row in rows if row.matchup.b.record.workload)
        verdicts = {row.verdict for row in rows}
        alarms["slower"] += Verdict.SLOWER in verdicts
        alarms["slower or faster"] += bool(verdicts & {Verdict.SLOWER, Verdict.FASTER})
        alarms["plain 5 % gate on medians"] += plain_alarm(a, b)
    yield (
        f"{len(runs)} runs of the same code, {len(pairs)} pairs;"
        f" verdicts on raced cases: {dict(told)}"
    )
    for what, number in alarms.items():
        yield f"pairs with a false alarm, {what}: {number} of {len(pairs)}"
    yield from errors_by_normalisation(runs)


def errors_by_normalisation(runs: Sequence[Run]) -> Iterator[str]:
    """Yield how far two runs of the same code differ by each normalisation, and which is chosen.

    The usual difference of a case is 1.4826 times the median; the extreme one is exceeded by 5 %.
    """
    errors: defaultdict[tuple[str, str], dict[Normalisation, list[float]]] = defaultdict(dict)
    chosen: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for a, b in combinations(runs, 2):
        for matchup in Pairing.of(Side("A", [a]), Side("B", [b])).matchups():
            parallel = (matchup.b.cores_used or 0) >= PARALLEL_CORES
            group = (matchup.b.record.kind, "several cores" if parallel else "one core")
            chosen[group][matchup.normalisation] += 1
            for normalisation in (Normalisation.RAW, Normalisation.ANCHOR, Normalisation.PARALLEL):
                shift = replace(matchup, normalisation=normalisation).shift()
                if shift and shift.launches >= FEWEST_LAUNCHES:
                    errors[group].setdefault(normalisation, []).append(abs(shift.log))
    for group, known in sorted(errors.items()):
        told = ", ".join(
            f"{normalisation} {1.4826 * median(each):.2%} (5 % beyond {top(each):.1%})"
            for normalisation, each in known.items()
        )
        picks = ", ".join(
            f"{normalisation} {number}" for normalisation, number in chosen[group].items()
        )
        yield f"{' on '.join(group)}: {told}; chosen: {picks}"


def top(values: list[float]) -> float:
    """Return the value that 5 % of the values exceed."""
    return quantiles(values, n=20)[-1]


def plain_alarm(a: Run, b: Run) -> bool:
    """Whether `--benchmark-compare-fail=median:5%` would fail B against A."""
    medians = [
        {
            row.case: row.matchup.b.pass_s
            for row in compare_sides(Side("", [each]), Side("", [each])).rows
        }
        for each in (a, b)
    ]
    shared = [case for case in medians[0] if medians[0][case] and medians[1].get(case)]
    return any(medians[1][case] > PLAIN_GATE * medians[0][case] for case in shared)
