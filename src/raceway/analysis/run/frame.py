"""Runs as tables: one row per case, or one row per case and launch."""

from __future__ import annotations

from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING, Any

import pandas as pd

from raceway.analysis.run.axis import axes_of, magnitude_of
from raceway.analysis.run.conditions import Conditions, conditions_of
from raceway.analysis.run.curves import curves_of
from raceway.analysis.run.plausible import is_too_good, why_too_good
from raceway.analysis.run.results import results_of
from raceway.analysis.run.timing import launch_time_of, timing_of
from raceway.analysis.run.usage import Usage, cores_used, usage_of
from raceway.analysis.stats.intervals import estimate_of
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from raceway.analysis.run.crossover import Crossover
    from raceway.analysis.run.latency import Latency
    from raceway.analysis.run.results import Result
    from raceway.record import Launch, Record, Run

COLUMNS = {
    "run": "str",
    "started_at": "str",
    "machine": "str",
    "commit": "str",
    "case": "str",
    "workload": "str",
    "size": "str",
    "kind": "str",
    "model": "str",
    "family": "str",
    "workers": "int64",
    "device": "str",
    "interpreter": "str",
    "python": "str",
    "status": "str",
    "reason": "str",
    "tasks": "int64",
    "axis": "str",
    "magnitude": "float64",
    "per_pass_s": "float64",
    "per_pass_low_s": "float64",
    "per_pass_high_s": "float64",
    "per_task_s": "float64",
    "tasks_per_s": "float64",
    "at_once": "int64",
    "latency_p50_s": "float64",
    "latency_p95_s": "float64",
    "latency_p99_s": "float64",
    "latency_largest_s": "float64",
    "latencies": "int64",
    "cold_s": "float64",
    "peak_memory_bytes": "float64",
    "cpu_cores_used": "float64",
    "launches": "int64",
    "rounds": "int64",
    "speedup": "float64",
    "speedup_low": "float64",
    "speedup_high": "float64",
    "limit_s": "float64",
    "limit_capacity_s": "float64",
    "share_of_limit": "float64",
    "share_of_capacity": "float64",
    "impossible": "str",
    "crossover": "str",
    "crossover_at": "float64",
    "crossover_low": "float64",
    "crossover_high": "float64",
    "flops": "float64",
    "moved_bytes": "float64",
    "to_device_bytes": "float64",
    "from_device_bytes": "float64",
    "precision": "str",
    "grade": "str",
    "parallel_capacity": "float64",
    "computed": "bool",
}
"""Columns of `frame_of`; NaN means unknown. `_s` are seconds, `_bytes` bytes, others plain ratios.

Times are medians over launches of the medians of their rounds; `per_pass_low_s` and
`per_pass_high_s` are the ends of their 95 % interval. `cold_s`, `peak_memory_bytes` and
`cpu_cores_used` (CPU time over wall time of the rounds) are medians over launches.
`latency_p50_s`, `latency_p95_s`, `latency_p99_s` (from 1,000 times on) and `latency_largest_s` are
those of `latencies` single tasks that wait, from being handed over to their answers, with up to
`at_once` of them under way; `tasks_per_s` are those answered in a second of a pass. `launches` and
`rounds` count valid measurements. `grade` and `parallel_capacity`, the cores that really ran side
by side, are medians over the group's launches. `flops`, done in `precision`, `moved_bytes`, and
`to_device_bytes` and `from_device_bytes`, which cross the link, are per pass. If a case's result is
impossible, `impossible` asks what is wrong, and the shares are unknown. `python` is the
version of the interpreter, `family` what the model runs its tasks on.

`axis` is that in which the sizes of a workload differ most, and `magnitude` the size along it:
`cost`, seconds per task in serial, or `tasks`, their number. `crossover` says from which magnitude
the model pays: `within` the sizes measured (then it is `crossover_at`, with the 95 % interval
`crossover_low` to `crossover_high`), `below the smallest`, `beyond the largest` or `never`; it is
the same at all sizes of a model.
"""

FROM_RECORD = (
    "workload",
    "size",
    "kind",
    "model",
    "family",
    "workers",
    "device",
    "interpreter",
    "reason",
    "tasks",
    "flops",
    "moved_bytes",
    "to_device_bytes",
    "from_device_bytes",
    "precision",
)
FROM_USAGE = tuple(field.name for field in fields(Usage))

LAUNCH_COLUMNS = {
    "case": "str",
    "launch": "int64",
    "status": "str",
    "reason": "str",
    "loops": "int64",
    "rounds": "int64",
    "per_pass_s": "float64",
    "cold_s": "float64",
    "cpu_cores_used": "float64",
    "peak_memory_bytes": "float64",
    "speedup": "float64",
    "grade": "str",
}
"""Columns of `launch_frame`; units as above."""


def frame_of(*runs: Run) -> pd.DataFrame:
    """Return one row per case of each run, with the columns of `COLUMNS`; plain benchmarks last.

    Plain benchmarks have only times, counts, a grade and a status.
    """
    rows = (chain(_rows(run, results_of(run)), _plain_rows(run)) for run in runs)
    return _frame(list(chain.from_iterable(rows)), COLUMNS)


def frame_of_results(run: Run, results: Sequence[Result]) -> pd.DataFrame:
    """Return the rows of a run's raced cases, given their results."""
    return _frame(list(_rows(run, results)), COLUMNS)


def launch_frame(run: Run) -> pd.DataFrame:
    """Return one row per raced case and launch, with the columns of `LAUNCH_COLUMNS`."""
    rows = [
        _launch_row(result, launch)
        for result in results_of(run)
        for launch in result.record.launches
    ]
    return _frame(rows, LAUNCH_COLUMNS)


def _rows(run: Run, results: Sequence[Result]) -> Iterator[dict[str, Any]]:
    crossovers = {
        each.record.id: curve.crossover for curve in curves_of(results) for each in curve.results
    }
    origin, axes = _origin(run), axes_of(results)
    for result in results:
        axis = axes[result.record.workload]
        size = {"axis": axis.value, "magnitude": magnitude_of(result, axis)}
        crossover = _crossover(crossovers.get(result.record.id))
        yield {**origin(result.record), **_row(result), **size, **crossover}


def _plain_rows(run: Run) -> Iterator[dict[str, Any]]:
    origin, conditions = _origin(run), conditions_of(run)
    for record in run.records:
        if not record.workload:
            timing = timing_of(record)
            pass_s = timing.pass_s
            interval = estimate_of([launch.pass_s for launch in timing.launches.values()])
            yield {
                **origin(record),
                **{name: getattr(record, name) for name in FROM_RECORD},
                **{name: getattr(usage_of(record), name) for name in FROM_USAGE},
                "status": record.status.value,
                "per_pass_s": pass_s,
                "per_pass_low_s": interval and interval.low,
                "per_pass_high_s": interval and interval.high,
                "per_task_s": pass_s,
                "at_once": 1,
                **_latency(None),
                "axis": "",
                "impossible": "",
                "crossover": "",
                "grade": conditions.get(record.measured_in, Conditions()).grade.value,
                "computed": False,
            }


def _origin(run: Run) -> Callable[[Record], dict[str, str]]:
    """Return a function from a record to the columns that say where it comes from."""
    header = run.header
    versions = {each.label: each.version for each in reversed(header.environments)}
    return lambda record: {
        "run": header.run_id,
        "started_at": header.started_at,
        "machine": header.machine.id,
        "commit": header.commit.id,
        "case": record.id,
        "python": versions.get(record.interpreter, ""),
    }


def _row(result: Result) -> dict[str, Any]:
    speedup, limit, interval = result.speedup, result.limit, result.interval_s
    impossible = why_too_good(result) if is_too_good(result) else ""
    return {
        **{name: getattr(result.record, name) for name in FROM_RECORD},
        **{name: getattr(result.usage, name) for name in FROM_USAGE},
        "status": result.record.status.value,
        "per_pass_s": result.per_pass_s,
        "per_pass_low_s": interval and interval.low,
        "per_pass_high_s": interval and interval.high,
        "per_task_s": result.per_task_s,
        "tasks_per_s": result.tasks_per_s,
        "at_once": result.at_once,
        **_latency(result.latency),
        "speedup": speedup and speedup.centre,
        "speedup_low": speedup and speedup.low,
        "speedup_high": speedup and speedup.high,
        "limit_s": limit and limit.limit_s,
        "limit_capacity_s": limit and limit.capacity_s,
        "share_of_limit": None if impossible else result.share_of_limit,
        "share_of_capacity": None if impossible else result.share_of_capacity,
        "impossible": impossible,
        "grade": result.conditions.grade.value,
        "parallel_capacity": result.conditions.parallel_capacity,
        "computed": result.is_computed,
    }


def _latency(latency: Latency | None) -> dict[str, Any]:
    return {
        "latency_p50_s": latency and latency.p50_s,
        "latency_p95_s": latency and latency.p95_s,
        "latency_p99_s": latency and latency.p99_s,
        "latency_largest_s": latency and latency.largest_s,
        "latencies": latency.count if latency else 0,
    }


def _crossover(crossover: Crossover | None) -> dict[str, Any]:
    return {
        "crossover": str(crossover.reach) if crossover else "",
        "crossover_at": crossover and crossover.magnitude,
        "crossover_low": crossover and crossover.low,
        "crossover_high": crossover and crossover.high,
    }


def _launch_row(result: Result, launch: Launch) -> dict[str, Any]:
    time = launch_time_of(launch)
    noise = dict(result.conditions.by_launch).get(launch.index)
    over = result.record if result.is_serial else result.over
    return {
        "case": result.record.id,
        "launch": launch.index,
        "status": launch.status.value,
        "reason": launch.reason,
        "loops": launch.loops,
        "rounds": launch.round_count or 0,
        "per_pass_s": time and time.pass_s,
        "cold_s": launch.cold_s,
        "cpu_cores_used": cores_used(launch),
        "peak_memory_bytes": launch.peak_memory_bytes,
        "speedup": result.peers.by_launch(over, result.record).get(launch.index) if over else None,
        "grade": (noise.grade if noise else Grade.UNKNOWN).value,
    }


def _frame(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns)).astype(dict(columns))
