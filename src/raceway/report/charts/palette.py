"""One colour and one shape per model, the same in every chart; each model's file sets its own.

A search chose our models' colours: the closest pair differs as much as possible (CIEDE2000), for
full colour vision and for red or green blindness (simulated after Machado, Oliveira and Fernandes,
IEEE TVCG 15, 2009), and all stand out on white and on near-black. Shapes tell the rest apart.
"""

from __future__ import annotations

import zlib
from functools import cache
from typing import TYPE_CHECKING

from raceway.case import Family
from raceway.plan.catalogue import known_models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from raceway.case import Model

SPARE_COLOURS = ("#b8860b", "#5b7fc7", "#c0504d", "#2f9e9e", "#a05195", "#7a8f3c")
SPARE_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
"""For models without their own or unknown here, chosen by name."""


def colours_of(models: Iterable[str]) -> dict[str, str]:
    """Return a colour for each model, those known here first and always in their own.

    Another model's colour depends on its neighbours only if their names choose the same one.
    """
    return _assigned(models, {name: model.colour for name, model in known().items()}, SPARE_COLOURS)


def shapes_of(models: Iterable[str]) -> dict[str, str]:
    """Return a shape for each model."""
    return _assigned(models, {name: model.shape for name, model in known().items()}, SPARE_SHAPES)


@cache
def known() -> dict[str, Model]:
    """Return the known models in the order of legends: by family, CPU before GPU."""
    found = known_models()
    order = {family: place for place, family in enumerate(Family)}
    return dict(
        sorted(found.items(), key=lambda item: (order[item[1].family], sorted(item[1].devices)))
    )


def _assigned(
    models: Iterable[str], told: dict[str, str], spare: tuple[str, ...]
) -> dict[str, str]:
    wanted = set(models)
    own = {model: value for model, value in told.items() if value and model in wanted}
    taken: set[str] = set()
    for model in sorted(wanted - own.keys()):
        first = zlib.crc32(model.encode()) % len(spare)
        choice = [*spare[first:], *spare[:first]]
        own[model] = next((each for each in choice if each not in taken), choice[0])
        taken.add(own[model])
    return own
