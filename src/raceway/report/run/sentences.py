"""The answer of a group in one sentence: the figures first, then the evidence, dim."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.ranking import AnswerKind
from raceway.report.format.labels import any_of, joined
from raceway.report.run.latencies import both_texts
from raceway.report.run.shares import share_text
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result
    from raceway.analysis.stats.intervals import Estimate
    from raceway.report.format.labels import Labels

MOST_NAMED = 4
"""Cases named in a tie; the rest are counted."""
MOST_IN_DOUBT = 2
"""Cases named as perhaps faster than serial."""
HOPELESS = 0.1
"""Speedups below this are shown without an interval: nobody needs it."""
WINS, LOSES, DOUBTFUL, SMALL = "bold green", "cyan", "yellow", "dim"
FIGURES = re.compile(r"[\d.]+")
UNKNOWN_BEST = "which is best is not known"


def sentence(answer: Answer, label: Labels) -> Text:
    """Return the answer of a group, its name first."""
    text = Text.assemble((answer.group, "bold"), ": ").append_text(
        CLAIMS[answer.outcome](answer, label)
    )
    serial = next((each for each in answer.results if each.is_serial), None)
    small = [*both_texts(answer, label), *left_out_texts(answer, label)]
    if serial and serial.per_task_s is not None:
        small.append(f"{numbers.short_seconds(serial.per_task_s)} a task")
    return text.append("".join(f"; {each}" for each in small), SMALL)


def _pays(answer: Answer, label: Labels) -> Text:
    first, *tied = answer.winners
    times = numbers.times(first.speedup.centre if first.speedup else None, digits=2)
    one_family = bool(tied) and answer.known is not None
    name = any_of(answer.known.family) if answer.known and tied else names(answer.winners, label)
    text = Text.assemble((f"{name} {times}", WINS))
    if one_family and answer.known:
        text.append(f", {numbers.times(answer.known.least, digits=2)} at least")
    text.append(_of_limit(first))
    return text.append("".join(f"; {each}" for each in _behind(answer, label)), SMALL)


def _behind(answer: Answer, label: Labels) -> Iterator[str]:
    """Yield the evidence of a gain: its interval, its serial case, and rivals."""
    first, *tied = answer.winners
    gain = first.speedup_at(answer.error)
    bounds = bounds_text(gain, first) if gain else ""
    name = f"{label(first.record)} " if tied else ""
    alike = len({each.record.interpreter for each in answer.winners}) == 1
    serial = _serial_name(answer, first, label) if alike else "their serial"
    yield f"{name}{bounds} of {serial}"
    if tied:
        yield UNKNOWN_BEST
    if answer.rivals:
        yield f"{names(answer.rivals, label)} may be as fast"
    if first.bias.slowed > 1:
        yield f"only {numbers.cores(first.bias.cores_ran)} cores ran at once"


def bounds_text(gain: Estimate, of: Result) -> str:
    """Return the interval of a gain; `at least` it, if others kept cores from the case.

    A case is shown to pay by its own interval. That of the best of several is wider; where it no
    longer does, both are told.
    """
    if gain.low is None:
        return ""
    least, own = "at least " if of.bias.slowed > 1 else "", of.speedup
    bounds = numbers.interval(gain.low, gain.high)
    if own and own.low is not None and gain.low <= 1 < own.low:
        return f"{least}{numbers.interval(own.low, own.high)} ({bounds} as the best of several)"
    return f"{least}{bounds}"


def _serial(answer: Answer, label: Labels) -> Text:
    serial = answer.winners[0]
    text = Text.assemble((label(serial.record), LOSES), "; nothing beats it")
    others = [
        (ratio.centre, label(each.record))
        for each in answer.ranking
        if not each.is_serial
        and (ratio := each.peers.estimate(serial.record, each.record))
        and each not in [one for one, _ in answer.left_out]
    ]
    if others:
        best, name = max(others)
        text.append(f"{' by 5 %' if best > 1 else ''} ({name} {numbers.times(best)})")
    return text


def _no_serial(answer: Answer, label: Labels) -> Text:
    first = answer.winners[0]
    text = Text.assemble((names(answer.winners, label), WINS))
    text.append(f"{_of_limit(first)}, {numbers.short_seconds(first.per_task_s)} a task")
    slower = [each for each in answer.ranking if each not in answer.winners]
    lead = first.peers.estimate(slower[0].record, first.record) if slower else None
    if lead:
        text.append(
            f", {numbers.times(lead.centre, digits=2)} of {label(slower[0].record)}"
        ).append(f" {numbers.interval(lead.low, lead.high)}".rstrip(), SMALL)
    return text.append("; no serial to compare with", SMALL)


def _unclear(answer: Answer, label: Labels) -> Text:
    """Return the candidates, the interval, and what would tell."""
    text = Text("unclear", DOUBTFUL)
    if answer.in_doubt:
        text.append(f", {serial_or(answer, label)}: {speedup_text(answer.in_doubt[0])}")
    elif answer.winners and not answer.left_out:
        guess = answer.winners[0]
        text.append(f", {label(guess.record)} {numbers.short_seconds(guess.per_task_s)} a task")
    told = [] if answer.left_out and not answer.in_doubt else answer.doubts
    reasons = [*told, *remedy_texts(answer)]
    return text.append("".join(f"; {each}" for each in reasons), SMALL)


def serial_or(answer: Answer, label: Labels) -> str:
    """Return `serial` and the cases that may beat it, joined by `or`."""
    labels = [label(each.record) for each in answer.in_doubt]
    more = len(labels) - MOST_IN_DOUBT
    return joined(
        ["serial", *labels[:MOST_IN_DOUBT], *([f"{more} more"] if more > 0 else [])], "or"
    )


def remedy_texts(answer: Answer) -> Iterator[str]:
    """Yield how many launches would tell, and how long they would take."""
    remedy = answer.remedy
    if remedy:
        more = numbers.count(remedy.launches, "more launch")
        took = remedy.wall_s
        yield f"{more} would tell" + (f", {numbers.short_seconds(took)}" if took else "")


def left_out_texts(answer: Answer, label: Labels) -> Iterator[str]:
    """Yield the cases with impossible results, and the question to ask.

    Reasons that differ only in their figures are one; the figures are those of the first case.
    """
    reasons: dict[str, tuple[str, list[str]]] = {}
    for result, reason in answer.left_out:
        _, labels = reasons.setdefault(FIGURES.sub("", reason), (reason, []))
        labels.append(label(result.record))
    for reason, labels in reasons.values():
        named = "all" if len(labels) == len(answer.ranking) > MOST_NAMED else joined(labels)
        yield f"left out as impossible: {named} ({reason})"


def _one_task(_answer: Answer, _label: Labels) -> Text:
    return Text("one task, so nothing could run beside it")


def _alone(answer: Answer, label: Labels) -> Text:
    only = answer.ranking[0]
    name, share = label(only.record), _of_limit(only)
    if only.is_serial:
        return Text(f"only {name} was measured")
    time = f"{numbers.short_seconds(only.per_task_s)} a task"
    if not share:
        return Text(f"only {name} was measured, {time}")
    text = Text.assemble((name, WINS), f"{share}, {time}")
    return text.append("; nothing else was measured", SMALL)


def _of_limit(result: Result) -> str:
    """Return the share of the limit, after a comma; empty if it is unknown."""
    share = share_text(result)
    return f", {share} of the limit" if share != numbers.UNKNOWN else ""


def _unmeasured(answer: Answer, _label: Labels) -> Text:
    fates = Counter(each.record.status.value for each in answer.results)
    counts = joined(f"{number} {fate}" for fate, number in fates.items())
    return Text(f"not measured ({counts})")


CLAIMS = {
    AnswerKind.PAYS: _pays,
    AnswerKind.SERIAL: _serial,
    AnswerKind.NO_SERIAL: _no_serial,
    AnswerKind.UNCLEAR: _unclear,
    AnswerKind.ONE_TASK: _one_task,
    AnswerKind.ALONE: _alone,
    AnswerKind.UNMEASURED: _unmeasured,
}


def names(results: Sequence[Result], label: Labels) -> str:
    """Return the names of the cases to choose from."""
    labels = [label(result.record) for result in results]
    if len(labels) > MOST_NAMED:
        labels = [*labels[: MOST_NAMED - 1], f"{len(labels) - MOST_NAMED + 1} more"]
    return joined(labels, "or")


def speedup_text(result: Result) -> str:
    """Return the speedup over serial with its interval; a dash if there is none."""
    speedup = result.speedup
    if speedup is None:
        return numbers.UNKNOWN
    told = speedup.centre >= HOPELESS
    bounds = numbers.interval(speedup.low, speedup.high) if told else ""
    return f"{numbers.times(speedup.centre)} {bounds}".rstrip()


def _serial_name(answer: Answer, result: Result, label: Labels) -> str:
    """Return the name of the case's serial case, marked if it was computed."""
    serial = next(
        each
        for each in answer.results
        if each.is_serial and each.record.interpreter == result.record.interpreter
    )
    computed = " (computed)" if serial.is_computed else ""
    return f"{label(serial.record)}{computed}"
