"""From options to cases: what will race, what will not, and why not."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from raceway.case import CURRENT, SERIAL, Case, Demand, Kind, Model, Workers, Workload
from raceway.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raceway.catalogue import Catalogue


EXTRAS = {
    "torch": "'raceway[torch]'",
    "distributed": "'raceway[dask]'",
    "uvloop": "'raceway[uvloop]'",
}
"""Packages to the extra that brings them."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How long and how often to measure."""

    name: str
    launches: int
    budget_s: float
    """What the timed rounds of the whole race may take together."""
    longest_round_s: float
    """Waiting cases that must take longer are computed (serial) or skipped."""
    fresh_imports: bool
    """Whether models with fresh workers race work whose packages take long to import."""
    precision: float
    """Half-width of the interval of the median, over the median, at which a heat is done."""
    fewest_turns: int
    most_rounds: int
    """Rounds a case and launch at most: what is measured is saved, so it must stay small."""


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("smoke", 1, 8.0, 0.1, fresh_imports=False, precision=0.02, fewest_turns=3, most_rounds=30),
        Profile("default", 5, 110.0, 0.5, fresh_imports=False, precision=0.005, fewest_turns=3, most_rounds=50),
        Profile("full", 8, 1_200.0, 60.0, fresh_imports=True, precision=0.002, fewest_turns=5, most_rounds=200),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user asked for; None is "all" or "what fits"."""

    models: tuple[str, ...] | None = None
    workloads: tuple[str, ...] | None = None
    sizes: tuple[str, ...] | None = None
    workers: tuple[int, ...] | None = None
    devices: tuple[str, ...] = ("auto",)


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that can be raced, and what its own lane said of it."""

    label: str
    command: tuple[str, ...]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entrant:
    """A case of the selection, and what becomes of it."""

    case: Case
    kind: Kind
    demand: Demand
    concurrency: int
    """Tasks under way at the same time, at most."""
    reason: str | None = None
    """Why it will not race, if it will not."""
    computed_s: float | None = None
    """Its time where that follows from declared waits and is not measured."""

    @property
    def races(self) -> bool:
        """Whether it is to be measured."""
        return self.reason is None and self.computed_s is None


def parse_interpreter(option: str) -> tuple[str, tuple[str, ...]]:
    """Split LABEL=COMMAND, the command as a shell splits words; SelectionError if it is neither."""
    label, equals, command = option.partition("=")
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise SelectionError(f"--interpreter {option}: {error}; mend the quotes") from error
    if not equals or not words or not label.replace(".", "").replace("-", "").isalnum():
        raise SelectionError(
            f"--interpreter {option}: give LABEL=COMMAND with a label of letters, digits, dots"
            " and dashes, like 3.14=/usr/bin/python3.14"
        )
    if label == CURRENT:
        raise SelectionError(f"--interpreter {option}: the label {CURRENT!r} is taken; use another")
    return label, words


def select(
    catalogue: Catalogue,
    selection: Selection,
    interpreters: Sequence[Interpreter],
    profile: Profile,
    usable_cores: int,
) -> list[Entrant]:
    """Return every case of the selection, each with the reason if it will not race.

    SelectionError where the selection names something that does not exist.
    """
    names = chosen(catalogue.models, selection.models, "--models", "model")
    works = chosen(catalogue.workloads, selection.workloads, "--workloads", "workload")
    check_sizes(catalogue, works, selection.sizes)
    check_devices(selection.devices, interpreters)
    return [
        entrant
        for work in works
        for size in catalogue.workloads[work].sizes
        if selection.sizes is None or size in selection.sizes
        for interpreter in interpreters
        for device in devices_of(selection.devices, catalogue.workloads[work])
        for name in names
        for entrant in entrants(
            catalogue, Case(work, size, name, 1, device, interpreter.label),
            interpreter, selection.workers, profile, usable_cores,
        )
    ]  # fmt: skip


def entrants(  # noqa: PLR0913 (everything a case's fate depends on)
    catalogue: Catalogue,
    case: Case,
    interpreter: Interpreter,
    wanted: tuple[int, ...] | None,
    profile: Profile,
    usable_cores: int,
) -> Iterator[Entrant]:
    """Yield the case once for each number of workers; nothing where it makes no sense at all."""
    model, work = catalogue.models[case.model], catalogue.workloads[case.workload]
    if work.kind not in model.kinds or case.device.split(":")[0] not in model.devices:
        return
    demand = work.demand(case.size)
    for workers in worker_counts(model, work, demand, wanted, usable_cores):
        entrant = Case(case.workload, case.size, case.model, workers, case.device, case.interpreter)
        side_by_side = {Workers.ONE: 1, Workers.ALL: demand.tasks, Workers.POOL: workers}
        concurrency = side_by_side[model.workers]
        floor_s = demand.shortest_wait_s(concurrency)
        too_long = floor_s > profile.longest_round_s
        reason = why_not(model, work, case, interpreter, profile)
        if reason is None and too_long and case.model != SERIAL:
            reason = f"waits {floor_s:.3g} s a round or more: use --profile full"
        computed_s = floor_s if reason is None and too_long and case.model == SERIAL else None
        yield Entrant(entrant, work.kind, demand, concurrency, reason, computed_s)


def worker_counts(
    model: Model,
    work: Workload,
    demand: Demand,
    wanted: tuple[int, ...] | None,
    usable_cores: int,
) -> tuple[int, ...]:
    """Return how many workers the case races with: one by nature, as asked for, or what fits."""
    if model.workers is not Workers.POOL:
        return (1,)
    if wanted:
        return wanted
    if work.kind is Kind.IO:
        return (max(1, min(demand.tasks, model.most_waiting_workers)),)
    return (max(2, usable_cores),)


def why_not(
    model: Model, work: Workload, case: Case, interpreter: Interpreter, profile: Profile
) -> str | None:
    """Return the reason why this interpreter and machine cannot race the case, or None."""
    facts = interpreter.facts
    if "unavailable" in facts:
        return str(facts["unavailable"])
    if tuple(facts["version_info"]) < model.python:
        return f"needs Python {model.python[0]}.{model.python[1]}"
    for package in (*model.requires, *work.requires):
        if not facts["present"].get(package):
            return f"{package} is not installed: pip install {EXTRAS.get(package, package)}"
    if model.start_method and model.start_method not in facts["start_methods"]:
        return f"this system has no start method {model.start_method!r}"
    if case.device != "cpu" and device_number(case.device) >= len(facts["cuda_devices"]):
        return "no cuda device"
    if model.fresh_workers and work.requires and not profile.fresh_imports:
        return f"every worker imports {work.requires[0]} anew: use --profile full"
    return work.unfit(case.size, case.device)


def device_number(device: str) -> int:
    """Return the number in cuda:N."""
    return int(device.partition(":")[2] or 0)


def devices_of(wanted: Iterable[str], work: Workload) -> tuple[str, ...]:
    """Return the devices a workload races on; only tensor work has a choice.

    `auto` is the CPU and the first GPU; where there is none, that case is skipped by name.
    """
    if work.kind is not Kind.TENSOR:
        return ("cpu",)
    found: dict[str, None] = {}
    for device in wanted:
        names = ("cpu", "cuda:0") if device == "auto" else (device,)
        found.update(dict.fromkeys("cuda:0" if name == "cuda" else name for name in names))
    return tuple(found)


def chosen(
    known: Mapping[str, object], wanted: tuple[str, ...] | None, option: str, what: str
) -> list[str]:
    """Return the wanted names, or all; SelectionError names the unknown one and the known ones."""
    for name in wanted or ():
        if name not in known:
            raise SelectionError(
                f"{option} {name}: no such {what}; choose from {', '.join(known)}"
            )
    return [name for name in known if wanted is None or name in wanted]


def check_sizes(
    catalogue: Catalogue, works: Iterable[str], sizes: tuple[str, ...] | None
) -> None:
    """SelectionError for a size that none of the workloads has."""
    known = {size: None for work in works for size in catalogue.workloads[work].sizes}
    chosen(known, sizes, "--sizes", "size")


def check_devices(devices: Iterable[str], interpreters: Sequence[Interpreter]) -> None:
    """SelectionError for a device that is misspelt, or asked for by name and absent."""
    for device in devices:
        kind, _, number = device.partition(":")
        if device in {"auto", "cpu"}:
            continue
        if kind != "cuda" or not (number.isdecimal() or device == "cuda"):
            raise SelectionError(f"--device {device}: choose from auto, cpu, cuda, cuda:N")
        most = max((len(known.facts.get("cuda_devices", ())) for known in interpreters), default=0)
        if device_number(device) >= most:
            raise SelectionError(
                f"--device {device}: no such device ({most} CUDA devices found); use --device auto"
            )
