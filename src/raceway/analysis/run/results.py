"""The results of a run, one per raced case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from raceway.analysis.run.bias import NO_BIAS, Bias, bias_of
from raceway.analysis.run.conditions import Conditions, conditions_of, run_capacity
from raceway.analysis.run.even_speed import at_even_speed
from raceway.analysis.run.free_turns import free_turns, on_free_turns
from raceway.analysis.run.latency import latency_of
from raceway.analysis.run.limits import Ground, limit_of, raised
from raceway.analysis.run.peers import ERROR, Peers
from raceway.analysis.run.timing import Timing, timing_of
from raceway.analysis.run.usage import usage_of
from raceway.analysis.stats.intervals import estimate_of
from raceway.case import SERIAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.analysis.run.latency import Latency
    from raceway.analysis.run.limits import Limit
    from raceway.analysis.run.usage import Usage
    from raceway.analysis.stats.intervals import Estimate
    from raceway.record import Record, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One raced case: its measurements and what follows from them."""

    record: Record
    timing: Timing
    serial: Timing
    """Times of the serial case of its group and interpreter, on the CPU; empty if there is none."""
    speedup: Estimate | None
    """Serial time over this case's time; None for serial itself."""
    limit: Limit | None
    usage: Usage
    conditions: Conditions
    over: Record | None = None
    """The serial case of its group and interpreter; None for serial itself."""
    serial_cores: float | None = None
    """Cores that the serial case wanted; below 1 it waited for something other than a CPU."""
    error: float = ERROR
    """The probability that an interval of its group misses the truth, at the look that ended it."""
    bias: Bias = NO_BIAS
    peers: Peers = field(default_factory=Peers, repr=False, compare=False)
    """All cases of the run."""

    @property
    def group(self) -> str:
        """The id of its group."""
        return self.record.group

    @property
    def is_serial(self) -> bool:
        """Whether its group and interpreter are compared with it."""
        return is_serial(self.record)

    @property
    def is_computed(self) -> bool:
        """Whether its time was computed from declared waits instead of measured."""
        return self.timing.computed_s is not None

    @property
    def per_pass_s(self) -> float | None:
        """Seconds per pass over all tasks; None if unknown."""
        return self.timing.pass_s

    @property
    def per_task_s(self) -> float | None:
        """Seconds per pass over the number of tasks; None if unknown."""
        return None if self.per_pass_s is None else self.per_pass_s / self.record.tasks

    @property
    def tasks_per_s(self) -> float | None:
        """Tasks answered in a second of a pass; None if unknown."""
        return self.record.tasks / self.per_pass_s if self.per_pass_s else None

    @property
    def at_once(self) -> int:
        """The most of its tasks that were under way together."""
        return min(self.record.concurrency, self.record.tasks)

    @property
    def latency(self) -> Latency | None:
        """How long single tasks took; None if not timed."""
        return latency_of(self.record)

    @property
    def interval_s(self) -> Estimate | None:
        """Seconds per pass with their interval over launches; None if not measured."""
        return estimate_of([launch.pass_s for launch in self.timing.launches.values()])

    @property
    def share_of_limit(self) -> float | None:
        """The limit over the measured time, not clipped: noise may lift it above 1."""
        return self._share(self.limit.limit_s) if self.limit else None

    @property
    def share_of_capacity(self) -> float | None:
        """The same, with the limit on the cores that really ran."""
        return self._share(self.limit.capacity_s) if self.limit else None

    def speedup_at(self, error: float) -> Estimate | None:
        """Return the speedup with an interval that misses the truth with probability `error`."""
        return self.peers.estimate(self.over, self.record, error) if self.over else None

    def _share(self, limit_s: float | None) -> float | None:
        """Return the share; None for a computed time, and for serial of its own time.

        A limit from the serial time goes through the paired speedup, free of the machine's drift.
        """
        if limit_s is None or self.limit is None or self.per_pass_s is None or self.is_computed:
            return None
        if not self.limit.of_serial:
            return limit_s / self.per_pass_s
        if self.speedup is None or self.serial.pass_s is None:
            return None
        return self.speedup.centre * limit_s / self.serial.pass_s


def is_serial(record: Record) -> bool:
    """Whether the record's group and interpreter are compared with it."""
    return record.model == SERIAL and record.device == "cpu"


def least_computing_s(
    timings: Iterable[tuple[Record, Timing]], usages: Iterable[Usage]
) -> dict[tuple[str, str], float]:
    """Return the least CPU seconds of a pass by group and interpreter, as far as known.

    Each model spends what the tasks compute and something of its own.
    """
    least: dict[tuple[str, str], float] = {}
    for (record, timing), usage in zip(timings, usages, strict=True):
        if usage.cpu_cores_used is not None and timing.pass_s is not None:
            key, cpu_s = (record.group, record.interpreter), usage.cpu_cores_used * timing.pass_s
            least[key] = min(least.get(key, cpu_s), cpu_s)
    return least


def results_of(run: Run) -> list[Result]:
    """Return the result of each raced case, in the order of the records."""
    return _Derivation(run).results()


class _Derivation:
    """Derives the results of a run."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._cores = max(run.header.machine.usable_cores, 1)
        raced = [record for record in run.records if record.workload]
        self._timings = [(record, timing_of(record)) for record in raced]
        self._usages = [usage_of(record) for record in raced]
        self._serials = {
            (record.group, record.interpreter): (record, timing, usage)
            for (record, timing), usage in zip(self._timings, self._usages, strict=True)
            if is_serial(record)
        }
        free, even = free_turns(run), at_even_speed(self._timings)
        self._peers = Peers(
            (
                record,
                on_free_turns(record, even[record.id], free.get(record.group)),
                usage.cpu_cores_used,
            )
            for (record, _), usage in zip(self._timings, self._usages, strict=True)
        )
        self._conditions = conditions_of(run)
        self._usual_capacity = run_capacity(run)
        self._peaks = raised(
            [peak for peak in run.peaks if peak.workers > 0],
            [(record, timing.pass_s) for record, timing in self._timings],
        )
        self._computing_s = least_computing_s(self._timings, self._usages)
        environments = run.header.environments
        self._without_gil = {each.label for each in environments if each.gil_enabled is False}
        self._errors = {
            end.id: 1 - end.confidence for end in run.ends if 0 < 1 - end.confidence <= ERROR
        }

    def results(self) -> list[Result]:
        return [
            self._result(record, timing, usage)
            for (record, timing), usage in zip(self._timings, self._usages, strict=True)
        ]

    def _result(self, record: Record, timing: Timing, usage: Usage) -> Result:
        serial, of_serial, serial_usage = self._serials.get(
            (record.group, record.interpreter), (None, Timing({}), None)
        )
        over = None if is_serial(record) else serial
        conditions = self._conditions.get(record.group, Conditions())
        error = self._errors.get(record.group, ERROR)
        return Result(
            record=record,
            timing=timing,
            serial=of_serial,
            speedup=self._peers.estimate(over, record, error) if over else None,
            limit=limit_of(record, of_serial.pass_s, self._ground(record, conditions)),
            usage=usage,
            conditions=conditions,
            over=over,
            error=error,
            serial_cores=serial_usage.cores_wanted if serial_usage else None,
            bias=bias_of(record, usage, serial_usage, conditions, self._cores),
            peers=self._peers,
        )

    def _ground(self, record: Record, conditions: Conditions) -> Ground:
        """Return what the machine offered a case; without a capacity of its own, the run's."""
        known = conditions.parallel_capacity
        capacity = known if known is not None else self._usual_capacity
        return Ground(
            self._cores,
            None if capacity is None else min(capacity, self._cores),
            conditions.longest_task_share,
            self._peaks,
            self._computing_s.get((record.group, record.interpreter)),
            self._all_waits_s(record),
            record.interpreter not in self._without_gil,
        )

    def _all_waits_s(self, record: Record) -> float:
        """Return the declared waits of its group, one after the other; 0 without a serial case."""
        serial, _, _ = self._serials.get((record.group, record.interpreter), (None, None, None))
        return serial.shortest_wait_s if serial else 0.0
