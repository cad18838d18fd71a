"""How good is the change detector? Compares it with others on seeded simulations.

    python tools/scoreboard.py [--series 400]

Series of 200 points with 3 % noise (standard deviation of the logarithms) of three kinds:
heavy-tailed (Student's t, 3 degrees of freedom), skewed (exponential) and autocorrelated (normal,
AR(1), lag-1 correlation 0.4). A false alarm is any change reported without a step; a step, at
point 120, is found if a change is reported within ten points of it. The others are optional:

- ruptures PELT: `Pelt("l2")` with the BIC penalty, variance times ln n, the variance from the
  differences between neighbours (median absolute difference); KernelCPD: `KernelCPD("rbf")` with
  penalty 10;
- asv: `asv.step_detect.detect_steps`.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from importlib import import_module
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from raceway.analysis.history.changes import find_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Detector = Callable[[Floats], list[int]]

SEED = 20261123
POINTS, STEP_AT, NEAR = 200, 120, 10
NOISE = 0.03
CORRELATION = 0.4
TAIL_DEGREES = 3
STEPS = (0.02, 0.03, 0.05)
NORMAL_OVER_MEDIAN = 1.4826
"""Standard deviation over the median absolute deviation, of the normal distribution."""


def heavy_tailed(draw: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return Student's t scaled to a standard deviation of 1."""
    return draw.standard_t(TAIL_DEGREES, shape) / math.sqrt(TAIL_DEGREES / (TAIL_DEGREES - 2))


def skewed(draw: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return exponential values: mean 0, standard deviation 1."""
    return draw.exponential(1, shape) - 1


def autocorrelated(draw: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Return a stationary AR(1) of standard deviation 1."""
    values = draw.standard_normal(shape)
    for place in range(1, shape[1]):
        fresh = values[:, place] * math.sqrt(1 - CORRELATION**2)
        values[:, place] = CORRELATION * values[:, place - 1] + fresh
    return values


MODELS = (heavy_tailed, skewed, autocorrelated)


def ours() -> Detector:
    """Return raceway's own detector."""
    return lambda values: [change.index for change in find_changes(values.tolist())]


def pelt() -> Detector:
    """Return PELT (Killick et al., JASA 107, 2012) of ruptures."""
    search = import_module("ruptures").Pelt("l2")

    def detect(values: Floats) -> list[int]:
        logs = np.log(values)
        sigma = NORMAL_OVER_MEDIAN * median(np.abs(np.diff(logs))) / math.sqrt(2)
        return [*search.fit(logs).predict(sigma**2 * math.log(len(logs)))][:-1]

    return detect


def kernel() -> Detector:
    """Return the kernel change point detection of ruptures."""
    search = import_module("ruptures").KernelCPD("rbf", min_size=2)
    return lambda values: [*search.fit(np.log(values)).predict(pen=10)][:-1]


def asv() -> Detector:
    """Return the step detection of asv."""
    detect_steps: Any = import_module("asv.step_detect").detect_steps
    return lambda values: [step[0] for step in detect_steps(values.tolist())[1:]]


DETECTORS = {
    "raceway": ours,
    "ruptures PELT l2, BIC": pelt,
    "ruptures KernelCPD rbf, 10": kernel,
    "asv step_detect": asv,
}


@dataclass(frozen=True, slots=True)
class Score:
    """One detector's results: shares of series, one per noise model."""

    false_alarms: list[float]
    found: dict[float, list[float]]
    usual_ms: float
    """Median time per series with a step."""


def score(detector: Detector, series: int) -> Score:
    """Run the detector on the series that all detectors get."""
    alarms: list[float] = []
    found: dict[float, list[float]] = {step: [] for step in STEPS}
    times_ms: list[float] = []
    for number, model in enumerate(MODELS):
        noise = NOISE * model(np.random.default_rng([SEED, number]), (series, POINTS))
        alarms.append(share(bool(detector(np.exp(row))) for row in noise))
        for step, shares in found.items():
            stepped = np.exp(noise + math.log1p(step) * (np.arange(POINTS) >= STEP_AT))
            start = time.perf_counter()
            shares.append(share(is_near(detector(row)) for row in stepped))
            times_ms.append((time.perf_counter() - start) / series * 1e3)
    return Score(alarms, found, median(times_ms))


def is_near(indices: list[int]) -> bool:
    """Whether any change is near the step."""
    return any(abs(index - STEP_AT) <= NEAR for index in indices)


def share(outcomes: Iterable[bool]) -> float:
    """Return the share of outcomes that are true."""
    every = list(outcomes)
    return sum(every) / len(every)


def percents(shares: list[float]) -> str:
    """Return shares in percent, separated by slashes."""
    return " / ".join(f"{100 * each:.1f}" for each in shares)


def main() -> None:
    """Print the table, one line per detector, including those not installed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--series", type=int, default=400, help="per noise model and step")
    series = parser.parse_args().series
    steps = " | ".join(f"finds {step:.0%}" for step in STEPS)
    print(f"{series} series each; heavy-tailed / skewed / autocorrelated noise, in percent\n")
    print(f"| detector | false alarms | {steps} | ms per series |")
    print(f"| --- | --- | {'--- | ' * len(STEPS)}--- |")
    for name, make in DETECTORS.items():
        try:
            detector = make()
        except ImportError:
            print(f"| {name} | not installed |{' |' * (len(STEPS) + 1)}")
            continue
        result = score(detector, series)
        cells = [percents(result.false_alarms), *map(percents, result.found.values())]
        print(f"| {name} | {' | '.join(cells)} | {result.usual_ms:.2f} |", flush=True)


if __name__ == "__main__":
    main()
