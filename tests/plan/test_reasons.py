"""Why a case cannot race, or need not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Kind, Model, Workload
from raceway.plan.profile import DEFAULT, FULL, SMOKE
from support.entrants import (
    GATHER,
    GPU,
    ONE_GPU,
    POOL,
    SERIAL,
    WORKS,
    a_model,
    a_workload,
    an_interpreter,
    ids,
    selected,
)

if TYPE_CHECKING:
    from raceway.plan.profile import Profile


def test_a_model_races_only_the_kinds_it_knows() -> None:
    models = {"waiter": a_model(kinds=frozenset({Kind.IO}))}

    assert ids(selected(models, WORKS, sizes=("1",))) == ["sleep-1-waiter-w1"]


def reason(model: Model, work: Workload, **options: Any) -> str | None:
    (entrant,) = selected({"m": model}, {"w": work}, **options)
    return entrant.reason


@pytest.mark.parametrize(
    ("model", "work", "why"),
    [
        (a_model(python=(3, 14)), a_workload(), "needs Python 3.14"),
        (a_model(option="--engine FILE"), a_workload(), "needs --engine FILE"),
        (
            a_model(requires=("torch",), extra="torch"),
            a_workload(),
            "torch is not installed: pip install 'raceway[torch]'",
        ),
        (
            a_model(requires=("distributed",), extra="dask"),
            a_workload(),
            "distributed is not installed: pip install 'raceway[dask]'",
        ),
        (
            a_model(),
            a_workload(requires=("torch",), extra="torch"),
            "torch is not installed: pip install 'raceway[torch]'",
        ),
        (
            a_model(extra="dask"),
            a_workload(requires=("zope",)),
            "zope is not installed: pip install zope",
        ),
        (
            a_model(start_method="forkserver"),
            a_workload(),
            "start method 'forkserver' does not exist on this system",
        ),
        (
            a_model(),
            a_workload(Kind.TENSOR, flops=lambda _: 2e11),
            "takes 600 GFLOP per round: needs cuda or a larger --profile",
        ),
        (
            a_model(),
            a_workload(Kind.IO, wait_s=lambda _: 7.25),
            "waits at least 21.8 s per round: needs a larger --profile",
        ),
    ],
)
def test_a_case_that_cannot_race_says_why(model: Model, work: Workload, why: str) -> None:
    assert reason(model, work, devices=("cpu",)) == why


def test_a_case_that_can_race_has_no_reason_not_to() -> None:
    model = a_model(python=(3, 12), requires=("torch",), start_method="fork")
    (entrant,) = selected(
        {"m": model}, {"w": a_workload()}, an_interpreter(present={"torch": True})
    )

    assert entrant.races


def fresh_imports(profile: Profile) -> str | None:
    model, work = a_model(fresh_workers=True), a_workload(requires=("torch",))
    (entrant,) = selected(
        {"m": model}, {"w": work}, an_interpreter(present={"torch": True}), profile=profile
    )
    return entrant.reason


@pytest.mark.parametrize("profile", [SMOKE, DEFAULT], ids=lambda profile: profile.name)
def test_fresh_workers_do_not_import_much_in_short_races(profile: Profile) -> None:
    assert fresh_imports(profile) == "every worker imports torch again: needs --profile full"


def test_fresh_workers_import_in_the_full_race() -> None:
    assert fresh_imports(FULL) is None


def test_fresh_workers_race_work_that_imports_nothing() -> None:
    assert reason(a_model(fresh_workers=True), a_workload()) is None


def test_a_gpu_has_no_limit_of_operations() -> None:
    work = a_workload(Kind.TENSOR, flops=lambda _: 1e15)
    (entrant,) = selected({"cuda": GPU}, {"w": work}, ONE_GPU)

    assert entrant.races


def on_gpu(resident_bytes: float) -> str | None:
    work = a_workload(Kind.TENSOR, resident_bytes=lambda _: resident_bytes / 3)
    (entrant,) = selected({"cuda": GPU}, {"w": work}, ONE_GPU)
    return entrant.reason


def test_a_gpu_races_what_fits_into_its_free_memory() -> None:
    assert on_gpu(5 * 2**30) is None


def test_work_that_leaves_a_gpu_no_room_is_skipped() -> None:
    assert on_gpu(5.5 * 2**30) == "needs 6.6 GiB on cuda:0, 6.0 GiB are free"


LONG_WAITS = {"sleep": a_workload(Kind.IO, wait_s=lambda _: 0.5)}
"""Three of half a second."""


def test_a_serial_case_that_only_waits_for_long_is_computed() -> None:
    (entrant,) = selected({"serial": SERIAL}, LONG_WAITS)

    assert (entrant.computed_s, entrant.reason, entrant.races) == (1.5, None, False)


def test_a_serial_case_that_computes_after_its_waits_is_skipped_as_others_are() -> None:
    work = replace(LONG_WAITS["sleep"], then_computes=True)
    (entrant,) = selected({"serial": SERIAL}, {"mixed": work})

    assert entrant.computed_s is None
    assert entrant.reason == "waits at least 1.5 s per round: needs a larger --profile"


def test_a_case_that_waits_side_by_side_races_where_serial_would_take_too_long() -> None:
    (entrant,) = selected({"gather": GATHER}, LONG_WAITS)

    assert entrant.races


def test_a_pool_too_small_for_long_waits_is_skipped() -> None:
    (entrant,) = selected({"pool": POOL}, LONG_WAITS, workers=(2,))

    assert entrant.reason == "waits at least 1 s per round: needs a larger --profile"


def test_a_serial_case_that_cannot_race_is_not_computed_either() -> None:
    (entrant,) = selected({"serial": replace(SERIAL, python=(3, 14))}, LONG_WAITS)

    assert (entrant.computed_s, entrant.reason) == (None, "needs Python 3.14")
