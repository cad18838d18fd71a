"""The commands and their modules, each imported only when called."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMANDS = {
    "report": (
        "report:report",
        "Answer from a saved run, the latest by default: which model, by how much, how sure.",
    ),
    "race": (
        "race:race",
        "Race your own work without pytest, to learn which model suits YOUR function.",
    ),
    "suite": (
        "suite:suite",
        "Measure an existing pytest-benchmark suite in several launches; nothing in it changes.",
    ),
    "compare": (
        "compare:compare",
        "Tell for each case whether B is faster than A, slower, the same, or unclear.",
    ),
    "duel": (
        "duel:duel",
        "Race two sides turn by turn, over many launches, until every case is decided.",
    ),
    "gate": (
        "gate:gate",
        "Exit 0 if nothing is slower, 1 for a confirmed regression, 2 if it could not be judged.",
    ),
    "history": (
        "history:history",
        "Show each case over time: what became slower or faster, and what else changed there.",
    ),
    "predict": (
        "predict:predict",
        "Predict what work of yours would take with each model, by what this machine's runs cost.",
    ),
    "doctor": (
        "doctor:doctor",
        "Check in a few seconds whether this machine is fit for parallel work and timing.",
    ),
    "list": (
        "list:list_command",
        "Show models, workloads and sizes, and which cases would race here, or why not.",
    ),
    "recover": (
        "recover:recover",
        "Save what interrupted sessions had measured, as report and race also do first.",
    ),
    "prune": (
        "prune:prune",
        "Remove all but each machine's newest runs; runs that a baseline names stay.",
    ),
    "baseline": ("baseline:baseline", "Name the run that later ones are compared with."),
}
"""By command: its module and its name there, and the first line of its help."""


class LazyGroup(TyperGroup):
    """The commands of the table; only the called one is imported."""

    def __init__(self, **attributes: Any) -> None:
        """Register the commands with name and first line only."""
        super().__init__(**attributes)
        self.listing = False
        self.commands = {
            name: TyperCommand(name=name, help=summary) for name, (_, summary) in COMMANDS.items()
        }

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, with name and first line only while commands are listed."""
        listed = super().get_command(ctx, cmd_name)
        return loaded(cmd_name) if listed and not self.listing else listed

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help without importing a command."""
        with self._listed():
            super().format_help(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete a command's name without importing one."""
        with self._listed():
            return super().shell_complete(ctx, incomplete)

    @contextmanager
    def _listed(self) -> Iterator[None]:
        self.listing = True
        yield
        self.listing = False


def loaded(name: str) -> Any:
    """Import a command, a function or a group of commands, and return it."""
    module, _, attribute = COMMANDS[name][0].partition(":")
    found = getattr(import_module(f"raceway.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        return get_command(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    return get_command(alone)
