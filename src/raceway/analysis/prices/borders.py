"""Which of several models is best as tasks get longer: the lower envelope of straight lines."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Line:
    """The time of a model: what it takes anyhow, and what each second of a task adds."""

    model: str
    fixed_s: float
    slope: float

    def at(self, task_s: float) -> float:
        """Return the time of tasks of so many seconds."""
        return self.fixed_s + self.slope * task_s


@dataclass(frozen=True, slots=True)
class Reign:
    """A range of the cost of a task in which one model is best, or as good."""

    line: Line
    from_s: float
    to_s: float
    """`inf` for the last."""

    @property
    def model(self) -> str:
        """The name of the model."""
        return self.line.model


def reigns_of(lines: Sequence[Line], alike: float) -> tuple[Reign, ...]:
    """Return who is best from which cost on.

    A model stays as long as no other is better by the ratio `alike`; it then ends where the other
    became better at all.
    """
    kept: list[Reign] = []
    for reign in _envelope(lines):
        if kept and _worst(kept[-1].line, reign) <= alike:
            kept[-1] = Reign(kept[-1].line, kept[-1].from_s, reign.to_s)
        else:
            kept.append(reign)
    return tuple(kept)


def _envelope(lines: Sequence[Line]) -> Iterator[Reign]:
    """Yield the fastest line of each range, from tasks without cost on."""
    line, from_s = min(lines, key=lambda each: (each.fixed_s, each.slope)), 0.0
    while True:
        later = [
            ((other.fixed_s - line.fixed_s) / (line.slope - other.slope), other.slope, other)
            for other in lines
            if other.slope < line.slope
        ]
        to_s, _, following = min(later, key=lambda each: each[:2], default=(inf, 0.0, line))
        if to_s > from_s:
            yield Reign(line, from_s, to_s)
        if to_s == inf:
            return
        line, from_s = following, to_s


def _worst(line: Line, reign: Reign) -> float:
    """Return the largest ratio of a line to the best one within its reign, which is at an end."""
    if reign.to_s == inf:
        return line.slope / reign.line.slope if reign.line.slope else inf
    best_s = reign.line.at(reign.to_s)
    return line.at(reign.to_s) / best_s if best_s else inf
