"""What a history keeps of a run: one row per case, in columns, so that thousands fit in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
from msgspec.structs import replace

from raceway.analysis.comparison.launch_logs import launch_logs_of, middles_of
from raceway.analysis.comparison.normalisation import ANCHORS, Normalisation
from raceway.analysis.run.conditions import conditions_of
from raceway.record import Grade, Header

if TYPE_CHECKING:
    from raceway.analysis.comparison.launch_logs import Bools, Floats, Ints
    from raceway.record import Run

COLUMN = np.dtype("<f8")
GRADES = frozenset(map(str, Grade))


class Cases(msgspec.Struct, frozen=True, array_like=True):
    """The cases of a run, one row per record; most runs have those of the run before."""

    ids: tuple[str, ...]
    interpreters: tuple[str, ...]
    """The label of each record's interpreter."""
    works: tuple[str, ...]
    """The digest of each record's work; empty if unknown."""


class Digest(msgspec.Struct, frozen=True, array_like=True):
    """One run: one row per record, even without a time."""

    header: Header
    """Without planned cases and command line."""
    cases: Cases
    grades: str
    """The grade of each record's group, one letter each."""
    passes_s: bytes
    """Median seconds per pass as little-endian doubles; NaN if none was measured."""
    over_anchors: tuple[bytes, bytes]
    """The pass over each of `ANCHORS`, likewise; NaN unless all launches have that anchor."""

    @property
    def is_whole(self) -> bool:
        """Whether all columns are valid; a damaged file may have others."""
        rows = len(self.cases.ids)
        columns = (self.passes_s, *self.over_anchors)
        return (
            len(self.cases.interpreters) == len(self.cases.works) == len(self.grades) == rows
            and all(len(column) == rows * COLUMN.itemsize for column in columns)
            and _is_sound(column_of(b"".join(columns)))
            and set(self.grades) <= GRADES
        )


def digest_of(run: Run) -> Digest:
    """Return what a history keeps of a run."""
    grades = {group: str(each.grade) for group, each in conditions_of(run).items()}
    logs = launch_logs_of(run)
    known = ~np.isnan(logs.columns[Normalisation.RAW])
    passes_s, by_anchor, by_parallel = (
        _over_launches(logs.columns[each], logs.record_of, known, len(run.records))
        for each in (Normalisation.RAW, *ANCHORS)
    )
    return Digest(
        header=replace(run.header, planned=[], command_line=[]),
        cases=Cases(
            ids=tuple(record.id for record in run.records),
            interpreters=tuple(record.interpreter for record in run.records),
            works=tuple(record.work_digest for record in run.records),
        ),
        grades="".join(grades.get(record.measured_in, Grade.UNKNOWN) for record in run.records),
        passes_s=passes_s.astype(COLUMN).tobytes(),
        over_anchors=(by_anchor.astype(COLUMN).tobytes(), by_parallel.astype(COLUMN).tobytes()),
    )


def column_of(content: bytes) -> Floats:
    """Return a column as numbers."""
    return np.frombuffer(content, COLUMN)


def _is_sound(column: Floats) -> bool:
    """Whether all numbers but NaN are finite and above zero."""
    return not ((column <= 0) | (column == np.inf)).any()


def _over_launches(logs: Floats, record_of: Ints, known: Bools, records: int) -> Floats:
    """Return the median of each record's known launches; NaN if any of them lacks a value."""
    found: Floats = np.exp(np.mean(middles_of(logs[known], record_of[known], records), axis=0))
    found[record_of[known & np.isnan(logs)]] = np.nan
    return found
