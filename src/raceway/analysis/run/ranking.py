"""What a run says about each group: which model won, whether it pays, or that it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING

from raceway.analysis.run.speedup import compare
from raceway.record import Grade

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate

PAYS = 1.05
"""The least speedup over serial worth another model; the fastest of many reaches less by luck."""
COULD_PAY = 1.10
"""An interval up to this leaves room for no speedup worth having."""
APART = 1.01
"""The least ratio between a winner and those it does not tie with."""
FEWEST_UNGRADED = 3
"""Launches that make up for conditions that are not known."""


class AnswerKind(StrEnum):
    """What can be said about a group."""

    PAYS = "pays"
    """The winners beat serial."""
    SERIAL = "serial"
    """Nothing beats serial."""
    NO_SERIAL = "no serial"
    """The winners are fastest; serial was not measured."""
    UNCLEAR = "unclear"
    """The doubts say why."""
    ALONE = "alone"
    """A single case was measured."""
    UNMEASURED = "unmeasured"
    """No case was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What can be said about one group."""

    group: str
    kind: str
    outcome: AnswerKind
    results: tuple[Result, ...]
    """All cases of the group, those without a time too, in the order of the run."""
    ranking: tuple[Result, ...]
    """The measured cases, fastest first."""
    winners: tuple[Result, ...] = ()
    """The fastest and those that tie with it, fastest first."""
    rivals: tuple[Result, ...] = ()
    """Those that may be as fast as the winners but are not shown to beat serial."""
    doubts: tuple[str, ...] = ()
    """Why it is unclear, in words."""


def answers_of(results: Sequence[Result]) -> list[Answer]:
    """Return an answer for each group, in the order in which the groups first appear."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
    return [_answer(group, members) for group, members in groups.items()]


def is_apart(slow: Result, fast: Result) -> bool:
    """Whether `slow` is shown to be slower than `fast`: interval beyond 1, ratio from `APART`."""
    return _exceeds(compare(slow.timing, fast.timing), APART)


def pays(result: Result) -> bool:
    """Whether a case is shown to beat serial: interval beyond 1, speedup from `PAYS`."""
    return _exceeds(result.speedup, PAYS)


def _exceeds(ratio: Estimate | None, least: float) -> bool:
    return ratio is not None and ratio.low is not None and ratio.low > 1 and ratio.centre >= least


def _answer(group: str, members: Sequence[Result]) -> Answer:
    ranking = sorted(
        (result for result in members if result.per_pass_s is not None),
        key=lambda result: result.per_pass_s or inf,
    )
    doubts = _doubts(ranking)
    outcome = _outcome(ranking, doubts)
    near = [result for result in ranking[1:] if not is_apart(result, ranking[0])]
    return Answer(
        group=group,
        kind=members[0].record.kind,
        outcome=outcome,
        results=tuple(members),
        ranking=tuple(ranking),
        winners=tuple(_winners(ranking, near, outcome)),
        rivals=tuple(each for each in near if outcome is AnswerKind.PAYS and not pays(each)),
        doubts=doubts or (("the intervals are too wide",) if outcome is AnswerKind.UNCLEAR else ()),
    )


def _outcome(ranking: Sequence[Result], doubts: Sequence[str]) -> AnswerKind:
    if not ranking:
        return AnswerKind.UNMEASURED
    if len(ranking) == 1 or not any(result.usage.launches for result in ranking):
        return AnswerKind.ALONE
    if doubts:
        return AnswerKind.UNCLEAR
    fastest = ranking[0]
    if not fastest.is_serial and fastest.speedup is None:
        return AnswerKind.NO_SERIAL
    if pays(fastest):
        return AnswerKind.PAYS
    return AnswerKind.UNCLEAR if _candidates(ranking) else AnswerKind.SERIAL


def _winners(
    ranking: Sequence[Result], near: Sequence[Result], outcome: AnswerKind
) -> Iterable[Result]:
    match outcome:
        case AnswerKind.PAYS:
            return (ranking[0], *filter(pays, near))
        case AnswerKind.NO_SERIAL:
            return (ranking[0], *near)
        case AnswerKind.SERIAL:
            return (next(result for result in ranking if result.is_serial),)
        case AnswerKind.UNCLEAR:
            others = [result for result in ranking if not result.is_serial]
            return (*_candidates(ranking), *others, *ranking)[:1]
        case _:
            return ranking[:1]


def _candidates(ranking: Sequence[Result]) -> list[Result]:
    """Return the cases for which a gain over the fastest serial cannot be ruled out."""
    serial = next((result for result in ranking if result.is_serial), None)
    return [
        result
        for result in ranking
        if serial and not result.is_serial and _could_pay(compare(serial.timing, result.timing))
    ]


def _could_pay(speedup: Estimate | None) -> bool:
    return speedup is not None and (speedup.high is None or speedup.high > COULD_PAY)


def _doubts(ranking: Sequence[Result]) -> tuple[str, ...]:
    """Return why nothing can be claimed about a group, whatever its intervals say."""
    launches = max((result.usage.launches for result in ranking), default=0)
    grade = ranking[0].conditions.grade if ranking else Grade.UNKNOWN
    doubts = []
    if launches == 1:
        doubts.append("1 launch: no interval")
    elif grade is Grade.UNKNOWN and launches < FEWEST_UNGRADED:
        doubts.append(f"{launches} launches under unknown conditions")
    if grade is Grade.NOISY:
        doubts.append("too noisy")
    return tuple(doubts)
