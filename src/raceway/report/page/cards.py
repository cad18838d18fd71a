"""Advice and claims as cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from raceway.analysis.run.advice import Choice
from raceway.analysis.run.claim import ClaimResult
from raceway.report.charts.palette import colours_of
from raceway.report.format.labels import KINDS
from raceway.report.run.advice import details, gain_of, headline, name_of, named
from raceway.report.run.claims import value_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from raceway.analysis.run.advice import Advice
    from raceway.analysis.run.claim import Claim
    from raceway.analysis.run.results import Result
    from raceway.report.format.labels import Labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One answer: a heading, the main word, and the rest in a sentence."""

    heading: str
    over: str
    """The small text above the heading."""
    word: str
    tone: str
    """`good`, `plain`, `bad` or `doubtful`."""
    text: str
    small: str = ""
    """The evidence, and the costs."""
    colour: str = ""
    kind: str = ""
    interpreter: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    """Cases that show it, with their figures."""
    measured: str = ""
    """What the figures are."""


TONES = {
    Choice.USE: "good",
    Choice.SERIAL: "plain",
    Choice.UNCLEAR: "doubtful",
    ClaimResult.HOLDS: "good",
    ClaimResult.FAILS: "bad",
    ClaimResult.UNTESTED: "doubtful",
}


def advice_cards(every: Sequence[Advice], label: Labels) -> list[Card]:
    """Return one card per workload and interpreter."""
    return [
        Card(
            heading=name,
            over=KINDS.get(each.kind, each.kind),
            word=_word(each, label),
            tone=TONES[each.choice],
            text=_rest(headline(each, label).plain, _word(each, label)),
            small="; ".join(details(each, label)),
            colour=_colour(each),
            kind=each.kind,
            interpreter=each.interpreter,
        )
        for name, each in named(every)
    ]


def claim_cards(claims: Sequence[Claim]) -> list[Card]:
    """Return one card per claim; none if no claim can be tested."""
    if all(claim.finding is ClaimResult.UNTESTED for claim in claims):
        return []
    return [
        Card(
            heading=claim.text,
            over="claim",
            word=str(claim.finding),
            tone=TONES[claim.finding],
            text=claim.reason,
            rows=tuple((each.result.record.id, value_text(each)) for each in claim.evidence),
            measured=claim.measured,
            kind=claim.evidence[0].result.record.kind if claim.evidence else "",
        )
        for claim in claims
    ]


def _word(advice: Advice, label: Labels) -> str:
    if best := _told(advice):
        return f"{name_of(best.record, label)} {gain_of(best)}".rstrip()
    return "unclear" if advice.choice is Choice.UNCLEAR else "stay serial"


def _told(advice: Advice) -> Result | None:
    """Return the case that the card begins with, if one pays."""
    return advice.below if advice.choice is Choice.UNCLEAR else advice.pick


def _rest(sentence: str, word: str) -> str:
    """Return the sentence without the word above it."""
    return sentence.removeprefix(word).lstrip(":, ")


def _colour(advice: Advice) -> str:
    best = _told(advice)
    model = best.record.model if best else "serial"
    return colours_of([model])[model]
