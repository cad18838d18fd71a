"""One colour and one shape a model, to be told apart by all."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from raceway.case import Scope
from raceway.report.charts.palette import colours_of, known, shapes_of

COLOURS, SHAPES = colours_of(known()), shapes_of(known())
SEEN_WITH = {
    "full colour vision": np.eye(3),
    "none for red": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "none for green": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
}  # fmt: skip
"""How linear RGB is seen, by Machado, Oliveira and Fernandes (2009), severity 1."""
TO_XYZ = np.array([
    [0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
])  # fmt: skip
WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Any:
    """Return a colour as linear RGB."""
    encoded = np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def lab(colour: str, vision: Any) -> Any:
    """Return a colour as CIELAB, as it is seen."""
    seen = np.clip(vision @ linear(colour), 0, 1)
    ratio = TO_XYZ @ seen / WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", SEEN_WITH)
@pytest.mark.parametrize(
    ("scopes", "least"), [({Scope.SMOKE}, 13), (set(Scope), 10)], ids=["usual", "all"]
)
def test_colours_of_models_can_be_told_apart_by_all(
    vision: str, scopes: set[Scope], least: float
) -> None:
    models = [name for name, model in known().items() if model.scope in scopes]
    seen = [lab(COLOURS[name], SEEN_WITH[vision]) for name in models]

    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > least


@pytest.mark.parametrize("paper", ["#fbfbfa", "#1c2127"])
def test_colours_of_models_stand_out_on_white_and_near_black(paper: str) -> None:
    for colour in COLOURS.values():
        low, high = sorted(float(TO_XYZ[1] @ linear(each)) for each in (colour, paper))

        assert (high + 0.05) / (low + 0.05) > 2.6


def test_a_model_of_others_has_the_same_colour_in_other_neighbours() -> None:
    assert colours_of(["mine"])["mine"] == colours_of(["mine", "yours", "serial"])["mine"]


def test_colours_and_shapes_of_known_models_differ() -> None:
    assert len(set(COLOURS.values())) == len(COLOURS)
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_every_model_of_ours_tells_its_colour_and_shape() -> None:
    assert {name: model.colour for name, model in known().items()} == COLOURS
    assert {name: model.shape for name, model in known().items()} == SHAPES


def test_models_are_listed_by_family_and_the_cpu_before_the_gpu() -> None:
    order = [
        "serial", "threads", "asyncio", "pool", "processes-fork", "processes-forkserver",
        "processes-spawn", "torch", "torch-compile", "cuda",
    ]  # fmt: skip

    assert [name for name in colours_of(known()) if name in order] == order


def test_charts_look_as_they_did_in_version_0_1() -> None:
    assert COLOURS["threads"] == "#0556f4"
    assert SHAPES["processes-fork"] == "triangle-up"


def test_models_of_others_get_colours_and_shapes_of_their_own() -> None:
    colours, shapes = colours_of(["serial", "mine", "yours"]), shapes_of(["mine", "yours"])

    assert len(set(colours.values())) == 3
    assert len(set(shapes.values())) == 2
