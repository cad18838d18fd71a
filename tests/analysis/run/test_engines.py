"""From which size an engine beats all else that raced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.analysis.run.advice import advice_of
from raceway.analysis.run.crossover import CrossoverPlace
from raceway.record import Engine, Launch
from support.synthetic import a_launch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from raceway.analysis.run.engines import EngineGain
    from support.synthetic import MakeRecord, Results

    Gains = Callable[..., list[EngineGain]]

TASKS = 4
SIZES = {"100": 0.01, "1000": 0.1, "4000": 1.0, "9000": 10.0}
"""Seconds of serial's passes."""
POOL = (0.001, 1.9)
"""Seconds a pass that a pool costs, and what it gains at best."""
CLUSTER = Engine(workers=4, hosts=4, joined=True)
WORKERS = {"serial": 1, "dask": 4}


def launches_of(model: str, pass_s: float, steady: list[float]) -> list[Launch]:
    """Return launches of that pass; dask's are on a cluster that was there."""
    engine = CLUSTER if model == "dask" else None
    return [a_launch(index, pass_s * each, engine=engine) for index, each in enumerate(steady)]


@pytest.fixture
def gains(results: Results, record: MakeRecord, steady: list[float]) -> Gains:
    """Return where engines beat the rest, if models cost so much and gain so much at best."""

    def make(models: Mapping[str, tuple[float, float]], **fields: Any) -> list[EngineGain]:
        records = [
            record(model, size=size, workers=WORKERS.get(model, 2),
                   launches=launches_of(model, cost_s + serial_s / best, steady))
            for size, serial_s in SIZES.items()
            for model, (cost_s, best) in {"serial": (0.0, 1.0), **models}.items()
        ]  # fmt: skip
        (advice,) = advice_of(results(*records, **fields))
        return list(advice.engines)

    return make


def test_a_cluster_beats_this_machine_from_the_cost_where_it_is_faster_than_its_best_model(
    gains: Gains,
) -> None:
    (gain,) = gains({"pool": POOL, "dask": (0.2, 3.5)})

    assert gain.joined
    assert gain.crossover.reach is CrossoverPlace.WITHIN
    assert gain.crossover.magnitude == pytest.approx(0.92 / TASKS, rel=0.3)


def test_it_must_beat_the_best_of_the_rest_and_not_serial_alone(gains: Gains) -> None:
    (beside_serial,) = gains({"dask": (0.2, 3.5)})
    (beside_pool,) = gains({"pool": POOL, "dask": (0.2, 3.5)})

    assert beside_serial.crossover.magnitude
    assert beside_pool.crossover.magnitude
    assert beside_serial.crossover.magnitude < 0.7 * beside_pool.crossover.magnitude


def test_one_that_is_as_good_as_a_pool_at_best_never_beats_it(gains: Gains) -> None:
    (gain,) = gains({"pool": POOL, "dask": (0.2, 1.9)})

    assert gain.crossover.reach is CrossoverPlace.NEVER


def test_one_engine_is_no_rival_of_another(gains: Gains) -> None:
    alone = gains({"pool": POOL, "dask": (0.2, 3.5)})
    both = gains({"pool": POOL, "dask": (0.2, 3.5), "ray": (0.01, 1.95)})

    assert [each.curve.largest.record.model for each in both] == ["dask", "ray"]
    assert both[0].crossover.magnitude == pytest.approx(alone[0].crossover.magnitude)


def test_without_engines_nothing_is_told(gains: Gains) -> None:
    assert gains({"pool": POOL}) == []


def test_a_single_launch_tells_nothing(results: Results, record: MakeRecord) -> None:
    raced = [record("serial", [1.0]), record("dask", [0.2])]

    assert [each.engines for each in advice_of(results(*raced))] == [()]
