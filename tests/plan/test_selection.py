from __future__ import annotations

from typing import Any

import pytest

from raceway.case import Kind, Model
from raceway.errors import SelectionError
from raceway.plan.selection import (
    parse_interpreter,
)
from support.entrants import (
    GATHER,
    GPU,
    ONE_GPU,
    POOL,
    SERIAL,
    TENSOR,
    WORKS,
    a_model,
    a_workload,
    an_interpreter,
    ids,
    selected,
)

MODELS = {"serial": SERIAL, "pool": POOL}


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


@pytest.mark.parametrize(
    ("model", "workers", "concurrency"),
    [(SERIAL, 1, 1), (GATHER, 1, 2), (a_model(most_waiting_workers=99), 2, 2)],
)
def test_no_more_tasks_run_at_once_than_the_work_lets(
    model: Model, workers: int, concurrency: int
) -> None:
    (entrant,) = selected({"m": model}, {"w": a_workload(Kind.IO, most_at_once=2)})

    assert (entrant.case.workers, entrant.concurrency) == (workers, concurrency)


def test_workers_asked_for_are_more_than_the_work_would_let() -> None:
    work = a_workload(Kind.IO, most_at_once=2)

    (entrant,) = selected({"m": POOL}, {"w": work}, workers=(3,))

    assert (entrant.case.workers, entrant.concurrency) == (3, 3)


@pytest.mark.parametrize("obstacle", ["", "no server"])
def test_work_that_lacks_something_here_is_skipped_with_its_reason(obstacle: str) -> None:
    (entrant,) = selected({"m": SERIAL}, {"w": a_workload(obstacle=lambda: obstacle)})

    assert entrant.reason == (obstacle or None)


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
        ("a='python", "No closing quotation; fix the quotes"),
        ("current=python", "the label 'current' is taken; use another"),
    ],
)
def test_an_interpreter_that_cannot_be_understood_is_refused(option: str, complaint: str) -> None:
    with pytest.raises(SelectionError, match=f"--interpreter {option}: {complaint}"):
        parse_interpreter(option)
