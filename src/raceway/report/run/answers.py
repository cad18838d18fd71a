"""The answers of a run, one line per group."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text

from raceway.analysis.run.ranking import AnswerKind, answers_of
from raceway.analysis.run.results import results_of
from raceway.record import Status
from raceway.report.format.labels import KINDS, Labels, joined
from raceway.report.format.layout import INDENT, wrapped
from raceway.report.format.sanitize import printable_run
from raceway.report.run.sentences import DOUBTFUL, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.analysis.run.ranking import Answer
    from raceway.record import Run

LINE_WIDTH = 80


def answer_lines(run: Run) -> list[str]:
    """Return the answers of a run, one per group, as plain text of at most 80 columns."""
    clean = printable_run(run)
    lines = answer_texts(answers_of(results_of(clean)), Labels(clean))
    return [line.plain for text in lines for line in wrapped(text, LINE_WIDTH)]


def answer_texts(answers: Sequence[Answer], label: Labels) -> Iterator[Text]:
    """Yield the answers by kind of work; groups not reached share a line.

    Doubts about every group come first, once.
    """
    doubts = _shared_doubts(answers)
    if doubts:
        yield Text.assemble(("all unclear", DOUBTFUL), f" ({joined(doubts)})")
    for kind, members in by_kind(answers):
        yield Text(kind, "bold")
        for answer in members:
            if not _is_left_out(answer):
                yield Text(INDENT).append_text(sentence(_without(answer, doubts), label))
        left_out = [answer.group for answer in members if _is_left_out(answer)]
        if left_out:
            yield Text(f"{INDENT}not measured: {joined(left_out)}")


def by_kind(answers: Sequence[Answer]) -> list[tuple[str, list[Answer]]]:
    """Return the answers by the name of their kind of work."""
    kinds = [*KINDS, *(answer.kind for answer in answers)]
    return [
        (KINDS.get(kind, kind or "Other"), [each for each in answers if each.kind == kind])
        for kind in dict.fromkeys(kinds)
        if any(answer.kind == kind for answer in answers)
    ]


def _shared_doubts(answers: Sequence[Answer]) -> list[str]:
    """Return the doubts shared by all raced groups; none for a single group."""
    raced = [each.doubts for each in answers if len(each.ranking) > 1]
    if len(raced) == 1 or not raced:
        return []
    return [doubt for doubt in raced[0] if all(doubt in doubts for doubts in raced)]


def _without(answer: Answer, told: Sequence[str]) -> Answer:
    return replace(answer, doubts=tuple(each for each in answer.doubts if each not in told))


def _is_left_out(answer: Answer) -> bool:
    """Whether a group was skipped or not reached."""
    fates = {each.record.status for each in answer.results}
    return answer.outcome is AnswerKind.UNMEASURED and Status.FAILED not in fates
