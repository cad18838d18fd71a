"""Everything derived from one run: a result for each raced case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.run.conditions import Conditions, conditions_of, run_capacity
from raceway.analysis.run.limits import Ground, limit_of
from raceway.analysis.run.speedup import compare
from raceway.analysis.run.timing import Timing, timing_of
from raceway.analysis.run.usage import usage_of
from raceway.analysis.stats.intervals import estimate_of
from raceway.case import SERIAL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raceway.analysis.run.limits import Limit
    from raceway.analysis.run.usage import Usage
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Record, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One raced case: what was measured, and what follows from it."""

    record: Record
    timing: Timing
    serial: Timing
    """Of the serial case of the same group and interpreter, on the CPU; empty if there is none."""
    speedup: Estimate | None
    """Serial time over this case's; None for serial itself."""
    limit: Limit | None
    usage: Usage
    conditions: Conditions

    @property
    def group(self) -> str:
        """The id of its group."""
        return self.record.group

    @property
    def is_serial(self) -> bool:
        """Whether the others of its group and interpreter are compared with it."""
        return is_serial(self.record)

    @property
    def is_computed(self) -> bool:
        """Whether its time follows from declared waits and was not measured."""
        return self.timing.computed_s is not None

    @property
    def per_pass_s(self) -> float | None:
        """Seconds of one pass over all tasks; None if not known."""
        return self.timing.pass_s

    @property
    def per_task_s(self) -> float | None:
        """Seconds of a pass over the number of tasks; None if not known."""
        return None if self.per_pass_s is None else self.per_pass_s / self.record.tasks

    @property
    def interval_s(self) -> Estimate | None:
        """The seconds of one pass with their interval over launches; None if none was measured."""
        return estimate_of([launch.pass_s for launch in self.timing.launches.values()])

    @property
    def share_of_limit(self) -> float | None:
        """The limit over the time measured, not clipped: noise may put it above 1."""
        return self._share(self.limit.limit_s) if self.limit else None

    @property
    def share_of_capacity(self) -> float | None:
        """The same against the cores that really ran."""
        return self._share(self.limit.capacity_s) if self.limit else None

    def _share(self, limit_s: float | None) -> float | None:
        """Return the share; a part of the serial time is compared through the paired speedup.

        So the machine's drift between the two cases does not enter. A computed time has no share,
        nor has serial of its own time.
        """
        if limit_s is None or self.limit is None or self.per_pass_s is None or self.is_computed:
            return None
        if not self.limit.of_serial:
            return limit_s / self.per_pass_s
        if self.speedup is None or self.serial.pass_s is None:
            return None
        return self.speedup.centre * limit_s / self.serial.pass_s


def is_serial(record: Record) -> bool:
    """Whether the others of its group and interpreter are compared with this record."""
    return record.model == SERIAL and record.device == "cpu"


def results_of(run: Run) -> list[Result]:
    """Return a result for each raced case of the run, in the order of its records."""
    raced = [(record, timing_of(record)) for record in run.records if record.workload]
    serials = {
        (record.group, record.interpreter): timing for record, timing in raced if is_serial(record)
    }
    conditions = conditions_of(run)
    grounds = _grounds(run, conditions)
    fallback = Ground(run.header.machine.usable_cores, run_capacity(run), peaks=run.peaks)
    return [
        _result(
            record,
            timing,
            serials.get((record.group, record.interpreter), Timing({})),
            conditions.get(record.group, Conditions()),
            grounds.get(record.group, fallback),
        )
        for record, timing in raced
    ]


def _grounds(run: Run, conditions: Mapping[str, Conditions]) -> dict[str, Ground]:
    """Return what the machine offered to each group; where it has no capacity, the run's."""
    usual = run_capacity(run)
    return {
        group: Ground(
            run.header.machine.usable_cores,
            each.parallel_capacity if each.parallel_capacity is not None else usual,
            each.longest_task_share,
            run.peaks,
        )
        for group, each in conditions.items()
    }


def _result(
    record: Record, timing: Timing, serial: Timing, conditions: Conditions, ground: Ground
) -> Result:
    return Result(
        record=record,
        timing=timing,
        serial=serial,
        speedup=None if is_serial(record) else compare(serial, timing),
        limit=limit_of(record, serial.pass_s, ground),
        usage=usage_of(record),
        conditions=conditions,
    )
