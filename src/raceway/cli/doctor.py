"""`raceway doctor`: whether this machine is fit for parallel work and timing."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from raceway.cli.output import JsonFile, takes_stdout, write_text
from raceway.cli.words import warn
from raceway.doctor.checks.checkup import checkup_of
from raceway.doctor.findings import State
from raceway.doctor.probe import probe_facts
from raceway.errors import ExitCode
from raceway.measure.control.running import run_to_its_end
from raceway.report.doctor import as_json, show_checkup
from raceway.report.format.screen import screen


def doctor(
    *,
    json: JsonFile = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if anything is bad.")
    ] = False,
) -> None:
    """Check in a few seconds whether this machine is fit for parallel work and timing."""
    console = screen(stderr=takes_stdout(json))
    if sys.stderr.isatty():
        warn(["measuring for about four seconds …"])
    checkup = checkup_of(run_to_its_end(probe_facts()))
    show_checkup(checkup, console)
    if json is not None:
        write_text(f"{as_json(checkup)}\n", json)
    if strict and any(finding.state is State.BAD for finding in checkup.findings):
        raise typer.Exit(ExitCode.FAILED)
