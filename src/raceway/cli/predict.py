"""`raceway predict`: what other work would take with each model, by a machine's price list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from raceway.analysis.prices.forecast import Question
from raceway.analysis.prices.observations import MEBI, Work
from raceway.analysis.prices.tariff import tariff_of
from raceway.archive.resolve import Chooser, alike, labels_of, newest
from raceway.cli.amounts import bytes_in, seconds_in
from raceway.cli.output import JsonFile, show_while_read, takes_stdout, write_json
from raceway.cli.recover import recover_left_behind
from raceway.cli.words import RESULTS, Results, warn
from raceway.errors import ExitCode, SelectionError
from raceway.report.format.screen import screen
from raceway.report.run.prediction import prediction_data, show_tariff
from raceway.store.runs import LATEST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from raceway.record import Run

Runs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[RUN]…", help="Runs of one machine: files, ids or folders."),
]
TaskTime = Annotated[
    str | None, typer.Option(metavar="TIME", help="One task in a plain loop, like 5ms.")
]
Tasks = Annotated[int | None, typer.Option(metavar="N", min=1, help="How many tasks.")]
Payload = Annotated[
    str, typer.Option(metavar="BYTES", help="Sent with each task and back, like 1MB.")
]
Waits = Annotated[
    bool, typer.Option("--waits", help="Tasks wait, as for a network, instead of computing.")
]
HoldsGil = Annotated[
    bool,
    typer.Option(
        "--holds-gil/--releases-gil", help="Bytecode, or C that computes without the GIL."
    ),
]
WorkerCount = Annotated[
    int | None,
    typer.Option("--workers", metavar="N", min=1, help="Of each pool; by default, as raced."),
]
Label = Annotated[
    str | None, typer.Option("--interpreter", metavar="LABEL", help="Which of those raced.")
]


def predict(  # noqa: PLR0913 (typer: one argument an option)
    words: Runs = None,
    *,
    task: TaskTime = None,
    tasks: Tasks = None,
    payload: Payload = "0B",
    waits: Waits = False,
    holds_gil: HoldsGil = True,
    count: WorkerCount = None,
    label: Label = None,
    json: JsonFile = None,
    results: Results = RESULTS,
) -> None:
    """Predict what work of yours would take with each model, by what this machine's runs cost."""
    console = screen(stderr=takes_stdout(json))
    asked = question_of(task, tasks, payload, waits=waits, holds_gil=holds_gil, workers=count)
    recover_left_behind(results, console)
    runs = runs_named(words or [LATEST], results)
    tariff = tariff_of(runs, label_in(runs, label))
    forecast = tariff.forecast(asked) if asked else None
    left = show_while_read(lambda: show_tariff(tariff, forecast, console))
    write_json(prediction_data(tariff, forecast), json)
    if left:
        raise left
    told = forecast.is_told if forecast else tariff.is_known
    raise typer.Exit(ExitCode.DONE if told else ExitCode.UNTOLD)


def question_of(  # noqa: PLR0913 (as typed)
    task: str | None,
    tasks: int | None,
    payload: str,
    *,
    waits: bool,
    holds_gil: bool,
    workers: int | None,
) -> Question | None:
    """Return what is asked; None if neither the cost nor the number of tasks is given."""
    if task is None and tasks is None:
        return None
    if task is None or tasks is None:
        missing = "--tasks, how many there are" if tasks is None else "--task, how long one takes"
        raise SelectionError(f"nothing to predict without {missing}")
    computes = Work.COMPUTES if holds_gil else Work.RELEASES
    return Question(
        task_s=seconds_in(task, "--task"),
        tasks=tasks,
        payload_mib=bytes_in(payload, "--payload") / MEBI,
        work=Work.WAITS if waits else computes,
        workers=workers,
    )


def runs_named(words: Sequence[str], results: Path) -> list[Run]:
    """Return the runs meant, of the newest one's machine and interpreter alone."""
    chooser = Chooser(results)
    found = {run.header.run_id: run for word in words for run in chooser.runs(chooser.refer(word))}
    every = list(found.values())
    chosen = [run for run in every if alike(run, newest(every))]
    if len(chosen) < len(every):
        chooser.notes.append(
            f"{len(chosen)} of {len(every)} runs are used: those of the newest one's machine and"
            " interpreter"
        )
    warn(chooser.notes)
    return chosen


def label_in(runs: Sequence[Run], wanted: str | None) -> str:
    """Return the label of the interpreter meant; SelectionError if it was not raced."""
    known = list(dict.fromkeys(label for run in runs for label in labels_of(run)))
    if wanted is None and known:
        return known[0]
    if wanted not in known:
        choice = f"choose from {', '.join(known)}" if known else "no run names one"
        raise SelectionError(f"no interpreter {wanted or ''} was raced; {choice}")
    return wanted or ""
