"""One side of a comparison: for each case, the logarithm of each launch in each normalisation."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp
from statistics import median
from typing import TYPE_CHECKING

from raceway.analysis.comparison.launch_logs import launch_logs_of
from raceway.analysis.comparison.normalisation import Normalisation, anchor_of, relative_to
from raceway.analysis.run.conditions import median_grade
from raceway.analysis.run.disturbance import graded_groups
from raceway.analysis.run.timing import MEASURED, launch_time_of, timing_of
from raceway.analysis.run.usage import usage_of
from raceway.case import Kind
from raceway.record import Grade, Status

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.analysis.run.timing import LaunchTime
    from raceway.record import Environment, GroupResult, Launch, Machine, Record, Run

KEPT_WAITING = 0.05
"""A waiting case was disturbed whose workers spent more than this share of the time in the run
queue, wanting a CPU."""

LaunchKey = tuple[str, int]
"""Run id (the duel's for both its sides) and launch index."""
Neighbours = tuple[tuple[str, int, str], ...]
"""Model, workers and device of each case raced in a group, sorted."""


@dataclass(frozen=True, slots=True)
class Side:
    """Runs of one machine and environment, perhaps limited to one interpreter."""

    label: str
    runs: Sequence[Run]
    """Oldest first, at least one."""
    interpreter: str | None = None
    """The label whose cases are compared; None for all."""

    @property
    def machine(self) -> Machine:
        """The machine of the newest run."""
        return self.runs[-1].header.machine

    @property
    def main_environment(self) -> Environment | None:
        """The environment to compare: that of `interpreter`, else the first."""
        known = self.runs[-1].header.environments
        first = known[0] if known else None
        return first if self.interpreter is None else self.environment(self.interpreter)

    def environment(self, label: str) -> Environment | None:
        """Return the environment with that label in the newest run."""
        known = self.runs[-1].header.environments
        return next((each for each in known if each.label == label), None)

    def samples(self, *, noisy: bool = False) -> dict[str, Sample]:
        """Return what was measured of each case, by the name used in comparisons.

        Launches whose group's noise concerns the case are left out unless `noisy`: they say
        nothing of absolute times, but sides that took turns met the same noise.
        """
        found: dict[str, Sample] = {}
        for run in self.runs:
            groups = {(group.id, group.launch): group for group in graded_groups(run)}
            logs = launch_logs_of(run).by_launch()
            neighbours = neighbours_by_group(run)
            for record in run.records:
                if self.interpreter in {None, record.interpreter}:
                    name = self.name_of(record)
                    sample = found.setdefault(name, Sample(name, record))
                    sample.add(run, record, groups, logs, noisy=noisy)
                    sample.neighbours = neighbours.get(record.group, ())
        return found

    def failed_cases(self) -> dict[str, str]:
        """Return the cases that failed in the newest run, each with its reason."""
        return {
            self.name_of(record): record.reason
            for record in self.runs[-1].records
            if record.status is Status.FAILED and self.interpreter in {None, record.interpreter}
        }

    def name_of(self, record: Record) -> str:
        """Return the case id, without the interpreter if only one is compared."""
        if self.interpreter is None:
            return record.id
        return record.id.removesuffix(f"@{record.interpreter}")


@dataclass(slots=True)
class Sample:
    """What one side measured of one case."""

    name: str
    record: Record
    """The record in the newest run that has the case."""
    logs: dict[Normalisation, dict[LaunchKey, float]] = field(default_factory=dict)
    """Logarithms of passes, for launches in conditions that allow a verdict."""
    times: dict[LaunchKey, LaunchTime] = field(default_factory=dict)
    anchors: dict[LaunchKey, float] = field(default_factory=dict)
    """Logarithms of each launch's median anchor."""
    timeless: int = 0
    """Launches whose rounds all took no time, by their clock."""
    noisy: int = 0
    """Launches left out because their group was graded C."""
    rounds: int = 0
    grades: list[Grade] = field(default_factory=list)
    """The grades of all its launches' groups."""
    neighbours: Neighbours = ()
    """The cases of its group in the newest run, itself included."""

    def add(
        self,
        run: Run,
        record: Record,
        groups: Mapping[tuple[str, int], GroupResult],
        logs: Mapping[tuple[str, int], Mapping[Normalisation, float]],
        *,
        noisy: bool = False,
    ) -> None:
        """Add what a later run measured of the case; launches in too noisy groups if `noisy`.

        What was measured before is dropped if it was other work.
        """
        if record.is_other_work(self.record.work_digest):
            self.forget()
        self.record = record
        if record.status not in MEASURED:
            return
        for launch in record.launches:
            group = groups.get((record.measured_in, launch.index))
            self.grades += [group.noise.grade] if group else []
            if group and not noisy and concerns(group, record, launch):
                self.noisy += 1
            else:
                known = logs.get((record.id, launch.index), {})
                self.take(launch, known, (run.header.duel or run.header.run_id, launch.index))

    def forget(self) -> None:
        """Drop all launches."""
        self.timeless = self.noisy = self.rounds = 0
        for known in (self.logs, self.times, self.anchors, self.grades):
            known.clear()

    def take(self, launch: Launch, logs: Mapping[Normalisation, float], key: LaunchKey) -> None:
        """Add one launch."""
        time = launch_time_of(launch)
        self.timeless += time is None and any(each == 0 for each in launch.rounds_ns)
        if time:
            self.times[key] = time
            anchor = anchor_of(launch)
            self.anchors.update({} if anchor is None else {key: anchor})
        for normalisation, value in logs.items():
            self.logs.setdefault(normalisation, {})[key] = value
        self.rounds += (launch.round_count or 0) if logs else 0

    def against(self, serial: Sample) -> None:
        """Add the launches' times over the serial case's in the same launches."""
        ratios = relative_to(
            self.logs.get(Normalisation.RAW, {}), serial.logs.get(Normalisation.RAW, {})
        )
        if ratios and self is not serial:
            self.logs[Normalisation.SERIAL] = ratios

    @property
    def grade(self) -> Grade:
        """The usual grade of its groups."""
        return median_grade(self.grades)

    @property
    def launches(self) -> int:
        """The number of launches that count."""
        return len(self.logs.get(Normalisation.RAW, ()))

    @property
    def pass_s(self) -> float | None:
        """Seconds per pass: the median of the launches, else as computed; None if unknown."""
        if self.launches:
            return exp(median(self.logs[Normalisation.RAW].values()))
        return timing_of(self.record).pass_s

    @property
    def cores_used(self) -> float | None:
        """CPU time over wall time of the rounds in the newest run; None if unknown."""
        return usage_of(self.record).cpu_cores_used

    @property
    def failed(self) -> bool:
        """Whether the case failed in the newest run."""
        return self.record.status is Status.FAILED

    @property
    def raced(self) -> bool:
        """Whether anything was measured, even if too noisy for a verdict.

        False if the case failed in the newest run, whatever older runs measured.
        """
        return not self.failed and bool(self.launches or self.noisy or self.timeless)


def concerns(group: GroupResult, record: Record, launch: Launch) -> bool:
    """Whether the noise in a group makes a launch of a case useless for absolute times.

    What waits needs no core for itself: only if it was kept waiting for one.
    """
    if group.noise.grade is not Grade.NOISY:
        return False
    wall_s = sum(launch.rounds_ns) / 1e9 * record.workers
    if record.kind != Kind.IO or launch.queue_s is None or not wall_s:
        return True
    return launch.queue_s / wall_s > KEPT_WAITING


def neighbours_by_group(run: Run) -> dict[str, Neighbours]:
    """Return the cases raced in each group."""
    raced: dict[str, list[tuple[str, int, str]]] = {}
    for record in run.records:
        if record.workload and record.launches:
            lane = (record.model, record.workers, record.device)
            raced.setdefault(record.group, []).append(lane)
    return {group: tuple(sorted(lanes)) for group, lanes in raced.items()}
