"""A race on a function of the user's own: what nobody declares is measured before."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from raceway.errors import LaneError, TargetError
from raceway.measure.control.lanes import ask_once, attended
from raceway.measure.control.running import run_to_its_end
from raceway.measure.scratch.reaper import Reaper
from raceway.plan.catalogue import WORKLOADS, discover, public_name
from raceway.plan.selection import Interpreter
from raceway.plan.target.workload_text import Shape, workload_text
from raceway.session.gauging import Gauge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from raceway.plan.target.target import Target
    from raceway.session.options import Options


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A target ready to race: an ordinary workload file, and options that select it alone."""

    options: Options
    name: str
    """The workload."""
    notes: tuple[str, ...]
    """What was measured and inferred, a line each."""


@contextmanager
def own_function(target: Target, options: Options) -> Iterator[OwnFunction]:
    """Write the workload file of a target, for as long as the context lasts.

    Its tasks are run in a lane for up to a second before, to find whether they wait and how many
    fit into the budget. TargetError if they cannot be run; one line says why.
    """
    reaper = Reaper.start()
    try:
        gauge = gauged(target, written(target, Shape.unknown(target), reaper.new_folder()), options)
        file = written(target, gauge.shape, reaper.new_folder())
        name = public_name(file.stem)
        selection = replace(options.selection, workloads=(name,))
        ready = replace(options, selection=selection, workload_files=(file,))
        yield OwnFunction(ready, name, tuple(gauge.notes()))
    finally:
        reaper.dismiss()


def written(target: Target, shape: Shape, folder: Path) -> Path:
    """Write the workload file of a target into a folder of its own, and return it.

    Of two versions at one place, written within a second, Python might take the bytecode of the
    first for the second.
    """
    home = folder / "raceway" / "workloads"  # where lanes keep theirs
    home.mkdir(parents=True)
    file = home / f"{free_name(target)}.py"
    file.write_text(workload_text(target, shape), encoding="utf-8")
    return file


def free_name(target: Target) -> str:
    """Return the target's name, unless a built-in workload has it; then one that is free."""
    taken, name = dict(WORKLOADS.found()), target.name
    while public_name(name) in taken:
        name = f"my_{name}"
    return name


def gauged(target: Target, file: Path, options: Options) -> Gauge:
    """Run the tasks of a workload file in a lane, and return what was found."""
    catalogue = discover((file,))
    profile = options.chosen_profile()
    label, command = next(iter(options.commands().items()))
    interpreter = Interpreter(label, command, {})

    async def ask() -> dict[str, Any]:
        async with attended() as reaper:
            return await ask_once(
                interpreter, catalogue, reaper, options.group_timeout_s,
                do="gauge", workload=public_name(file.stem), size=str(len(target.items)),
                most_s=profile.budget_s / MOST_SHARE,
            )  # fmt: skip

    try:
        reply = run_to_its_end(ask())
    except LaneError as error:
        raise TargetError(f"{target.called}: {error}") from None
    return Gauge(target, profile, **reply)


MOST_SHARE = 40
"""Tasks are run for at most the budget over this before the race."""
