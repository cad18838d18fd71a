"""How far similar runs differ: of one machine, host and interpreter, whatever the commit."""

from __future__ import annotations

from math import isfinite, log
from typing import TYPE_CHECKING

from raceway.analysis.comparison.host import differing_facts
from raceway.analysis.comparison.likeness import same_interpreter
from raceway.analysis.comparison.normalisation import Normalisation
from raceway.archive.bulk import Reading
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.sessions import PastLevels
    from raceway.analysis.history.digest import Digest
    from raceway.record import Header, Record

MOST_RUNS = 20
"""Only the newest ones count: older ones were measured under other conditions."""
MOST_FILES = 200
"""Files of another tool that are searched for earlier runs; their names do not tell the time."""
COLUMNS = (Normalisation.RAW, Normalisation.ANCHOR, Normalisation.PARALLEL)
"""In the order of a digest's columns."""


def levels_of_like_runs(results: Path, side: Side, folder: Path | None = None) -> PastLevels:
    """Return the levels of each case in the newest runs that are similar to a side's.

    They are in the machine's folder. If another tool saved the side's run, they are in that run's
    `folder`, and only earlier ones count.
    """
    from raceway.analysis.history.past import moment, past_of  # noqa: PLC0415 (numpy: only where there are runs)
    from raceway.store.runs import run_files  # noqa: PLC0415 (as above)

    newest = side.runs[-1].header
    works = {record.id: record for record in side.runs[-1].records}
    foreign = folder if newest.saved_by else None
    files = run_files(foreign or results / newest.machine.id)
    with Reading(files[-MOST_FILES if foreign else -MOST_RUNS :]) as reading:
        past = past_of(reading.digests([]))
    like = [digest for _, digest in past.runs if is_like(digest.header, newest)]
    if foreign:
        end = moment(newest.started_at)
        like = [each for each in like if moment(each.header.started_at) < end][-MOST_RUNS:]
    return {
        normalisation: _series(like, place, works) for place, normalisation in enumerate(COLUMNS)
    }


def is_like(header: Header, other: Header) -> bool:
    """Whether two runs share the machine, the state of its host, and the interpreter."""
    mine, its = header.environments[:1], other.environments[:1]
    return (
        header.machine.id == other.machine.id
        and not differing_facts(header.host, other.host)
        and bool(mine)
        and bool(its)
        and same_interpreter(mine[0], its[0])
    )


def _series(
    digests: Sequence[Digest], place: int, works: Mapping[str, Record]
) -> dict[str, list[float]]:
    """Return the levels of each case in a column; those of other work do not count."""
    series: dict[str, list[float]] = {}
    for digest in digests:
        for case, work, level in _levels(digest, place):
            if not (case in works and works[case].is_other_work(work)):
                series.setdefault(case, []).append(level)
    return series


def _levels(digest: Digest, place: int) -> Iterator[tuple[str, str, float]]:
    """Yield the logarithm of each case's known pass in one column, with the digest of its work."""
    from raceway.analysis.history.digest import column_of  # noqa: PLC0415 (as above)

    column = column_of((digest.passes_s, *digest.over_anchors)[place])
    cases = zip(digest.cases.ids, digest.cases.works, digest.grades, column.tolist(), strict=True)
    for case, work, grade, value in cases:
        if isfinite(value) and value > 0 and grade != Grade.NOISY:
            yield case, work, log(value)
