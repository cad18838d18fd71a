"""`raceway baseline`: names the run that later ones are compared with."""

from __future__ import annotations

from typing import Annotated

import typer

from raceway.cli.words import RESULTS, Results, tell, warn
from raceway.errors import StoreError
from raceway.report.format.screen import screen
from raceway.store.baseline import baselines, noise_in, set_baseline
from raceway.store.runs import find

baseline = typer.Typer(
    help="Name the run that later ones are compared with.",
    no_args_is_help=True,
    add_completion=False,
)


@baseline.command("set")
def set_command(
    run: Annotated[str, typer.Argument(help="A run's file or id, or latest.")] = "latest",
    *,
    name: Annotated[str, typer.Option(help="The baseline's name.")] = "baseline",
    results: Results = RESULTS,
) -> None:
    """Give this run a name; an interrupted run or one with a failed case is refused."""
    paths = find(results, run)
    if len(paths) != 1:
        raise StoreError(f"{run}: means {len(paths)} runs; name one")
    if paths[0].parent.resolve().parent != results.resolve():
        raise StoreError(f"{run}: not in a machine's folder of {results}; no command looks there")
    pointer = set_baseline(paths[0], name)
    tell(f"{name} is {paths[0].name} now (saved in {pointer})", screen())
    warn(filter(None, [noise_in(paths[0])]))


@baseline.command("list")
def list_baselines(*, results: Results = RESULTS) -> None:
    """Show all baselines, by machine."""
    console, found = screen(), False
    for folder in sorted(results.glob("*/")):
        for name, run_file in baselines(folder).items():
            tell(f"{folder.name}: {name} is {run_file.name}", console)
            found = True
    if not found:
        tell("no baseline is set; `raceway baseline set latest` sets one", console)
