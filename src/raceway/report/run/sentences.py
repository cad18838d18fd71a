"""The answer of one group in one sentence."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.ranking import AnswerKind
from raceway.analysis.run.speedup import compare
from raceway.record import Grade
from raceway.report.format.labels import joined
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.ranking import Answer
    from raceway.analysis.run.results import Result
    from raceway.report.format.labels import Labels

MOST_NAMED = 4
"""Names in a tie; the rest is counted."""
HOPELESS = 0.1
"""Speedups below are shown without their interval."""
WINS, LOSES, DOUBTFUL = "bold green", "cyan", "yellow"


def sentence(answer: Answer, label: Labels) -> Text:
    """Return what can be said about a group, its name first."""
    text = Text.assemble((answer.group, "bold"))
    serial = next((each for each in answer.results if each.is_serial), None)
    if serial and serial.per_task_s is not None:
        text.append(f", {numbers.short_seconds(serial.per_task_s)} a task")
    text.append(": ").append_text(CLAIMS[answer.outcome](answer, label))
    settled = answer.outcome in {AnswerKind.PAYS, AnswerKind.SERIAL, AnswerKind.NO_SERIAL}
    if settled and answer.ranking[0].conditions.grade is Grade.DISTURBED:
        text.append(" (disturbed)", DOUBTFUL)
    return text


def _pays(answer: Answer, label: Labels) -> Text:
    first, *tied = answer.winners
    text = Text.assemble((_names(answer.winners, label), WINS))
    alike = len({each.record.interpreter for each in answer.winners}) == 1
    serial = _serial_name(answer, first, label) if alike else "their serial"
    if tied:
        text.append(f" tie at {_range(answer.winners)} of {serial}")
    else:
        text.append(f" {speedup_text(first)} of {serial}")
    shares = [each.share_of_limit for each in answer.winners if each.share_of_limit is not None]
    if shares:
        text.append(f", {'up to ' if tied else ''}{numbers.percent(max(shares))} of the limit")
    if answer.rivals:
        text.append(f"; {_names(answer.rivals, label)} may be as fast")
    return text


def _serial(answer: Answer, label: Labels) -> Text:
    serial = answer.winners[0]
    text = Text.assemble((label(serial.record), LOSES), "; nothing beats it")
    others = [
        (ratio.centre, label(each.record))
        for each in answer.ranking
        if not each.is_serial and (ratio := compare(serial.timing, each.timing))
    ]
    if others:
        best, name = max(others)
        text.append(f"{' by 5 %' if best > 1 else ''} ({name} {numbers.times(best)})")
    return text


def _no_serial(answer: Answer, label: Labels) -> Text:
    first, *tied = answer.winners
    text = Text.assemble((_names(answer.winners, label), WINS), f"{' tie' if tied else ''}")
    text.append(f", {numbers.short_seconds(first.per_task_s)} a task")
    slower = [each for each in answer.ranking if each not in answer.winners]
    if slower and (lead := compare(slower[0].timing, first.timing)):
        bounds = numbers.interval(lead.low, lead.high)
        text.append(f", {numbers.times(lead.centre)} {bounds} of {label(slower[0].record)}")
    return text.append("; no serial to compare with")


def _unclear(answer: Answer, label: Labels) -> Text:
    doubts = f" ({joined(answer.doubts)})" if answer.doubts else ""
    guess = answer.winners[0]
    text = Text.assemble(("unclear", DOUBTFUL), f"{doubts}, {label(guess.record)}")
    if guess.speedup:
        return text.append(f" {speedup_text(guess)} of {_serial_name(answer, guess, label)}")
    return text.append(f" fastest, {numbers.short_seconds(guess.per_task_s)} a task")


def _alone(answer: Answer, label: Labels) -> Text:
    only = answer.ranking[0]
    time = "" if only.is_serial else f", {numbers.short_seconds(only.per_task_s)} a task"
    return Text(f"only {label(only.record)} was measured{time}")


def _unmeasured(answer: Answer, _label: Labels) -> Text:
    fates = Counter(each.record.status.value for each in answer.results)
    counts = joined(f"{number} {fate}" for fate, number in fates.items())
    return Text(f"not measured ({counts})")


CLAIMS = {
    AnswerKind.PAYS: _pays,
    AnswerKind.SERIAL: _serial,
    AnswerKind.NO_SERIAL: _no_serial,
    AnswerKind.UNCLEAR: _unclear,
    AnswerKind.ALONE: _alone,
    AnswerKind.UNMEASURED: _unmeasured,
}


def _names(results: Sequence[Result], label: Labels) -> str:
    names = [label(result.record) for result in results]
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return joined(names)


def speedup_text(result: Result) -> str:
    """Return the speedup over serial with its interval; a dash where there is none.

    Of what is ten times slower than serial nobody asks how much exactly.
    """
    speedup = result.speedup
    if speedup is None:
        return numbers.UNKNOWN
    told = speedup.centre >= HOPELESS
    bounds = numbers.interval(speedup.low, speedup.high) if told else ""
    return f"{numbers.times(speedup.centre)} {bounds}".rstrip()


def _range(results: Sequence[Result]) -> str:
    """Return the speedups of a tie in two digits, or from the least to the largest."""
    centres = [result.speedup.centre for result in results if result.speedup]
    low, high = (numbers.times(each(centres), digits=2) for each in (min, max))
    return high if low == high else f"{low} to {high}"


def _serial_name(answer: Answer, result: Result, label: Labels) -> str:
    """Return what the case's speedup is over; whether that was computed is part of it."""
    serial = next(
        each
        for each in answer.results
        if each.is_serial and each.record.interpreter == result.record.interpreter
    )
    computed = " (computed)" if serial.is_computed else ""
    return f"{label(serial.record)}{computed}"
