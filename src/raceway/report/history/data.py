"""A history as plain data: what `--json` writes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.history.history import History, Step
    from raceway.analysis.history.series import SeriesPoint

SCHEMA = "raceway-history/2"
"""The number grows with changes that readers cannot ignore, not with new keys."""


def history_data(every: Sequence[History]) -> dict[str, Any]:
    """Return `{"schema": …, "series": […]}`, with one entry per machine, interpreter and case.

    A series has `machine`, `interpreter`, `case`, `normalisation` (changes are looked for in `raw`
    seconds, or in passes over an `anchor`), `long_enough` (to find any change), `points` and
    `changes`. A point has `run`, `file`, `started_at`, `commit`, `dirty`, `grade`, `judged`
    (false: too noisy for verdicts), `pass_s` (seconds) and `value` (in the normalisation; null
    if unknown). A change has `index` (of the first point after it), `before` and `after` (medians
    in the normalisation) and their `ratio`, `score`, `run_before`, `run_after`, `commit_before`,
    `commit_after`, `differences` (`what`, `before`, `after`), `where`, and the other machines
    `seen_on` and `not_on`.
    """
    return {"schema": SCHEMA, "series": [_series(each) for each in every]}


def _series(history: History) -> dict[str, Any]:
    series = history.series
    return {
        "machine": series.place.machine,
        "interpreter": series.place.interpreter,
        "case": series.case,
        "normalisation": str(series.normalisation),
        "long_enough": history.is_long_enough,
        "points": [_point(series.point(index)) for index in range(len(series))],
        "changes": [_change(step) for step in history.steps],
    }


def _point(point: SeriesPoint) -> dict[str, Any]:
    return {
        "run": point.header.run_id,
        "file": str(point.path),
        "started_at": point.header.started_at,
        "commit": point.commit.id,
        "dirty": point.commit.dirty,
        "grade": str(point.grade),
        "judged": not point.is_noisy,
        "pass_s": point.pass_s,
        "value": point.value,
    }


def _change(step: Step) -> dict[str, Any]:
    return {
        "index": step.index,
        "ratio": step.change.ratio,
        "before": step.change.before,
        "after": step.change.after,
        "score": step.change.score,
        "run_before": step.before.header.run_id,
        "run_after": step.after.header.run_id,
        "commit_before": step.before.commit.id,
        "commit_after": step.after.commit.id,
        "differences": [asdict(each) for each in step.differences],
        "where": str(step.reach.where),
        "seen_on": list(step.reach.seen_on),
        "not_on": list(step.reach.not_on),
    }
