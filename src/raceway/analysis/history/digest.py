"""What a history keeps of a run: a row a case, in columns, so that thousands of runs fit in memory.

The numbers that `normalisation.logs_of` gives for one launch, for all launches of a run at once.
"""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec.structs import replace

from raceway.analysis.run.conditions import conditions_of
from raceway.analysis.run.timing import MEASURED
from raceway.record import Grade, Header, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from raceway.record import GroupResult, Launch, Run

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

COLUMN = np.dtype("<f8")
GRADES = frozenset(map(str, Grade))


class Cases(msgspec.Struct, frozen=True, array_like=True):
    """What a run holds: a row a record. Most runs hold what the one before held."""

    ids: tuple[str, ...]
    interpreters: tuple[str, ...]
    """The label of each record's interpreter."""


class Digest(msgspec.Struct, frozen=True, array_like=True):
    """One run: a row a record, those without a time too."""

    header: Header
    """Without what was planned and the command line."""
    cases: Cases
    grades: str
    """The grade of each record's group, a letter each."""
    passes_s: bytes
    """Median seconds of a pass as little-endian doubles; NaN where none was measured."""
    over_anchors: tuple[bytes, bytes]
    """The pass over each of `ANCHORS`, alike; NaN where not all launches have that anchor."""

    @property
    def is_whole(self) -> bool:
        """Whether all columns are as they must be, which a damaged file cannot promise."""
        rows = len(self.cases.ids)
        columns = (self.passes_s, *self.over_anchors)
        return (
            len(self.cases.interpreters) == len(self.grades) == rows
            and all(len(column) == rows * COLUMN.itemsize for column in columns)
            and _is_sound(column_of(b"".join(columns)))
            and set(self.grades) <= GRADES
        )


def digest_of(run: Run) -> Digest:
    """Return what a history keeps of a run."""
    grades = {group: str(each.grade) for group, each in conditions_of(run).items()}
    passes_s, *over_anchors = _medians(_rounds_of(run), len(run.records))
    by_anchor, by_parallel = over_anchors
    return Digest(
        header=replace(run.header, planned=[], command_line=[]),
        cases=Cases(
            ids=tuple(record.id for record in run.records),
            interpreters=tuple(record.interpreter for record in run.records),
        ),
        grades="".join(grades.get(record.group, Grade.UNKNOWN) for record in run.records),
        passes_s=passes_s.astype(COLUMN).tobytes(),
        over_anchors=(by_anchor.astype(COLUMN).tobytes(), by_parallel.astype(COLUMN).tobytes()),
    )


def column_of(content: bytes) -> Floats:
    """Return a column as numbers."""
    return np.frombuffer(content, COLUMN)


def _is_sound(column: Floats) -> bool:
    """Whether all numbers that are known, which NaN is not, are above zero and finite."""
    return not ((column <= 0) | (column == np.inf)).any()


class _Rounds(msgspec.Struct, frozen=True):
    """All rounds of a run, one after the other."""

    record_of: Ints
    """Of each launch, the place of its record."""
    launch_of: Ints
    """Of each round, the place of its launch."""
    passes_ns: Floats
    """Nanoseconds of a pass in each round; 0 where it has no time."""
    anchors_ns: tuple[Floats, Floats]
    """What stands beside each round, by `ANCHORS`; 0 where there is none."""


def _rounds_of(run: Run) -> _Rounds:
    raced = [
        (place, record.group, launch)
        for place, record in enumerate(run.records)
        if record.status in MEASURED
        for launch in record.launches
        if launch.status is Status.OK
    ]
    launches = [launch for _, _, launch in raced]
    counts = np.array([len(launch.rounds_ns) for launch in launches], np.int64)
    launch_of = np.repeat(np.arange(len(raced)), counts)
    loops = np.array([launch.loops for launch in launches], np.float64)
    groups = {(group.id, group.launch): place for place, group in enumerate(run.groups)}
    group_of_launch = [groups.get((group, launch.index), len(groups)) for _, group, launch in raced]
    return _Rounds(
        record_of=np.array([place for place, _, _ in raced], np.int64),
        launch_of=launch_of,
        passes_ns=_flat(launch.rounds_ns for launch in launches) / loops[launch_of],
        anchors_ns=(
            _flat(launch.anchors_ns if _has(launch.anchors_ns, launch)
                  else repeat(0, len(launch.rounds_ns)) for launch in launches),
            _after_turns(run.groups, launches, np.array(group_of_launch, np.int64)[launch_of]),
        ),
    )  # fmt: skip


def _flat(parts: Iterable[Iterable[int]]) -> Floats:
    return np.array(list(chain.from_iterable(parts)), np.float64)


def _has(column: Sequence[int], launch: Launch) -> bool:
    return len(column) == len(launch.rounds_ns)


def _after_turns(
    groups: Sequence[GroupResult], launches: Sequence[Launch], group_of: Ints
) -> Floats:
    """Return the parallel anchor of the turn of each round, given which group each is of."""
    counts = np.array([*(len(group.parallel_anchors_ns) for group in groups), 0])
    starts = np.cumsum(counts) - counts
    anchors_ns = _flat(group.parallel_anchors_ns for group in groups)
    turns = _flat(launch.turns if launch.anchors_ns and _has(launch.turns, launch)
                  else repeat(-1, len(launch.rounds_ns)) for launch in launches)  # fmt: skip
    known = (turns >= 0) & (turns < counts[group_of])
    found = np.zeros(len(turns))
    found[known] = anchors_ns[starts[group_of[known]] + turns[known].astype(np.int64)]
    return found


def _medians(rounds: _Rounds, records: int) -> Sequence[Floats]:
    """Return the pass of each record, in seconds and over each anchor: medians over launches."""
    launches, timed = len(rounds.record_of), rounds.passes_ns > 0
    low, high = _middles(rounds.passes_ns[timed], rounds.launch_of[timed], launches)
    known = ~np.isnan(low)
    columns = [_over_launches(np.log((low + high) / 2 / 1e9), rounds.record_of, known, records)]
    for anchors_ns in rounds.anchors_ns:
        both = timed & (anchors_ns > 0)
        ratios = rounds.passes_ns[both] / anchors_ns[both]
        low, high = _middles(ratios, rounds.launch_of[both], launches)
        logs = (np.log(low) + np.log(high)) / 2
        columns.append(_over_launches(logs, rounds.record_of, known, records))
    return columns


def _over_launches(logs: Floats, record_of: Ints, known: NDArray[np.bool_], records: int) -> Floats:
    """Return the median of each record's known launches; NaN if one of them lacks a value."""
    found: Floats = np.exp(np.mean(_middles(logs[known], record_of[known], records), axis=0))
    found[record_of[known & np.isnan(logs)]] = np.nan
    return found


def _middles(values: Floats, groups: Ints, number: int) -> tuple[Floats, Floats]:
    """Return the low and the high median of each group; NaN for those without a value.

    The groups' numbers ascend; groups of equal length are sorted together.
    """
    counts = np.bincount(groups, minlength=number)
    starts = np.cumsum(counts) - counts
    low, high = np.full(number, np.nan), np.full(number, np.nan)
    for count in set(counts.tolist()) - {0}:
        alike = np.flatnonzero(counts == count)
        ordered = np.sort(values[starts[alike, None] + np.arange(count)], axis=1)
        low[alike], high[alike] = ordered[:, (count - 1) // 2], ordered[:, count // 2]
    return low, high
