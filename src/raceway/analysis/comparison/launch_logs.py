"""The logarithm of a pass of each launch of a run, in each normalisation.

In columns, for all launches of a run at once, since a history reads thousands of runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

import numpy as np

from raceway.analysis.comparison.normalisation import Normalisation, around_rounds_ns
from raceway.analysis.run.timing import MEASURED
from raceway.record import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from raceway.record import GroupResult, Launch, Record, Run

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LaunchLogs:
    """The valid launches of a run, in order."""

    raced: Sequence[tuple[int, Record, Launch]]
    """The index of the record, the record, and the launch."""
    columns: Mapping[Normalisation, Floats]
    """One logarithm per launch; NaN if the launch has no time, or no such anchor."""

    @property
    def record_of(self) -> Ints:
        """The index of each launch's record."""
        return np.array([place for place, _, _ in self.raced], np.int64)

    def by_launch(self) -> dict[tuple[str, int], dict[Normalisation, float]]:
        """Return the known logarithms of each launch, by record id and launch index."""
        rows = zip(*(column.tolist() for column in self.columns.values()), strict=True)
        return {
            (record.id, launch.index): {
                each: log for each, log in zip(self.columns, row, strict=True) if not np.isnan(log)
            }
            for (_, record, launch), row in zip(self.raced, rows, strict=True)
        }


def launch_logs_of(run: Run) -> LaunchLogs:
    """Return the logarithms of all launches of a run."""
    raced = [
        (place, record, launch)
        for place, record in enumerate(run.records)
        if record.status in MEASURED
        for launch in record.launches
        if launch.status is Status.OK
    ]
    launches = [launch for _, _, launch in raced]
    counts = np.array([len(launch.rounds_ns) for launch in launches], np.int64)
    launch_of = np.repeat(np.arange(len(raced)), counts)
    loops = np.array([launch.loops for launch in launches], np.float64)
    passes_ns = _flat(launch.timed_ns for launch in launches) / loops[launch_of]
    timed = passes_ns > 0
    low, high = middles_of(passes_ns[timed], launch_of[timed], len(raced))
    columns = {Normalisation.RAW: np.log((low + high) / 2 / 1e9)}
    for normalisation, anchors_ns in (
        (Normalisation.ANCHOR, _beside_rounds(launches)),
        (Normalisation.PARALLEL, _after_turns(run.groups, raced, launch_of)),
    ):
        both = timed & (anchors_ns > 0)
        low, high = middles_of(passes_ns[both] / anchors_ns[both], launch_of[both], len(raced))
        # The median of the logarithms, without computing all of them.
        columns[normalisation] = (np.log(low) + np.log(high)) / 2
    return LaunchLogs(raced, columns)


def _flat(parts: Iterable[Iterable[float]]) -> Floats:
    return np.array(list(chain.from_iterable(parts)), np.float64)


def _has(column: Sequence[int], launch: Launch) -> bool:
    return len(column) == len(launch.rounds_ns)


def _beside_rounds(launches: Iterable[Launch]) -> Floats:
    """Return the anchor beside each round, else the usual one around all rounds; 0 if unknown."""
    return _flat(launch.anchors_ns if _has(launch.anchors_ns, launch)
                 else repeat(around_rounds_ns(launch), len(launch.rounds_ns))
                 for launch in launches)  # fmt: skip


def _after_turns(
    groups: Sequence[GroupResult], raced: Sequence[tuple[int, Record, Launch]], launch_of: Ints
) -> Floats:
    """Return the parallel anchor of each round's turn; 0 if there is none."""
    places = {(group.id, group.launch): place for place, group in enumerate(groups)}
    of_launch = [places.get((record.group, one.index), len(groups)) for _, record, one in raced]
    group_of = np.array(of_launch, np.int64)[launch_of]
    counts = np.array([*(len(group.parallel_anchors_ns) for group in groups), 0])
    starts = np.cumsum(counts) - counts
    anchors_ns = _flat(group.parallel_anchors_ns for group in groups)
    turns = _flat(launch.turns if launch.anchors_ns and _has(launch.turns, launch)
                  else repeat(-1, len(launch.rounds_ns)) for _, _, launch in raced)  # fmt: skip
    known = (turns >= 0) & (turns < counts[group_of])
    found = np.zeros(len(turns))
    found[known] = anchors_ns[starts[group_of[known]] + turns[known].astype(np.int64)]
    return found


def middles_of(values: Floats, groups: Ints, number: int) -> tuple[Floats, Floats]:
    """Return the low and the high median of each group; NaN for groups without values.

    The groups' numbers must ascend. Groups of equal length are sorted together.
    """
    counts = np.bincount(groups, minlength=number)
    starts = np.cumsum(counts) - counts
    low, high = np.full(number, np.nan), np.full(number, np.nan)
    for count in set(counts.tolist()) - {0}:
        alike = np.flatnonzero(counts == count)
        ordered = np.sort(values[starts[alike, None] + np.arange(count)], axis=1)
        low[alike], high[alike] = ordered[:, (count - 1) // 2], ordered[:, count // 2]
    return low, high
