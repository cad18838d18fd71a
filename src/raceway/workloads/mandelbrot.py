"""Rows of the Mandelbrot set: bytecode on complex numbers, rows of unequal length."""

from __future__ import annotations

from raceway.case import Kind, Scope, Workload

MOST_STEPS = 50
LEFT, RIGHT, BOTTOM, TOP = -2.0, 0.5, -1.25, 1.25


def row(place: tuple[int, int]) -> int:
    """Return the steps of all points of a row, `place` being its number and the picture's width."""
    number, width = place
    imaginary = BOTTOM + (TOP - BOTTOM) * number / width
    return sum(
        steps(complex(LEFT + (RIGHT - LEFT) * column / width, imaginary)) for column in range(width)
    )


def steps(point: complex) -> int:
    """Return after how many steps a point leaves the circle, at most `MOST_STEPS`."""
    value = 0j
    for step in range(MOST_STEPS):
        if abs(value) > 2:  # noqa: PLR2004 (the circle's radius, by definition)
            return step
        value = value * value + point
    return MOST_STEPS


WORKLOAD = Workload(
    summary="rows of the Mandelbrot set, bytecode on complex numbers",
    kind=Kind.CPU,
    task=row,
    sizes={
        "32": tuple((number, 32) for number in range(32)),
        "128": tuple((number, 128) for number in range(128)),
    },
    size_scopes={"32": Scope.FULL, "128": Scope.FULL},
)
