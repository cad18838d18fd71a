"""One colour and one shape a model, the same in every chart.

The colours are those of Okabe and Ito (Color Universal Design, 2008), which can be told apart by
people with any kind of colour vision, some a little lighter or darker so that each stands out on
white and on near-black; shapes tell apart what colours cannot.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HEXAGON = "M0,-1L0.87,-0.5L0.87,0.5L0,1L-0.87,0.5L-0.87,-0.5Z"
COLOURS = {
    "serial": "#8a8a8a",
    "threads": "#2b8fd0",
    "asyncio": "#e69f00",
    "pool": "#d55e00",
    "processes-fork": "#00a37a",
    "processes-forkserver": "#66b8e8",
    "processes-spawn": "#cc79a7",
    "torch": "#9467bd",
    "cuda": "#6fae2e",
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
"""For models of others, in the order of their names."""


def colours_of(models: Iterable[str]) -> dict[str, str]:
    """Return a colour for each model, the known ones first and always in theirs."""
    return _assigned(models, COLOURS, SPARE_COLOURS)


def shapes_of(models: Iterable[str]) -> dict[str, str]:
    """Return a shape for each model."""
    return _assigned(models, SHAPES, SPARE_SHAPES)


def _assigned(
    models: Iterable[str], known: dict[str, str], spare: tuple[str, ...]
) -> dict[str, str]:
    wanted = set(models)
    own = {model: value for model, value in known.items() if model in wanted}
    others = sorted(wanted - known.keys())
    return own | {model: spare[place % len(spare)] for place, model in enumerate(others)}
