"""One colour and one shape a model, the same in every chart.

The colours were found by a search for the least pair to differ as much as possible (CIEDE2000) as
people see it who have full colour vision, or none for red or for green (simulated after Machado,
Oliveira and Fernandes, IEEE TVCG 15, 2009), among those that stand out on white and on near-black.
Shapes tell apart what is left.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HEXAGON = "M0,-1L0.87,-0.5L0.87,0.5L0,1L-0.87,0.5L-0.87,-0.5Z"
COLOURS = {
    "serial": "#646464",
    "threads": "#0556f4",
    "asyncio": "#8f560d",
    "pool": "#ff6202",
    "processes-fork": "#209d83",
    "processes-forkserver": "#14a4ff",
    "processes-spawn": "#b776ad",
    "torch": "#864f89",
    "cuda": "#5aaf66",
}
SHAPES = {
    "serial": HEXAGON,
    "threads": "circle",
    "asyncio": "square",
    "pool": "cross",
    "processes-fork": "triangle-up",
    "processes-forkserver": "triangle-down",
    "processes-spawn": "diamond",
    "torch": "triangle-right",
    "cuda": "triangle-left",
}
SPARE_COLOURS = ("#b8860b", "#5b7fc7", "#c0504d", "#2f9e9e", "#a05195", "#7a8f3c")
SPARE_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
"""For models of others, chosen by their names, so that they are the same in every chart."""


def colours_of(models: Iterable[str]) -> dict[str, str]:
    """Return a colour for each model, the known ones first and always in theirs.

    Of others only those whose names happen to choose the same one may change with their neighbours.
    """
    return _assigned(models, COLOURS, SPARE_COLOURS)


def shapes_of(models: Iterable[str]) -> dict[str, str]:
    """Return a shape for each model."""
    return _assigned(models, SHAPES, SPARE_SHAPES)


def _assigned(
    models: Iterable[str], known: dict[str, str], spare: tuple[str, ...]
) -> dict[str, str]:
    wanted = set(models)
    own = {model: value for model, value in known.items() if model in wanted}
    taken: set[str] = set()
    for model in sorted(wanted - known.keys()):
        first = zlib.crc32(model.encode()) % len(spare)
        choice = [*spare[first:], *spare[:first]]
        own[model] = next((each for each in choice if each not in taken), choice[0])
        taken.add(own[model])
    return own
