"""Simulates whether looks after 3, 5, 8 and 12 launches answer as well as five fixed launches.

    python tools/sequential.py [results/linux-x86_64-epyc-2c-db5090] [--runs 200]

Whole runs are simulated with a seed, group by group, under the rules that end groups in a race.
Launches are drawn with replacement from the runs in a folder, all cases of a group together, or
made up: 16 groups of 4 cases with true speedups between 0.7 and 2.

- phases: the machine's speed changes by 2.3 times in phases of 20 to 90 s; cases take turns;
- bursts: a neighbour takes a core for a part of each launch, which the pools feel;
- bimodal: launches of pools are 8 % fast or slow.

The truth is the mean of the launches drawn from. `pays` below 1.00 and `as serial` above 1.10 are
wrong. A truth is covered if it lies in the interval of the look at which the group ended. Five
fixed launches get intervals by Student's t or its robust relative at 95 %, as before looks.
"""

from __future__ import annotations

import argparse
import math
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, variance
from typing import TYPE_CHECKING

import numpy as np

from raceway.analysis.run.payoff import Payoff, payoff_of
from raceway.analysis.run.questions import question_of
from raceway.analysis.run.results import results_of
from raceway.analysis.stats.intervals import centre_of, estimate_around
from raceway.analysis.stats.shrinkage import moderated
from raceway.plan.profile import DEFAULT
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from raceway.analysis.stats.intervals import Estimate

    Floats = NDArray[np.float64]
    """Logarithms of speedups over serial: a row per launch, a column per case."""

SEED = 20261126
FIXED = 5
GROUPS, CASES, LAUNCHES, TURNS = 16, 4, 400, 20
SLOWEST = math.log(2.3)


@dataclass(frozen=True, slots=True)
class Group:
    """A population of launches, and the model of each case."""

    logs: Floats
    models: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Counts over all cases."""

    cases: int = 0
    covered: int = 0
    wrong: int = 0
    open: int = 0
    launches: list[int] = field(default_factory=list)

    def add(self, truths: Floats, estimates: Sequence[Estimate | None], launches: int) -> None:
        """Count the cases of a group that has ended."""
        self.launches.append(launches)
        for truth, estimate in zip(np.exp(truths), estimates, strict=True):
            said = payoff_of(estimate)
            self.cases += 1
            self.open += said is Payoff.UNCLEAR
            wrong_pays = said is Payoff.PAYS and truth < 1
            self.wrong += bool(wrong_pays or (said is Payoff.AS_SERIAL and truth > 1.10))  # noqa: PLR2004 (the rule's own)
            known = estimate and estimate.low is not None and estimate.high is not None
            self.covered += bool(known and estimate.low <= truth <= estimate.high)  # type: ignore[union-attr,operator]

    def row(self, name: str, rule: str) -> str:
        """Return one line of the table."""
        return (
            f"| {name} | {rule} | {self.covered / self.cases:.1%} | {self.wrong / self.cases:.2%} |"
            f" {self.open / self.cases:.1%} | {np.mean(self.launches):.1f} |"
            f" {median(self.launches):.0f} |"
        )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    usual = Path(__file__).parents[1] / "results" / "linux-x86_64-epyc-2c-db5090"
    parser.add_argument("folder", nargs="?", type=Path, default=usual)
    parser.add_argument("--runs", type=int, default=200)
    given = parser.parse_args()
    draw = np.random.default_rng(SEED)
    populations: dict[str, list[Group]] = {
        "committed runs": real(given.folder),
        **{kind: made_up(draw, noise) for kind, noise in NOISES.items()},
    }
    print("| launches | rule | covered | wrong | undecided | launches per group | median |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, groups in populations.items():
        looks, fixed = Tally(), Tally()
        for _ in range(given.runs):
            raced_in_looks(groups, draw, looks)
            raced_fixed(groups, draw, fixed)
        print(looks.row(name, "looks"))
        print(fixed.row(name, "five"))


def raced_in_looks(groups: Sequence[Group], draw: np.random.Generator, tally: Tally) -> None:
    """Simulate a run that ends groups at looks, once nothing is open in them."""
    seen = [group.logs[draw.integers(len(group.logs), size=DEFAULT.launches)] for group in groups]
    racing = dict.fromkeys(range(len(groups)), 0)
    for look in DEFAULT.looks:
        error = 1 - DEFAULT.confidence_at(look)
        for place in racing:
            racing[place] = look
        usual = usual_variances(groups, seen, dict(racing))
        for place in list(racing):
            logs, models = seen[place][:look], groups[place].models
            centres = [
                moderated(logs[:, case].tolist(), usual[model]) for case, model in enumerate(models)
            ]
            told = [estimate_around(each, 1 - error) for each in centres]
            shared = [estimate_around(each, 1 - error / len(models)) for each in centres]
            if not question_of(told, shared) or look == DEFAULT.looks[-1]:
                tally.add(groups[place].logs.mean(axis=0), told, look)
                del racing[place]


def usual_variances(
    groups: Sequence[Group], seen: Sequence[Floats], launches: dict[int, int]
) -> dict[str, float]:
    """Return the median variance of each model's cases in all groups."""
    found: dict[str, list[float]] = {}
    for place, group in enumerate(groups):
        count = launches.get(place, DEFAULT.looks[0])
        for case, model in enumerate(group.models):
            found.setdefault(model, []).append(variance(seen[place][:count, case].tolist()))
    return {model: median(known) for model, known in found.items()}


def raced_fixed(groups: Sequence[Group], draw: np.random.Generator, tally: Tally) -> None:
    """Simulate a run that races each group five times and takes each case by itself."""
    for group in groups:
        logs = group.logs[draw.integers(len(group.logs), size=FIXED)]
        centres = [centre_of(logs[:, case].tolist()) for case in range(len(group.models))]
        told = [each and estimate_around(each) for each in centres]
        tally.add(group.logs.mean(axis=0), told, FIXED)


def real(folder: Path) -> list[Group]:
    """Return the launches of a folder's runs by group, for cases that all runs have."""
    logs: dict[str, dict[str, list[float]]] = {}
    models: dict[str, str] = {}
    for _, run in load(sorted(folder.glob("*.json"))).runs:
        for result in results_of(run):
            if result.over and result.timing.launches:
                ratios = result.peers.by_launch(result.over, result.record).values()
                cases = logs.setdefault(result.group, {})
                cases.setdefault(result.record.id, []).extend(map(math.log, ratios))
                models[result.record.id] = result.record.model
    groups = []
    for cases in logs.values():
        most = max(map(len, cases.values()))
        whole = {case: known for case, known in cases.items() if len(known) == most}
        columns = np.array(list(whole.values())).T
        groups.append(Group(columns, tuple(models[case] for case in whole)))
    return groups


def made_up(draw: np.random.Generator, noise: Callable[..., Floats]) -> list[Group]:
    """Return groups of invented cases whose launches vary by a kind of noise."""
    models = tuple(f"model {case}" for case in range(CASES))
    return [
        Group(draw.uniform(math.log(0.7), math.log(2), CASES) + noise(draw), models)
        for _ in range(GROUPS)
    ]


def phases(draw: np.random.Generator) -> Floats:
    """Return launches in which the speed changes: medians of ratios turn by turn."""
    changes = draw.random((LAUNCHES, TURNS, CASES)) < 1 / TURNS
    jumps = changes * draw.uniform(-SLOWEST, SLOWEST, changes.shape)
    turns = jumps + draw.normal(0, 0.02, changes.shape)
    layout = draw.normal(0, 0.02, (LAUNCHES, CASES))
    medians: Floats = np.median(turns, axis=1) + layout
    return medians


def bursts(draw: np.random.Generator) -> Floats:
    """Return launches in which a neighbour had a core for some of the time."""
    share = draw.beta(0.5, 1.5, (LAUNCHES, 1))
    felt = np.linspace(0, 1, CASES)
    lost: Floats = -share * felt * math.log(2) + draw.normal(0, 0.03, (LAUNCHES, CASES))
    return lost


def bimodal(draw: np.random.Generator) -> Floats:
    """Return launches in which each case is in one of two modes."""
    modes = np.where(draw.random((LAUNCHES, CASES)) < 0.5, -0.08, 0.08)  # noqa: PLR2004 (a fair coin)
    launches: Floats = modes + draw.normal(0, 0.02, (LAUNCHES, CASES))
    return launches


NOISES: dict[str, Callable[[np.random.Generator], Floats]] = {
    "phases": phases,
    "bursts": bursts,
    "bimodal": bimodal,
}


if __name__ == "__main__":
    main()
