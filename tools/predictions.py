"""Are predictions true? Predicts each workload of saved runs by the prices of all others.

    python tools/predictions.py results
    python tools/predictions.py --each results/MACHINE

Each run is taken alone: one workload is left out, prices are fitted to the others, and the sizes of
the one left out are predicted from what a user would know: how long a task takes in a plain loop,
how many there are, what they do, and how much data they carry. Where a kind of work has a single
workload (as waiting in older runs), one size is left out instead, which is easier; it is counted
apart.

A prediction of the best model is right if that model is one of those that nothing is shown to beat,
or took at most 10 % longer than the fastest. Beside it stands the rule of thumb "processes for CPU,
asyncio for waiting", and always the plain loop.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from raceway.analysis.prices.forecast import ALIKE, Question
from raceway.analysis.prices.observations import Work
from raceway.analysis.prices.tariff import Tariff, tariff_of
from raceway.analysis.run.best import best_of
from raceway.analysis.run.limits import APART
from raceway.analysis.run.plausible import is_too_good
from raceway.analysis.run.ranking import is_telling
from raceway.analysis.run.results import results_of
from raceway.case import SERIAL
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from raceway.analysis.prices.forecast import Prediction
    from raceway.analysis.prices.observations import Observation
    from raceway.analysis.run.results import Result
    from raceway.record import Run

PROCESSES, WAITING = "processes-fork", "asyncio"
"""What the rule of thumb chooses."""


@dataclass(slots=True)
class Score:
    """How predictions of one kind fared."""

    right: int = 0
    groups: int = 0
    unpredicted: int = 0
    thumb: int = 0
    serial: int = 0
    errors: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Relative errors of times, by what runs the tasks."""
    misses: list[str] = field(default_factory=list)


def main() -> None:
    """Read the runs in the given folders and print how their predictions fared."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--each", action="store_true", help="name every miss")
    arguments = parser.parse_args()
    files = sorted(file for each in arguments.folders for file in each.glob("**/*.json"))
    runs = [run for _, run in load(files).runs]
    scores: dict[str, Score] = defaultdict(Score)
    for run in runs:
        score_run(run, scores)
    print(f"{len(runs)} runs")
    for what, score in scores.items():
        print("\n".join(lines_of(what, score, each=arguments.each)))


def score_run(run: Run, scores: dict[str, Score]) -> None:
    """Predict each workload of a run from the others, and compare."""
    label = run.header.environments[0].label if run.header.environments else "current"
    tariff, results = tariff_of([run], label), results_of(run)
    for workload in dict.fromkeys(each.workload for each in tariff.observations):
        mine = [each for each in tariff.observations if each.workload == workload]
        rest = [each for each in tariff.observations if each.workload != workload]
        alone = not any(each.work is mine[0].work for each in rest)
        for group in dict.fromkeys(each.group for each in mine):
            members = [each for each in mine if each.group == group]
            known = [each for each in mine if each.group != group] if alone else rest
            score = scores["one size left out" if alone else "one workload left out"]
            contenders = contenders_of(results, group, label)
            if len(contenders) > 1 and members[0].tasks > 1:
                compare(replaced(tariff, known), members, contenders, score)


def replaced(tariff: Tariff, observations: Iterable[Observation]) -> Tariff:
    """Return the prices of other cases."""
    return Tariff(
        runs=tariff.runs, machine=tariff.machine, interpreter=tariff.interpreter,
        cores=tariff.cores, observations=tuple(observations),
    )  # fmt: skip


def contenders_of(results: Sequence[Result], group: str, label: str) -> list[Result]:
    """Return the measured cases of a group, fastest first."""
    mine = [
        each
        for each in results
        if each.group == group and each.record.interpreter == label
        and each.per_pass_s is not None and is_telling(each) and not is_too_good(each)
    ]  # fmt: skip
    return sorted(mine, key=lambda each: each.per_pass_s or 0.0)


def compare(
    tariff: Tariff, members: Sequence[Observation], contenders: Sequence[Result], score: Score
) -> None:
    """Add to a score what a group shows."""
    first = members[0]
    question = Question(
        task_s=first.task_s, tasks=first.tasks, payload_mib=first.payload_mib / first.tasks,
        work=first.work,
    )  # fmt: skip
    forecast = tariff.forecast(question)
    times = {each.record.model: each.per_pass_s or 0.0 for each in reversed(contenders)}
    predicted = [each for each in forecast.predictions if each.model in times]
    if all(each.model == SERIAL for each in predicted):
        score.unpredicted += 1
        return
    score.groups += 1
    good = {each.record.model for each in best_of(contenders)}
    good |= {model for model, time_s in times.items() if time_s <= ALIKE * min(times.values())}
    score.right += predicted[0].model in good
    score.thumb += (WAITING if first.work is Work.WAITS else PROCESSES) in good
    score.serial += SERIAL in good
    if predicted[0].model not in good:
        score.misses.append(missed(first.group, predicted[0], times, good))
    for each in predicted:
        if each.model != SERIAL:
            name = "pools of processes" if each.family in APART else "one process"
            score.errors[name].append(abs(each.time.centre / times[each.model] - 1))
            if each.outside == ():
                score.errors[f"{name}, within the range measured"].append(
                    abs(each.time.centre / times[each.model] - 1)
                )


def missed(group: str, best: Prediction, times: dict[str, float], good: set[str]) -> str:
    """Return a miss in words."""
    ratio = times[best.model] / min(times.values())
    return f"{group}: {best.model}, which took {ratio:.2f} of the fastest; best: {sorted(good)}"


def lines_of(what: str, score: Score, *, each: bool) -> Iterator[str]:
    """Yield a score in words."""
    if not score.groups:
        return

    def share(count: int) -> str:
        return f"{count} of {score.groups} ({count / score.groups:.0%})"

    yield f"{what}: best predicted right in {share(score.right)}"
    yield f"  rule of thumb {share(score.thumb)}, always serial {share(score.serial)}"
    if score.unpredicted:
        yield f"  {score.unpredicted} more without any prediction"
    for name, errors in sorted(score.errors.items()):
        nine = quantiles(errors, n=10)[-1] if len(errors) > 1 else errors[0]
        yield (
            f"  {name}: median error of times {median(errors):.1%}, nine in ten within {nine:.0%}"
            f" ({len(errors)} times)"
        )
    if each:
        yield from (f"  missed {miss}" for miss in score.misses)


if __name__ == "__main__":
    main()
