"""What a run is compared with by default: its machine's baseline, or the run before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.analysis.comparison.samples import Side
from raceway.analysis.history.past import moment
from raceway.archive.resolve import alike
from raceway.record import SUITE
from raceway.store.baseline import DEFAULT, baseline_file, baselines
from raceway.store.runs import DUELS, GATES, load
from raceway.text.printable import printable

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.record import Run

ANY_CASE = ""
"""Stands for all raced cases: runs of other workloads are compared, too, and say so."""
MOST_PASSED_OVER = 20
"""Files read in search of the run before."""


def earlier(run_file: Path, run: Run, notes: list[str]) -> Side | None:
    """Return what to compare a run with: its machine's baseline, else the run before it.

    None if there is neither, or the run belongs to a duel or gate. The run before has the same
    interpreter and was not resumed; only the last few files are searched. `notes` gets a message if
    the baseline cannot be compared with.
    """
    folder = run_file.parent
    if folder.name in {DUELS, GATES}:
        return None
    if pointer := baseline_file(folder):
        named = baselines(folder).get(DEFAULT)
        found = _read(named) if named else None
        if found and _comparable(found, run):
            return Side(DEFAULT, [found])
        if found is None or found.header.run_id != run.header.run_id:
            why = "is of other cases or another machine" if found else "cannot be read"
            notes.append(f"{printable(pointer)}: the run it names {why}; choose another with"
                         " `raceway baseline set`")  # fmt: skip
    before = [file for file in sorted(folder.glob("*.json")) if file.name < run_file.name]
    resumed = {run.header.resumed_from}
    for file in before[: -MOST_PASSED_OVER - 1 : -1]:
        found = _read(file)
        if found and _comparable(found, run) and alike(found, run) and _before(found, run):
            if found.header.run_id not in resumed:
                return Side("the run before", [found])
            resumed.add(found.header.resumed_from)
    return None


def _before(found: Run, run: Run) -> bool:
    return moment(found.header.started_at) < moment(run.header.started_at)


def _read(file: Path) -> Run | None:
    return next((run for _, run in load([file]).runs), None)


def _comparable(found: Run, run: Run) -> bool:
    """Whether two different runs are of the same machine, and measured some case in common.

    Plain benchmarks count in runs of suites only: elsewhere they have no launches.
    """
    raced = bool(_measured(found) & _measured(run))
    here = found.header.machine.id == run.header.machine.id
    return here and raced and found.header.run_id != run.header.run_id


def _measured(run: Run) -> set[str]:
    """Return what of a run can be compared."""
    of_suite = run.header.profile == SUITE
    return {each.id if of_suite else ANY_CASE for each in run.records
            if each.launches and (each.workload or of_suite)}  # fmt: skip
