"""Turns what users type into the two sides of a comparison."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.analysis.comparison.host import differing_facts
from raceway.analysis.comparison.likeness import same_interpreter
from raceway.analysis.comparison.samples import Side
from raceway.errors import SelectionError
from raceway.measure.machine.commit import commit_of
from raceway.store.baseline import DEFAULT, baselines
from raceway.store.reference import refer
from raceway.store.runs import load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.sessions import PastLevels
    from raceway.record import Run
    from raceway.store.reference import Reference

MOST_RUNS = 10
"""Only a folder's newest runs are compared: older ones were measured under other conditions."""


@dataclass(slots=True)
class Chooser:
    """Finds runs, and notes which it had to leave out."""

    results: Path
    notes: list[str] = field(default_factory=list)
    folders: dict[str, Path] = field(default_factory=dict)
    """Of each run read, by its id, where it lies."""

    def sides(self, a: str, b: str) -> tuple[Side, Side]:
        """Return both sides, of the same machine if both have runs of it.

        StoreError or SelectionError if a word means no run that can be read.
        """
        meant_a, meant_b = self.refer(a), self.refer(b)
        runs_a, runs_b = self.runs(meant_a), self.runs(meant_b)
        machine = newest(runs_b).header.machine.id
        side_b = self.side(meant_b, runs_b, machine)
        ids = {run.header.run_id for run in side_b.runs}
        others = [run for run in runs_a if run.header.run_id not in ids]
        if not others and meant_a.interpreter == meant_b.interpreter:
            self.notes.append(f"{a} and {b} are the same: this compares a run with itself")
        return self.side(meant_a, others or runs_a, machine), side_b

    def past(self, side: Side) -> PastLevels:
        """Return the levels of earlier runs that are similar to a side's."""
        from raceway.archive.like_runs import levels_of_like_runs  # noqa: PLC0415 (numpy: comparisons only)

        folder = self.folders.get(side.runs[-1].header.run_id)
        return levels_of_like_runs(self.results, side, folder)

    def lacks_baseline(self, name: str, run: str) -> bool:
        """Whether a name is that of a baseline that the run's machine does not have yet."""
        return self.is_baseline(name) and name not in baselines(self.refer(run).paths[-1].parent)

    def is_baseline(self, name: str) -> bool:
        """Whether the name is the default, or that of some machine's baseline."""
        known = (baselines(folder) for folder in self.results.glob("*/"))
        return name == DEFAULT or any(name in each for each in known)

    def refer(self, word: str) -> Reference:
        """Return the runs that a word means."""
        return refer(self.results, word, lambda revision: commit_of(Path.cwd(), revision))

    def runs(self, meant: Reference) -> list[Run]:
        """Return the readable runs, oldest first; SelectionError if there is none."""
        loaded = load(meant.paths)
        self.notes += loaded.problems
        if not loaded.runs:
            raise SelectionError(f"{meant.word}: holds no run that can be read; choose another")
        self.folders |= {run.header.run_id: path.parent for path, run in loaded.runs}
        runs = [run for _, run in loaded.runs]
        label = meant.interpreter
        if label is not None:
            known = {each.label: None for run in runs for each in run.header.environments}
            runs = [run for run in runs if label in labels_of(run)]
            if not runs:
                choice = f"choose from {', '.join(known)}" if known else "it names none"
                raise SelectionError(f"{meant.word}: no interpreter {label} was raced; {choice}")
        return sorted(runs, key=lambda run: run.header.started_at)

    def side(self, meant: Reference, runs: Sequence[Run], machine: str) -> Side:
        """Return the newest runs of one machine and interpreter, of `machine` if there are any."""
        here = [run for run in runs if run.header.machine.id == machine] or runs
        chosen = [run for run in here if alike(run, newest(here))]
        chosen = [run for run in chosen if same_host(run, newest(here))][-MOST_RUNS:]
        if len(chosen) < len(runs):
            self.notes.append(
                f"{meant.word}: {len(chosen)} of {len(runs)} runs are compared: the newest of one"
                " machine, host and interpreter"
            )
        return Side(meant.word, chosen, meant.interpreter)


def labels_of(run: Run) -> list[str]:
    """Return the labels of the interpreters that were raced."""
    return [each.label for each in run.header.environments]


def newest(runs: Sequence[Run]) -> Run:
    """Return the run that began last."""
    return max(runs, key=lambda run: run.header.started_at)


def same_host(run: Run, other: Run) -> bool:
    """Whether the hosts of two runs do not differ in any known fact."""
    return not differing_facts(run.header.host, other.header.host)


def alike(run: Run, other: Run) -> bool:
    """Whether two runs have the same machine and the same first interpreter."""
    environments = [each.header.environments[:1] for each in (run, other)]
    if run.header.machine.id != other.header.machine.id:
        return False
    if not all(environments):
        return environments[0] == environments[1]
    return same_interpreter(environments[0][0], environments[1][0])
