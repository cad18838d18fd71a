from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.case import Family, Kind, Model, Workers, Workload
from raceway.errors import SelectionError
from raceway.plan.catalogue import Catalogue
from raceway.plan.profile import DEFAULT, FULL, SMOKE
from raceway.plan.selection import (
    Interpreter,
    Selection,
    parse_interpreter,
    select,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raceway.plan.profile import Profile
    from raceway.plan.selection import Entrant


def a_model(**details: Any) -> Model:
    return Model(**{"summary": "", "open": nullcontext, "family": Family.THREADS, **details})


def a_workload(kind: Kind = Kind.CPU, **details: Any) -> Workload:
    return Workload(
        **{"summary": "", "kind": kind, "task": abs, "sizes": {"small": (1, 2, 3)}, **details}
    )


def an_interpreter(label: str = "current", **facts: Any) -> Interpreter:
    known = {
        "version_info": [3, 12], "present": {}, "start_methods": ["fork"], "cuda_devices": [],
    }  # fmt: skip
    return Interpreter(label, ("python",), {**known, **facts})


ONE_GPU = an_interpreter(cuda_devices=["H100"], cuda_free_bytes=[6 * 2**30])
POOL = a_model()
SERIAL = a_model(workers=Workers.ONE)
GATHER = a_model(workers=Workers.ALL)
GPU = a_model(kinds=frozenset({Kind.TENSOR}), devices=frozenset({"cuda"}), workers=Workers.ONE)


def selected(
    models: Mapping[str, Model],
    workloads: Mapping[str, Workload],
    /,
    *interpreters: Interpreter,
    profile: Profile = DEFAULT,
    usable_cores: int = 2,
    **wanted: Any,
) -> list[Entrant]:
    return select(
        Catalogue(models, workloads, files={}),
        Selection(**wanted),
        interpreters or [an_interpreter()],
        profile,
        usable_cores,
    )


def ids(entrants: list[Entrant]) -> list[str]:
    return [entrant.case.id for entrant in entrants]


MODELS = {"serial": SERIAL, "pool": POOL}
WORKS = {
    "primes": a_workload(sizes={"1": (1,), "2": (2,)}),
    "sleep": a_workload(Kind.IO, sizes={"1": (1,), "9": (9,)}),
}


def test_everything_is_raced_unless_the_user_asks_for_less() -> None:
    assert ids(selected(MODELS, {"primes": WORKS["primes"]}, an_interpreter("a"))) == [
        "primes-1-serial-w1@a", "primes-1-pool-w2@a", "primes-2-serial-w1@a", "primes-2-pool-w2@a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "raced"),
    [
        (
            {"models": ("serial",), "workloads": ("sleep",)},
            ["sleep-1-serial-w1", "sleep-9-serial-w1"],
        ),
        ({"models": ("serial",), "sizes": ("1",)}, ["primes-1-serial-w1", "sleep-1-serial-w1"]),
        ({"models": ("serial",), "sizes": ("9",)}, ["sleep-9-serial-w1"]),
        (
            {"models": ("pool",), "sizes": ("2",), "workers": (1, 4)},
            ["primes-2-pool-w1", "primes-2-pool-w4"],
        ),
    ],
)
def test_only_what_the_user_asks_for_is_raced(wanted: dict[str, Any], raced: list[str]) -> None:
    assert ids(selected(MODELS, WORKS, **wanted)) == raced


@pytest.mark.parametrize(
    ("wanted", "complaint"),
    [
        ({"models": ("serail",)}, "--models serail: no such model; choose from serial, pool"),
        ({"workloads": ("x",)}, "--workloads x: no such workload; choose from primes, sleep"),
        ({"sizes": ("3",)}, "--sizes 3: no such size; choose from 1, 2, 9"),
        (
            {"workloads": ("primes",), "sizes": ("9",)},
            "--sizes 9: no such size; choose from 1, 2",
        ),
        ({"devices": ("gpu",)}, "--device gpu: choose from auto, cpu, cuda, cuda:N"),
        ({"devices": ("cuda:",)}, "--device cuda:: choose from auto, cpu, cuda, cuda:N"),
        ({"devices": ("cuda:x",)}, "--device cuda:x: choose from auto, cpu, cuda, cuda:N"),
    ],
)
def test_an_unknown_name_is_answered_with_the_known_ones(
    wanted: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(SelectionError, match=f"^{complaint}$"):
        selected(MODELS, WORKS, **wanted)


@pytest.mark.parametrize("device", ["cuda", "cuda:0", "cuda:1"])
def test_a_device_asked_for_by_name_must_be_there(device: str) -> None:
    with pytest.raises(
        SelectionError,
        match=rf"{device}: no such device \(0 CUDA devices found\); use --device auto",
    ):
        selected(MODELS, WORKS, devices=(device,))


def test_only_as_many_devices_as_there_are_can_be_asked_for() -> None:
    with pytest.raises(SelectionError, match=r"cuda:1: no such device \(1 CUDA devices found\)"):
        selected(MODELS, WORKS, ONE_GPU, devices=("cuda:1",))


TENSOR = {"matmul": a_workload(Kind.TENSOR)}
DEVICES = {"serial": SERIAL, "cuda": GPU}


@pytest.mark.parametrize(
    ("devices", "raced"),
    [
        (("auto",), ["matmul-small-serial-w1", "matmul-small-cuda-w1-cuda0"]),
        (("cpu",), ["matmul-small-serial-w1"]),
        (("cuda",), ["matmul-small-cuda-w1-cuda0"]),
        (("cuda:0",), ["matmul-small-cuda-w1-cuda0"]),
        (("cpu", "cuda", "cuda:0"), ["matmul-small-serial-w1", "matmul-small-cuda-w1-cuda0"]),
    ],
)
def test_tensor_work_races_on_the_devices_asked_for(
    devices: tuple[str, ...], raced: list[str]
) -> None:
    entrants = selected(DEVICES, TENSOR, ONE_GPU, devices=devices)

    assert [entrant.case.id for entrant in entrants if entrant.races] == raced


def test_auto_falls_to_what_is_there() -> None:
    entrants = selected(DEVICES, TENSOR, devices=("auto",))

    assert {entrant.case.device: entrant.reason for entrant in entrants} == {
        "cpu": None, "cuda:0": "no cuda device",
    }  # fmt: skip


def test_only_tensor_work_has_a_choice_of_devices() -> None:
    assert ids(selected(DEVICES, {"p": a_workload()}, ONE_GPU, devices=("cuda",))) == [
        "p-small-serial-w1"
    ]


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
            "this system has no start method 'forkserver'",
        ),
        (
            a_model(),
            a_workload(Kind.TENSOR, flops=lambda _: 2e11),
            "takes 600 GFLOP a round: left to cuda or a larger --profile",
        ),
        (
            a_model(),
            a_workload(Kind.IO, wait_s=lambda _: 7.25),
            "waits 21.8 s a round or more: left to a larger --profile",
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
    assert fresh_imports(profile) == "every worker imports torch anew: left to --profile full"


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


def test_a_case_that_waits_side_by_side_races_where_serial_would_take_too_long() -> None:
    (entrant,) = selected({"gather": GATHER}, LONG_WAITS)

    assert entrant.races


def test_a_pool_too_small_for_long_waits_is_skipped() -> None:
    (entrant,) = selected({"pool": POOL}, LONG_WAITS, workers=(2,))

    assert entrant.reason == "waits 1 s a round or more: left to a larger --profile"


def test_a_serial_case_that_cannot_race_is_not_computed_either() -> None:
    (entrant,) = selected({"serial": replace(SERIAL, python=(3, 14))}, LONG_WAITS)

    assert (entrant.computed_s, entrant.reason) == (None, "needs Python 3.14")


@pytest.mark.parametrize(
    ("model", "kind", "usable_cores", "workers"),
    [
        (SERIAL, Kind.CPU, 8, 1),
        (GATHER, Kind.IO, 8, 1),
        (POOL, Kind.CPU, 8, 8),
        (POOL, Kind.CPU, 1, 2),
        (a_model(most_waiting_workers=2), Kind.IO, 8, 2),
        (a_model(most_waiting_workers=99), Kind.IO, 8, 3),
    ],
)
def test_workers_are_as_many_as_make_sense(
    model: Model, kind: Kind, usable_cores: int, workers: int
) -> None:
    (entrant,) = selected({"m": model}, {"w": a_workload(kind)}, usable_cores=usable_cores)

    assert entrant.case.workers == workers


@pytest.mark.parametrize("model", [SERIAL, GATHER])
def test_models_without_a_pool_have_no_choice_of_workers(model: Model) -> None:
    assert ids(selected({"m": model}, {"w": a_workload()}, workers=(3, 4))) == ["w-small-m-w1"]


@pytest.mark.parametrize(
    ("model", "concurrency"),
    [(SERIAL, 1), (POOL, 5), (GATHER, 3), (a_model(threads_per_task=True), 1)],
)
def test_tasks_under_way_at_the_same_time_are_known(model: Model, concurrency: int) -> None:
    (entrant,) = selected({"m": model}, {"w": a_workload()}, workers=(5,))

    assert entrant.concurrency == concurrency


def test_every_interpreter_races_with_reasons_of_its_own() -> None:
    old, new = an_interpreter("old", version_info=[3, 11]), an_interpreter("new")

    entrants = selected({"m": a_model(python=(3, 12))}, {"w": a_workload()}, old, new)

    assert [(entrant.case.interpreter, entrant.reason) for entrant in entrants] == [
        ("old", "needs Python 3.12"), ("new", None),
    ]  # fmt: skip


def test_an_interpreter_is_a_label_and_a_command_as_a_shell_splits_it() -> None:
    option = "3.14t-b=ssh host '/opt/my python'"

    assert parse_interpreter(option) == ("3.14t-b", ("ssh", "host", "/opt/my python"))


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("python3.14", "give LABEL=COMMAND with a label of letters, digits, dots and dashes"),
        ("3.14=", "give LABEL=COMMAND"),
        ("=python", "give LABEL=COMMAND"),
        ("a/b=python", "give LABEL=COMMAND"),
        ("...=python", "give LABEL=COMMAND"),
        ("a='python", "No closing quotation; mend the quotes"),
        ("current=python", "the label 'current' is taken; use another"),
    ],
)
def test_an_interpreter_that_cannot_be_understood_is_refused(option: str, complaint: str) -> None:
    with pytest.raises(SelectionError, match=f"--interpreter {option}: {complaint}"):
        parse_interpreter(option)
