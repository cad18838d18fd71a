"""A comparison as plain data: what `--json` writes. docs/json.md describes every field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raceway.analysis.comparison.verdicts import Verdict

if TYPE_CHECKING:
    from raceway.analysis.comparison.comparison import Comparison
    from raceway.analysis.comparison.samples import Side
    from raceway.analysis.comparison.verdicts import Row
    from raceway.analysis.stats.intervals import Estimate

SCHEMA = "raceway-comparison/2"


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return the summary and one row per case; times in seconds, ratios are B's over A's."""
    return {
        "schema": SCHEMA,
        "a": _side(comparison.a),
        "b": _side(comparison.b),
        "threshold": comparison.terms.threshold,
        "confidence": comparison.terms.confidence,
        "across_machines": comparison.across_machines,
        "summary": {
            **{str(verdict): comparison.count(verdict) for verdict in Verdict},
            **_ratio(comparison.overall, "overall_"),
        },
        "differences": [
            {"what": each.what, "a": each.before, "b": each.after}
            for each in comparison.differences
        ],
        "rows": [row_data(row) for row in comparison.rows],
    }


def row_data(row: Row) -> dict[str, Any]:
    """Return one case; unknown values are null."""
    a, b = row.matchup.a, row.matchup.b
    return {
        "case": row.case,
        "workload": b.record.workload,
        "size": b.record.size,
        "model": b.record.model,
        "workers": b.record.workers,
        "device": b.record.device,
        "kind": b.record.kind,
        "verdict": str(row.verdict),
        "single_runs": row.single_runs,
        "reason": row.reason,
        **_ratio(row.estimate),
        "detectable": row.detectable,
        "p_value": row.p_value,
        "normalisation": str(row.matchup.normalisation),
        "a_s": a.pass_s,
        "b_s": b.pass_s,
        "a_launches": a.launches,
        "b_launches": b.launches,
        "a_rounds": a.rounds,
        "b_rounds": b.rounds,
        "a_noisy_launches": a.noisy,
        "b_noisy_launches": b.noisy,
        "a_grade": str(a.grade),
        "b_grade": str(b.grade),
    }


def _ratio(estimate: Estimate | None, prefix: str = "") -> dict[str, float | None]:
    return {
        f"{prefix}ratio": estimate.centre if estimate else None,
        f"{prefix}low": estimate.low if estimate else None,
        f"{prefix}high": estimate.high if estimate else None,
    }


def _side(side: Side) -> dict[str, Any]:
    newest, raced = side.runs[-1].header, side.main_environment
    return {
        "label": side.label,
        "runs": [run.header.run_id for run in side.runs],
        "interpreter": side.interpreter,
        "machine": side.machine.id,
        "commit": newest.commit.id,
        "dirty": newest.commit.dirty,
        "files": newest.files,
        "python": raced.version if raced else None,
        "command": raced.command if raced else None,
        "libraries": raced.libraries if raced else {},
        "started_at": newest.started_at,
    }
