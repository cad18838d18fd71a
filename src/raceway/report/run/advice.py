"""The advice for each kind of work, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.advice import Choice
from raceway.analysis.run.crossover import CrossoverPlace
from raceway.analysis.run.curves import magnitude_of
from raceway.case import Kind
from raceway.report.format.labels import joined
from raceway.report.format.layout import INDENT
from raceway.report.run.sentences import DOUBTFUL, LOSES, WINS
from raceway.text import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.advice import Advice
    from raceway.analysis.run.crossover import Crossover
    from raceway.analysis.run.curves import Curve
    from raceway.analysis.run.results import Result
    from raceway.record import Record
    from raceway.report.format.labels import Labels

MOST_NAMED = 3
"""Models named as just as fast; the rest is counted."""


def advice_texts(every: Sequence[Advice], label: Labels) -> Iterator[Text]:
    """Yield one line a workload under a heading; nothing if all of several are unclear."""
    if len(every) > 1 and all(each.choice is Choice.UNCLEAR for each in every):
        return
    if every:
        yield Text("Advice", "bold")
    for name, each in named(every):
        yield Text.assemble(INDENT, (name, "bold"), ": ").append_text(advice_text(each, label))


def named(every: Sequence[Advice]) -> list[tuple[str, Advice]]:
    """Return each advice with its workload's name, and its interpreter's where there are more."""
    several = len({each.interpreter for each in every}) > 1
    return [
        (f"{each.workload} @{each.interpreter}" if several else each.workload, each)
        for each in every
    ]


def advice_text(advice: Advice, label: Labels) -> Text:
    """Return what to use, from which size on, how near it comes to the limit and what it costs."""
    match advice.choice:
        case Choice.USE:
            return _use(advice, label)
        case Choice.SERIAL:
            return Text.assemble(("stay serial", LOSES), f": {_no_gain(advice, label)}")
        case Choice.UNCLEAR:
            doubts = joined(advice.answer.doubts)
            return Text.assemble(("unclear", DOUBTFUL), f" ({doubts})")


def _use(advice: Advice, label: Labels) -> Text:
    pick = advice.pick
    if advice.curve is None or pick is None:
        return Text("unclear", DOUBTFUL)
    text = Text.assemble(
        "use ", (name_of(pick.record, label), WINS), f" {_from_size(advice.curve, pick)}"
    )
    if pick.share_of_limit is not None:
        text.append(f"; {numbers.percent(pick.share_of_limit)} of the limit")
    costs = [
        *([f"{numbers.short_seconds(advice.start_s)} to start"] if advice.start_s else []),
        *([f"{numbers.memory(advice.worker_bytes, digits=2)} a worker"]
          if advice.worker_bytes else []),
    ]  # fmt: skip
    if costs:
        text.append(f"; costs {joined(costs)}")
    if advice.as_fast:
        names = [name_of(each.record, label) for each in advice.as_fast]
        more = len(names) - MOST_NAMED
        told = [*names[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])]
        text.append(f"; as fast at the largest size: {joined(told)}")
    return text


def name_of(record: Record, label: Labels) -> str:
    """Return the name of a case where its interpreter has been told."""
    return label(record).removesuffix(f" @{record.interpreter}")


def _from_size(curve: Curve, pick: Result) -> str:
    """Return from which size on the curve's model pays."""
    crossover, kind = curve.crossover, curve.kind
    smallest = magnitude_of(curve.results[0])
    if pick.speedup is None:
        return "(no serial to compare with)"
    if crossover is None:
        return f"at size {pick.record.size}, too few launches to tell from where on"
    if crossover.reach is CrossoverPlace.BELOW:
        return f"at every size measured, from {magnitude(smallest, kind)} on"
    if crossover.reach is CrossoverPlace.WITHIN:
        bounds = interval(crossover, kind)
        return f"from {magnitude(crossover.magnitude, kind)} {bounds} on, serial below"
    return f"from size {pick.record.size} on, serial below"


def crossover_text(crossover: Crossover | None, kind: str) -> str:
    """Return where a model begins to pay, for a table."""
    if crossover is None:
        return numbers.UNKNOWN
    if crossover.reach is CrossoverPlace.WITHIN:
        return f"{magnitude(crossover.magnitude, kind)} {interval(crossover, kind)}"
    ends = f" {interval(crossover, kind)}" if crossover.low or crossover.high else ""
    return f"{crossover.reach}{ends}"


def interval(crossover: Crossover, kind: str) -> str:
    """Return the interval of a crossover; an end beyond the sizes measured is said to be so."""
    low = _number(crossover.low, kind) if crossover.low else "below the smallest"
    high = _number(crossover.high, kind) if crossover.high else "beyond the largest"
    return f"[{low}, {high}]"


def magnitude(value: float | None, kind: str) -> str:
    """Return how large a size is: tasks at once where they wait, else seconds of a task."""
    if value is None:
        return numbers.UNKNOWN
    return _number(value, kind) + (" at once" if kind == Kind.IO else " a task")


def _number(value: float, kind: str) -> str:
    return numbers.count(round(value), "task") if kind == Kind.IO else numbers.short_seconds(value)


def _no_gain(advice: Advice, label: Labels) -> str:
    """Return that nothing pays, and what may pay at larger sizes."""
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
