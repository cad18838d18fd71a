"""The advice for each workload: the figures in one line, then the evidence, dim.

For many workloads, all figures stand together, and the evidence follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.advice import Choice
from raceway.analysis.run.axis import magnitude_of
from raceway.analysis.run.best import family_of
from raceway.analysis.run.crossover import CrossoverPlace
from raceway.report.format.labels import any_of, joined
from raceway.report.format.layout import INDENT
from raceway.report.run.crossovers import crossover_text, engine_text, interval, magnitude
from raceway.report.run.sentences import (
    DOUBTFUL,
    LOSES,
    SMALL,
    UNKNOWN_BEST,
    WINS,
    bounds_text,
    left_out_texts,
    remedy_texts,
    serial_or,
    speedup_text,
)
from raceway.report.run.shares import share_text
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.advice import Advice
    from raceway.analysis.run.curves import Curve
    from raceway.analysis.run.results import Result
    from raceway.record import Record
    from raceway.report.format.labels import Labels

MOST_IN_FULL = 6
"""Workloads whose evidence stands below each; of more, the figures come first."""
MOST_NAMED = 3
"""Models named as equally fast; the rest are counted."""


def advice_texts(every: Sequence[Advice], label: Labels) -> Iterator[Text]:
    """Yield the advice under a heading; nothing if all of several are unclear."""
    if not every or (len(every) > 1 and all(each.choice is Choice.UNCLEAR for each in every)):
        return
    yield Text("Advice", "bold")
    if len(every) > MOST_IN_FULL:
        yield from _apart(every, label)
        return
    for name, each in named(every):
        yield _line(name, headline(each, label))
        behind = "; ".join(details(each, label))
        if behind:
            yield Text(f"{INDENT}{INDENT}{behind}", SMALL)


def _apart(every: Sequence[Advice], label: Labels) -> Iterator[Text]:
    """Yield the figures, what pays first, those that say the same together; then the evidence."""
    lines: dict[tuple[Choice, str], tuple[Text, list[str]]] = {}
    for name, each in named(every):
        text = headline(each, label)
        shared = text.plain if each.choice is Choice.SERIAL else name
        lines.setdefault((each.choice, shared), (text, []))[1].append(name)
    for choice in Choice:
        for (chosen, _), (text, names) in lines.items():
            if chosen is choice:
                yield _line(joined(names), text)
    yield Text("Behind it", "bold")
    for name, each in named(every):
        behind = "; ".join(details(each, label))
        if behind:
            yield Text(f"{INDENT}{name}: {behind}", SMALL)


def _line(name: str, text: Text) -> Text:
    return Text.assemble(INDENT, (name, "bold"), ": ").append_text(text)


def named(every: Sequence[Advice]) -> list[tuple[str, Advice]]:
    """Return each advice with its workload's name, and its interpreter's if there are several."""
    several = len({each.interpreter for each in every}) > 1
    return [
        (f"{each.workload} @{each.interpreter}" if several else each.workload, each)
        for each in every
    ]


def headline(advice: Advice, label: Labels) -> Text:
    """Return what to use, and its figures; or that nothing pays, or that it is unclear."""
    pick = advice.pick
    if advice.choice is Choice.SERIAL:
        return Text.assemble(("stay serial", LOSES), f": {no_gain(advice, label)}")
    if advice.curve is None or pick is None:
        known = () if advice.below is None else _below(advice.below, label)
        return Text.assemble(*known, ("unclear", DOUBTFUL), _in_doubt(advice, label))
    return Text.assemble((name_of(pick.record, label), WINS), f" {figures(advice, label)}")


def _below(best: Result, label: Labels) -> tuple[tuple[str, str], str]:
    """Return what pays at a smaller size than the largest, which is unclear."""
    model = (name_of(best.record, label), WINS)
    return model, f" {gain_of(best)} at size {best.record.size}; "


def figures(advice: Advice, label: Labels) -> str:
    """Return the advised case's gain, from which size its family pays, and share of the limit."""
    pick, first = advice.pick, advice.first
    if pick is None or first is None:
        return ""
    share = share_text(pick)
    by = "" if pick in first.results else f" with {name_of(first.largest.record, label)}"
    told = [
        *([gain_of(pick)] if pick.speedup else []),
        _from_size(first, pick) + by,
        *([f"{share} of the limit"] if share != numbers.UNKNOWN else []),
    ]
    return ", ".join(told)


def gain_of(best: Result) -> str:
    """Return how many times faster than serial a case is; empty if unknown."""
    return numbers.times(best.speedup.centre, digits=2) if best.speedup else ""


def details(advice: Advice, label: Labels) -> Iterator[str]:
    """Yield what is known of other models, the intervals, and the costs."""
    pick, answer = advice.pick, advice.answer
    if pick is None or advice.curve is None:
        if advice.choice is Choice.SERIAL and (best := advice.below):
            yield f"{name_of(best.record, label)} pays {gain_of(best)} at size {best.record.size}"
        if advice.choice is Choice.UNCLEAR and (answer.in_doubt or not answer.left_out):
            yield from (*answer.doubts, *remedy_texts(answer))
        yield from _engines(advice, label)
        yield from left_out_texts(answer, label)
        return
    yield from _others(advice, label)
    gain = pick.speedup_at(answer.error)
    if gain and gain.low is not None:
        only = ", the only one measured" if len(advice.curve.results) == 1 else ""
        yield f"{bounds_text(gain, pick)} at size {pick.record.size}{only}"
    yield from _around(advice, label)
    yield from _engines(advice, label)
    if pick.bias.slowed > 1:
        yield f"only {numbers.cores(pick.bias.cores_ran)} cores ran at once"
    costs = [
        *([f"{numbers.short_seconds(advice.start_s)} to start"] if advice.start_s else []),
        *([f"{numbers.memory(advice.worker_bytes, digits=2)} a worker"]
          if advice.worker_bytes else []),
    ]  # fmt: skip
    if costs:
        yield f"costs {joined(costs)}"
    yield from left_out_texts(answer, label)


def _others(advice: Advice, label: Labels) -> Iterator[str]:
    """Yield what holds for the whole family, and which others may be as fast."""
    known = advice.answer.known
    others = list(advice.as_fast)
    if known:
        yield f"{any_of(known.family)} pays, {numbers.times(known.least, digits=2)} at least"
        family = [each for each in others if family_of(each.record) == known.family]
        if family:
            yield UNKNOWN_BEST
            others = [each for each in others if each not in family]
    if others:
        names = [name_of(each.record, label) for each in others]
        more = len(names) - MOST_NAMED
        told = [*names[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
        yield f"perhaps as fast: {joined(told)}"


def _around(advice: Advice, label: Labels) -> Iterator[str]:
    """Yield the interval of the start, where the advised model starts, and what is best below."""
    curve, first, sooner = advice.curve, advice.first, advice.sooner
    if first and first.crossover and first.crossover.reach is CrossoverPlace.WITHIN:
        yield f"from {interval(first.crossover, first.axis)}"
    if curve and curve is not first:
        name = name_of(curve.largest.record, label)
        yield f"{name}, from {crossover_text(curve.crossover, curve.axis)}"
    if sooner and sooner is not first:
        name = name_of(sooner.largest.record, label)
        start = sooner.crossover and sooner.crossover.magnitude
        yield f"below, {name}" + (f", from {magnitude(start, sooner.axis)}" if start else "")


def _engines(advice: Advice, label: Labels) -> Iterator[str]:
    """Yield from which size each engine beats all else."""
    for each in advice.engines:
        yield engine_text(each, name_of(each.curve.largest.record, label))


def name_of(record: Record, label: Labels) -> str:
    """Return the name of a case without its interpreter."""
    return label(record).removesuffix(f" @{record.interpreter}")


def _in_doubt(advice: Advice, label: Labels) -> str:
    """Return what the largest size cannot tell apart."""
    doubtful = advice.answer.in_doubt
    if not doubtful:
        return ""
    between = serial_or(advice.answer, label)
    return f" at size {doubtful[0].record.size}, {between}: {speedup_text(doubtful[0])}"


def _from_size(curve: Curve, pick: Result) -> str:
    """Return the size from which the curve's model pays."""
    crossover = curve.crossover
    if pick.speedup is None:
        return "fastest, no serial to compare with"
    if crossover is None:
        return f"at size {pick.record.size}"
    if crossover.reach is CrossoverPlace.BELOW:
        places = (magnitude_of(each, curve.axis) for each in curve.results if each.speedup)
        known = [place for place in places if place]
        least = magnitude(min(known, default=None), curve.axis)
        only = len(curve.results) == 1
        return f"at {least}" if only else f"at every size, from {least}"
    if crossover.reach is CrossoverPlace.WITHIN:
        return f"from {magnitude(crossover.magnitude, curve.axis)}"
    return f"from size {pick.record.size}"


def no_gain(advice: Advice, label: Labels) -> str:
    """Return that nothing pays, and what may pay at larger sizes."""
    if all(len(curve.results) == 1 for curve in advice.curves):
        return "nothing pays at the only size measured"
    hopeful = [
        name_of(curve.largest.record, label)
        for curve in advice.curves
        if curve.crossover and curve.crossover.reach is CrossoverPlace.BEYOND
    ]
    if hopeful:
        return f"nothing pays at the sizes measured; {joined(hopeful[:MOST_NAMED])} may beyond them"
    known = [curve.crossover.reach for curve in advice.curves if curve.crossover]
    hopeless = known and all(reach is CrossoverPlace.NEVER for reach in known)
    return "nothing ever pays here" if hopeless else "nothing pays at the sizes measured"
