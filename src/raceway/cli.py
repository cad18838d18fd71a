"""Door 2: the `raceway` command."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.exceptions import Abort, TyperException

from raceway import __version__
from raceway.errors import RacewayError
from raceway.profile import PROFILES
from raceway.selection import Selection

app = typer.Typer(
    help="Races Python's concurrency models on the same verified work.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Results = Annotated[Path, typer.Option(help="Where runs are saved.", metavar="DIR")]
Workload = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Race this file's WORKLOAD too; repeatable."),
]
InterpreterOption = Annotated[
    list[str] | None,
    typer.Option(metavar="LABEL=COMMAND", help="Race this interpreter too; repeatable."),
]
Names = Annotated[str | None, typer.Option(metavar="NAME,…", help="Only these.")]
RESULTS = Path("results")
INTERRUPTED = 130
"""The exit code shells give a program ended by Ctrl-C: 128 + SIGINT."""


def version(wanted: bool) -> None:  # noqa: FBT001 (typer calls it)
    """Print the version and end."""
    if wanted:
        print(f"raceway {__version__}")  # noqa: T201 (what was asked for)
        raise typer.Exit


@app.callback()
def options(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=version,
            is_eager=True,
            metavar="",
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Races Python's concurrency models on the same verified work."""


@app.command("list")
def list_command(
    *,
    workload: Workload = None,
    interpreter: InterpreterOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, every case a row.")] = False,
) -> None:
    """Show models, workloads and sizes, and which cases would race here, or why not."""
    from raceway.lineup import Lineup, Options  # noqa: PLC0415
    from raceway.listing import as_plain, show_listing  # noqa: PLC0415 (each command imports its own)

    lineup = Lineup.assemble(
        Options(
            RESULTS, workload_files=tuple(workload or ()), interpreters=tuple(interpreter or ())
        )
    )
    if as_json:
        print(json.dumps(as_plain(lineup), indent=2))  # noqa: T201 (the answer)
        return
    show_listing(lineup, Console())


@app.command()
def report(
    run: Annotated[str | None, typer.Argument(help="A run's file or id, or a folder.")] = None,
    *,
    results: Results = RESULTS,
) -> None:
    """Answer from a saved run, the latest by default: which model, by how much, how sure."""
    from raceway.report.terminal import show  # noqa: PLC0415 (each command imports its own chain)
    from raceway.store.shelf import find, load  # noqa: PLC0415

    console = Console()
    recover_left_behind(results, console)
    loaded = load(find(results, run))
    warn(loaded.problems)
    for path, one in loaded.runs:
        show(one, path, console)
    if not loaded.runs:
        raise typer.Exit(RacewayError.exit_code)


@app.command()
def recover(*, results: Results = RESULTS) -> None:
    """Save what interrupted sessions had measured; report and race do this first, too."""
    console = Console()
    if not recover_left_behind(results, console):
        tell("nothing to recover", console)


def recover_left_behind(results: Path, console: Console) -> int:
    """Recover every journal whose session is dead, and say so; return how many there were."""
    from raceway.store.recovery import recover as recovered_in  # noqa: PLC0415

    found = recovered_in(results)
    for recovered in found:
        if recovered.run_file:
            tell(f"recovered an interrupted run: {recovered.run_file}", console)
        warn(recovered.problems)
    return len(found)


@app.command()
def race(  # noqa: PLR0913 (typer: one argument an option)
    files: Annotated[list[Path], typer.Argument(help="Files with WORKLOAD = Workload(…).")],
    *,
    profile: Annotated[str, typer.Option(help=f"{', '.join(PROFILES)}.")] = "default",
    models: Names = None,
    interpreter: InterpreterOption = None,
    launches: Annotated[int | None, typer.Option(help="Fresh sets of processes.")] = None,
    budget: Annotated[float | None, typer.Option(help="Seconds for all timed rounds.")] = None,
    heat_timeout: Annotated[float, typer.Option(help="Seconds for one answer of a case.")] = 60.0,
    machine: Annotated[str | None, typer.Option(envvar="RACEWAY_MACHINE")] = None,
    results: Results = RESULTS,
) -> None:
    """Race your own work without pytest, to learn which model suits YOUR function."""
    from raceway.catalogue import public_name  # noqa: PLC0415 (each command imports its own chain)
    from raceway.lineup import Lineup, Options  # noqa: PLC0415
    from raceway.progress import ProgressDisplay  # noqa: PLC0415
    from raceway.record import Status  # noqa: PLC0415
    from raceway.report.terminal import show  # noqa: PLC0415
    from raceway.session import Session  # noqa: PLC0415

    console = Console()
    recover_left_behind(results, console)
    selection = Selection(
        models=tuple(models.split(",")) if models else None,
        workloads=tuple(public_name(file.stem) for file in files),
    )
    lineup = Lineup.assemble(
        Options(
            results, profile, selection, tuple(files), tuple(interpreter or ()), launches, budget,
            heat_timeout, machine,
        )
    )  # fmt: skip
    session = Session(lineup, {case_id: f"raceway::{case_id}" for case_id in lineup.entrants})
    try:
        with ProgressDisplay(console) as display:
            session.race(display)
    except BaseException:
        if saved := session.save_interrupted():
            tell(f"interrupted; what had finished is saved: {saved[0]}", console)
        raise
    path, run = session.save(Status.OK)
    show(run, path, console)


def tell(line: str, console: Console) -> None:
    """Write a line as it is; the terminal breaks it."""
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def warn(lines: Any) -> None:
    """Write lines to standard error."""
    for line in lines:
        print(line, file=sys.stderr)  # noqa: T201 (a message)


def main() -> None:
    """Run the command; a RacewayError, or a wrong call, is one line and exit code 4."""
    try:
        sys.exit(app(standalone_mode=False))
    except RacewayError as error:
        warn([f"raceway: {error}"])
        sys.exit(error.exit_code)
    except TyperException as error:
        if message := error.format_message():
            warn([f"raceway: {message} (raceway --help tells more)"])
        sys.exit(RacewayError.exit_code)
    except (KeyboardInterrupt, Abort):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
