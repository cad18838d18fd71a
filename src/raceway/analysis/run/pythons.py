"""Which Python for which work: the interpreters of a run beside its current one.

They race in the same groups, so that each ratio is of cases that took turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from raceway.analysis.run.best import best_of, surest
from raceway.analysis.run.claim import computes
from raceway.analysis.run.peers import ERROR
from raceway.analysis.run.plausible import is_too_good
from raceway.analysis.run.ranking import is_telling
from raceway.analysis.run.starts import start_ratio, start_s
from raceway.analysis.stats.intervals import estimate_around
from raceway.analysis.stats.pooled import mean_of
from raceway.case import CURRENT, Family, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate

THREADS = "threads"
"""The model whose price is told: the plainest pool of threads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnWork:
    """One interpreter on one kind of work."""

    interpreter: str
    serial: Result | None = None
    """Its plain loop, if it was measured."""
    serial_gain: Estimate | None = None
    """Time of the reference's plain loop over that of its own."""
    best: Result | None = None
    """The surest of its cases that may be the fastest."""
    as_fast: int = 0
    """How many more of its cases may be as fast as `best`."""
    best_gain: Estimate | None = None
    """Time of the reference's best case over that of its own best one."""
    start_s: float | None = None
    """Seconds that its best case takes to start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonsOnWork:
    """The interpreters of a run on one kind of work, at one size."""

    group: str
    kind: str
    rows: tuple[OnWork, ...]
    """The reference first."""
    fastest: tuple[str, ...]
    """The interpreter that is fastest, or those of which one is; empty if nothing tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an interpreter costs or gains beside the reference: how many times as fast it is."""

    interpreter: str
    single: Estimate | None
    """A plain loop: the geometric mean over all work that computes."""
    threads: Estimate | None
    """The same of a pool of threads."""
    start: Estimate | None
    """How many times as fast its pools of processes start, like beside like."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pythons:
    """All interpreters of a run beside the one they are compared with."""

    reference: str
    works: tuple[PythonsOnWork, ...]
    prices: tuple[Price, ...]


def pythons_of(results: Sequence[Result]) -> Pythons | None:
    """Return the interpreters of a run side by side; None unless several have a time."""
    told = [each for each in results if each.per_pass_s is not None and not is_too_good(each)]
    labels = list(dict.fromkeys(each.record.interpreter for each in told))
    if len(labels) < 2:  # noqa: PLR2004 (nothing to compare)
        return None
    reference = CURRENT if CURRENT in labels else labels[0]
    labels.sort(key=lambda label: label != reference)
    groups = list(_chosen(told))
    return Pythons(
        reference=reference,
        works=tuple(_on_work(members, labels) for members in groups),
        prices=tuple(_price(groups, label, reference) for label in labels[1:]),
    )


def _chosen(told: Sequence[Result]) -> Iterator[list[Result]]:
    """Yield the cases of each workload at one size: the largest that most interpreters ran."""
    works: dict[str, dict[str, list[Result]]] = {}
    for each in told:
        works.setdefault(each.record.workload, {}).setdefault(each.group, []).append(each)
    for sizes in works.values():
        most = max(map(_interpreters, sizes.values()))
        if most > 1:
            yield [each for each in sizes.values() if _interpreters(each) == most][-1]


def _interpreters(members: Sequence[Result]) -> int:
    return len({each.record.interpreter for each in members})


def _on_work(members: Sequence[Result], labels: Sequence[str]) -> PythonsOnWork:
    measured = [each for each in members if is_telling(each) and not each.is_computed]
    own = {label: _own(measured, label) for label in labels}
    beside = own[labels[0]]
    return PythonsOnWork(
        group=members[0].group,
        kind=members[0].record.kind,
        rows=tuple(_row(label, own[label], beside) for label in labels),
        fastest=_fastest(measured),
    )


@dataclass(frozen=True, slots=True)
class _Own:
    """The cases of one interpreter in a group."""

    cases: int
    serial: Result | None
    best: tuple[Result, ...]
    """Those that may be the fastest, surest first."""


def _own(measured: Sequence[Result], label: str) -> _Own:
    mine = [each for each in measured if each.record.interpreter == label]
    serial = next((each for each in mine if each.is_serial), None)
    best = best_of(sorted(mine, key=lambda each: each.per_pass_s or inf))
    if serial and len(best) > 1:
        best = surest(best, serial, ERROR / len(mine))
    return _Own(len(mine), serial, tuple(best))


def _row(label: str, own: _Own, beside: _Own) -> OnWork:
    best = own.best[0] if own.best else None
    of_reference = beside.best[0] if beside.best else None
    # The best of several looks better than it is: each side's choice takes its share of the error.
    error = ERROR / max(own.cases + beside.cases, 1)
    return OnWork(
        interpreter=label,
        serial=own.serial,
        serial_gain=None if own is beside else _gain(beside.serial, own.serial, ERROR),
        best=best,
        as_fast=max(len(own.best) - 1, 0),
        best_gain=None if own is beside else _gain(of_reference, best, error),
        start_s=start_s(best) if best and not best.is_serial else None,
    )


def _gain(slow: Result | None, fast: Result | None, error: float) -> Estimate | None:
    return slow.peers.estimate(slow.record, fast.record, error) if slow and fast else None


def _fastest(measured: Sequence[Result]) -> tuple[str, ...]:
    """Return the interpreters of the cases that no other is shown to beat."""
    if max((each.usage.launches for each in measured), default=0) < 2:  # noqa: PLR2004 (no interval)
        return ()
    return tuple(dict.fromkeys(each.record.interpreter for each in best_of(measured)))


def _price(groups: Sequence[Sequence[Result]], label: str, reference: str) -> Price:
    computing = [
        each for each in groups if each[0].record.kind == Kind.CPU and any(map(computes, each))
    ]
    return Price(
        interpreter=label,
        single=_mean(_pairs(computing, reference, label, lambda each: each.is_serial)),
        threads=_mean(
            _pairs(computing, reference, label, lambda each: each.record.model == THREADS)
        ),
        start=start_ratio(_pairs(groups, reference, label, _is_processes)),
    )


def _is_processes(result: Result) -> bool:
    return result.record.family == Family.PROCESSES


def _pairs(
    groups: Sequence[Sequence[Result]],
    reference: str,
    label: str,
    wanted: Callable[[Result], bool],
) -> Iterator[tuple[Result, Result]]:
    """Yield the cases of both interpreters that are alike in all else."""
    for members in groups:
        sides: dict[tuple[str, int, str], dict[str, Result]] = {}
        for each in members:
            record = each.record
            if wanted(each) and not each.is_computed:
                like = (record.model, record.workers, record.device)
                sides.setdefault(like, {})[record.interpreter] = each
        for pair in sides.values():
            if reference in pair and label in pair:
                yield pair[reference], pair[label]


def _mean(pairs: Iterator[tuple[Result, Result]]) -> Estimate | None:
    """Return the geometric mean of the pairs' ratios; None without two launches of any."""
    centres = (slow.peers.centre(slow.record, fast.record) for slow, fast in pairs)
    mean = mean_of([each for each in centres if each])
    return estimate_around(mean) if mean else None
