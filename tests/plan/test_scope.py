"""In which profile something races of its own accord, and where asking by name is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import CURRENT, Kind, Scope
from raceway.plan.catalogue import discover
from raceway.plan.profile import DEFAULT, FULL, SMOKE
from raceway.plan.scope import suits
from support.entrants import (
    GPU,
    ONE_GPU,
    POOL,
    SERIAL,
    a_model,
    a_workload,
    an_interpreter,
    selected,
)

if TYPE_CHECKING:
    from raceway.case import Workload
    from raceway.plan.profile import Profile

TENSOR = frozenset({Kind.TENSOR})
LARGE = {"size_scopes": {"large": Scope.FULL}, "sizes": {"small": (1,), "large": (2,)}}


def racing(model: Any, work: Workload, profile: Profile, **wanted: Any) -> list[str]:
    entrants = selected({"m": model}, {"w": work}, ONE_GPU, profile=profile, **wanted)
    return [f"{each.case.size} {each.case.device}" for each in entrants if each.races]


@pytest.mark.parametrize(
    ("scope", "profile", "races"),
    [
        (Scope.SMOKE, SMOKE, True),
        (Scope.DEFAULT, SMOKE, False),
        (Scope.DEFAULT, DEFAULT, True),
        (Scope.FULL, DEFAULT, False),
        (Scope.FULL, FULL, True),
        (Scope.NAMED, FULL, False),
    ],
)
def test_a_model_races_from_its_profile_on(scope: Scope, profile: Profile, *, races: bool) -> None:
    assert bool(racing(a_model(scope=scope), a_workload(), profile)) is races


def test_a_size_races_from_its_profile_on() -> None:
    work = a_workload(**LARGE)

    assert racing(SERIAL, work, DEFAULT) == ["small cpu"]
    assert racing(SERIAL, work, FULL) == ["small cpu", "large cpu"]


def test_a_workload_asked_for_by_name_races_its_first_sizes_in_any_profile() -> None:
    work = a_workload(
        sizes={"small": (1,), "usual": (2,), "large": (3,)},
        size_scopes={"small": Scope.FULL, "usual": Scope.DEFAULT, "large": Scope.FULL},
    )

    assert racing(SERIAL, work, SMOKE) == []
    assert racing(SERIAL, work, SMOKE, workloads=("w",)) == ["usual cpu"]
    assert racing(SERIAL, work, FULL, workloads=("w",)) == ["small cpu", "usual cpu", "large cpu"]


def test_a_workload_can_be_of_a_smaller_profile_on_another_device() -> None:
    both = a_model(kinds=TENSOR, devices=frozenset({"cpu", "cuda"}))
    work = a_workload(Kind.TENSOR, device_scopes={"cpu": Scope.FULL})

    assert racing(both, work, DEFAULT) == ["small cuda:0"]
    assert racing(both, work, FULL) == ["small cpu", "small cuda:0"]


@pytest.mark.parametrize(
    ("model", "work", "named"),
    [
        (a_model(scope=Scope.NAMED), a_workload(), {"models": ("m",)}),
        (SERIAL, a_workload(device_scopes={"cpu": Scope.FULL}), {"workloads": ("w",)}),
        (SERIAL, a_workload(size_scopes={"small": Scope.FULL}), {"sizes": ("small",)}),
    ],
)
def test_what_is_named_races_in_any_profile(model: Any, work: Workload, named: Any) -> None:
    assert racing(model, work, SMOKE) == []
    assert racing(model, work, SMOKE, **named) == ["small cpu"]


def test_naming_a_workload_does_not_bring_its_larger_sizes() -> None:
    assert racing(SERIAL, a_workload(**LARGE), DEFAULT, workloads=("w",)) == ["small cpu"]


@pytest.mark.parametrize(
    ("scope", "why"),
    [
        (Scope.FULL, "not in the default profile: needs --profile full or --models m"),
        (Scope.NAMED, "not in the default profile: needs --models m"),
    ],
)
def test_what_is_out_of_scope_says_how_to_race_it(scope: Scope, why: str) -> None:
    (entrant,) = selected({"m": a_model(scope=scope)}, {"w": a_workload()})

    assert entrant.out_of_scope
    assert entrant.reason == why


def test_what_cannot_race_here_is_not_out_of_scope() -> None:
    (entrant,) = selected({"m": a_model(python=(3, 99))}, {"w": a_workload()})

    assert entrant.reason
    assert not entrant.out_of_scope


@pytest.mark.parametrize(
    ("model", "work", "device", "right"),
    [
        (SERIAL, a_workload(Kind.TENSOR, devices=frozenset({"cuda"})), "cpu", False),
        (GPU, a_workload(Kind.TENSOR, devices=frozenset({"cuda"})), "cuda:1", True),
        (SERIAL, a_workload(devices=frozenset()), "cpu", True),
        (a_model(needs=("capturable",)), a_workload(), "cpu", False),
        (a_model(needs=("capturable",)), a_workload(capturable=True), "cpu", True),
        (a_model(needs=("kernel",)), a_workload(), "cpu", False),
        (a_model(compiles=True), a_workload(kernel=abs), "cpu", True),
    ],
)
def test_a_model_needs_work_that_suits_it(
    model: Any, work: Workload, device: str, *, right: bool
) -> None:
    assert suits(model, work, device) is right


def test_a_model_that_compiles_needs_a_compiler() -> None:
    models, works = {"m": a_model(compiles=True)}, {"w": a_workload(kernel=abs)}
    (without,) = selected(models, works)
    (fitted,) = selected(models, works, an_interpreter(can_compile=True))

    assert (without.reason or "").startswith("needs a C++ compiler")
    assert fitted.races


def test_workers_that_do_not_follow_from_cores_are_the_models_own() -> None:
    (usual,) = selected({"m": a_model(usual_workers=3)}, {"w": a_workload()}, usable_cores=8)
    (asked,) = selected({"m": a_model(usual_workers=3)}, {"w": a_workload()}, workers=(5,))
    (cores,) = selected({"m": POOL}, {"w": a_workload()}, usable_cores=8)

    assert [each.case.workers for each in (usual, asked, cores)] == [3, 5, 8]


@pytest.mark.parametrize("profile", [SMOKE, DEFAULT])
def test_without_a_gpu_only_matmul_is_raced_of_all_tensor_work(profile: Profile) -> None:
    known = discover()
    here = an_interpreter(CURRENT, present=dict.fromkeys(known.required(), True), can_compile=True)
    entrants = selected(known.models, known.workloads, here, profile=profile)
    tensor = [each.case for each in entrants if each.races and each.kind is Kind.TENSOR]

    assert {each.workload for each in tensor} == {"matmul"}
    assert "torch-compile" not in {each.model for each in tensor}
