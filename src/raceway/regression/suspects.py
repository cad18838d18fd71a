"""Which cases look slower, and whether they can be raced again here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from raceway.analysis.comparison.host import hosts_of
from raceway.analysis.comparison.likeness import same_interpreter
from raceway.analysis.comparison.pairing import side_by_side
from raceway.analysis.comparison.verdicts import FEWEST_LAUNCHES, Verdict
from raceway.case import CURRENT
from raceway.errors import SelectionError
from raceway.measure.machine.commit import probe_commit
from raceway.plan.engines import DASK, is_executor
from raceway.plan.selection import Selection
from raceway.record import SUITE
from raceway.session.session import environment_of
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.verdicts import Row
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Commit, Environment, Machine, Record, Run
    from raceway.session.lineup import Lineup
    from raceway.session.options import Options

BY_FILE = "its file with --model"


def incomparable(baseline: Side, candidate: Side) -> str:
    """Return why two sides cannot be compared at all; empty if they can."""
    if not same_interpreter(baseline.main_environment, candidate.main_environment):
        return "another interpreter: set a baseline that was measured with this one"
    if are_of_suites(baseline) is not are_of_suites(candidate) and holds_races(baseline, candidate):
        was, now = ("a suite", "races") if are_of_suites(baseline) else ("races", "a suite")
        return (
            f"the baseline is a run of {was}, and this one of {now}: name a baseline of each kind"
            " (`raceway baseline set RUN --name suite`), and judge by it (`--baseline suite`)"
        )
    return ""


def elsewhere(baseline: Side, candidate: Side) -> str:
    """Return why saved times of two sides do not compare, so that it takes a duel; else empty."""
    if baseline.machine.id != candidate.machine.id:
        return f"another machine: {baseline.machine.id} and {candidate.machine.id}"
    return "" if side_by_side(baseline, candidate) else hosts_of(baseline, candidate).reason


def are_of_suites(*sides: Side) -> bool:
    """Whether runs are of suites, whose plain benchmarks a duel of suites can race."""
    return all(side.runs[-1].header.profile == SUITE for side in sides)


def holds_races(*sides: Side) -> bool:
    """Whether any of the runs raced cases of raceway's own."""
    return any(record.workload for side in sides for record in side.runs[-1].records)


def suspects_in(comparison: Comparison) -> list[Row]:
    """Return the cases that are slower, and those that may be if a duel can race them."""
    threshold = comparison.terms.threshold
    slower = [row for row in comparison.rows if row.verdict is Verdict.SLOWER]
    may_be = raced(comparison.rows, plain=are_of_suites(comparison.a, comparison.b))
    suspected = [
        row
        for row in may_be
        if row.verdict is Verdict.UNCLEAR
        and row.matchup.a.launches + row.matchup.a.noisy >= FEWEST_LAUNCHES
        and (row.estimate is None or looks_slower(row.estimate, threshold))
    ]
    meant = {row.case for row in (*slower, *suspected)}
    return [row for row in comparison.rows if row.case in meant]


def raced(rows: Sequence[Row], *, plain: bool) -> list[Row]:
    """Return the cases that a duel can race: raceway's own, or with `plain` those of a suite."""
    return [row for row in rows if bool(row.matchup.b.record.workload) is not plain]


def only_looks_slower(unproven: Sequence[Row]) -> str:
    """Return that plain benchmarks look slower, and how to tell; empty if none does."""
    plain = [row for row in unproven if not row.matchup.b.record.workload]
    if not plain:
        return ""
    what = f"{numbers.count(len(plain), 'plain benchmark')} of pytest"
    how = "only `raceway duel --revisions A B --suite PATH` can confirm that"
    return f"{what} took longer, and {how}"


def looks_slower(estimate: Estimate, threshold: float) -> bool:
    """Whether an unclear ratio is worth a duel.

    It must be beyond the threshold, and its interval must reach less far below 1 than it lies
    above. If nothing changed, this holds for about one case in nine.
    """
    beyond = estimate.centre > 1 + threshold
    return beyond and (estimate.low is None or estimate.low > 1 / estimate.centre)


def neighbours_of(suspects: Sequence[Row], rows: Sequence[Row]) -> list[Record]:
    """Return all cases measured in the groups of some suspects, including these.

    Neighbours matter: alone, a pool of processes takes 6 % longer here than beside another one. So
    suspects are raced again beside the same neighbours.
    """
    groups = {row.matchup.b.record.group for row in suspects}
    raced = [row.matchup.b.record for row in rows if row.matchup.b.raced]
    return [record for record in raced if record.group in groups]


def selection_of(records: Sequence[Record]) -> Selection:
    """Return the smallest selection that includes these cases."""
    return Selection(
        models=tuple(dict.fromkeys(record.model for record in records)),
        workloads=tuple(dict.fromkeys(record.workload for record in records)),
        sizes=tuple(dict.fromkeys(record.size for record in records)),
        workers=tuple(sorted({record.workers for record in records})),
        devices=tuple(dict.fromkeys(record.device for record in records)),
    )


def check_known(records: Sequence[Record], options: Options) -> None:
    """SelectionError if a workload or model is neither built in nor given, or no cluster is named.

    A results file never says what is run: the user names it again.
    """
    known = options.catalogue()
    for record in records:
        if record.workload not in known.workloads:
            raise SelectionError(
                f"workload {record.workload} is not built in; give its file with --workload"
            )
        if record.model not in known.models:
            how = "what makes it with --executor" if is_executor(record.model) else BY_FILE
            raise SelectionError(f"model {record.model} is not built in; give {how}")
        joined = record.engine is not None and record.engine.joined
        if joined and record.model == DASK and options.dask_scheduler is None:
            raise SelectionError("dask raced on a cluster of yours; name it with --dask-scheduler")


def check_same_code(candidate: Run, lineup: Lineup) -> None:
    """SelectionError if commit, machine or Python are not those of the run."""
    here = probe_commit(Path.cwd(), list(lineup.options.files.values()))
    now = {each.label: environment_of(each) for each in lineup.interpreters}
    check_here(candidate, here, lineup.machine, now.get(CURRENT))


def check_here(candidate: Run, here: Commit, machine: Machine, now: Environment | None) -> None:
    """SelectionError if a run is not of this commit, this machine and this interpreter."""
    commit = candidate.header.commit
    if commit.id != here.id:
        raise SelectionError(
            f"run {candidate.header.run_id} was measured at commit {commit.short}, but"
            f" {here.short} is checked out; check out that commit, or measure this one first"
        )
    if candidate.header.machine.id != machine.id:
        raise SelectionError(
            f"run {candidate.header.run_id} was measured on {candidate.header.machine.id}, but"
            f" this is {machine.id}; run the gate there"
        )
    then = {each.label: each for each in candidate.header.environments}
    if not same_interpreter(then.get(CURRENT), now):
        raise SelectionError(
            f"run {candidate.header.run_id} was measured with another Python; run the gate with"
            " that one"
        )
