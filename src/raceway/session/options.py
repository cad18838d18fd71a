"""The table of options that both doors share, and the values a user gave."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raceway.case import CURRENT
from raceway.errors import SelectionError
from raceway.plan.profile import PROFILES, Profile
from raceway.plan.selection import Selection, parse_interpreter
from raceway.session.defaults import defaults_in
from raceway.session.option import (
    MOST_LAUNCHES,
    MOST_S,
    MOST_WORKERS,
    Option,
    check_number,
    names,
    whole_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from raceway.plan.catalogue import Catalogue
    from raceway.plan.engines import Engine

CHOICES = (
    Option(
        "profile", f"what to race, how long: {', '.join(PROFILES)}", "PROFILE", default="default"
    ),
    Option("models", "race only these models", "NAME,…", split=names),
    Option("workloads", "race only these workloads", "NAME,…", split=names),
    Option("sizes", "race only these sizes", "SIZE,…", split=names),
    Option(
        "workers",
        "workers of each pool; by default the usable cores, and more for work that waits",
        "N,…",
        split=whole_numbers,
    ),
    Option(
        "device",
        "where tensor work runs: auto, cpu, cuda or cuda:N; repeatable",
        "DEVICE",
        default=("auto",),
        repeatable=True,
    ),
)
"""Which of all cases to race: of `raceway race`, `raceway duel` and pytest."""
ADDITIONS = (
    Option(
        "workload",
        "race a file with WORKLOAD = … like a built-in workload; repeatable",
        "FILE",
        type=Path,
        default=(),
        repeatable=True,
    ),
    Option(
        "model",
        "race a file with MODEL = … like a built-in model; repeatable",
        "FILE",
        type=Path,
        default=(),
        repeatable=True,
    ),
    Option(
        "executor",
        "race any executor: what the factory returns for a number of workers; repeatable",
        "MODULE:FACTORY",
        default=(),
        repeatable=True,
    ),
    Option(
        "dask-scheduler",
        "where the cluster is that the model dask races on; by default one is started here",
        "ADDRESS",
        environment="DASK_SCHEDULER_ADDRESS",
    ),
    Option(
        "postgres",
        "the server that the workload postgres asks, by libpq's connection string or URI; by"
        " default one is started here",
        "DSN",
        environment="RACEWAY_POSTGRES",
    ),
)
"""What there is to race besides what is built in: all doors that race or list cases have these."""
OPTIONS = (
    *CHOICES,
    *ADDITIONS,
    Option(
        "interpreter",
        "race this interpreter beside the current one; repeatable",
        "LABEL=COMMAND",
        default=(),
        repeatable=True,
    ),
    Option("launches", "fresh sets of processes to measure in", "N", type=int),
    Option(
        "budget",
        "the session's time, from start to exit; sizes that do not fit are left out",
        "SECONDS",
        type=float,
    ),
    Option(
        "group-timeout",
        "a case fails if it does not answer for this long",
        "SECONDS",
        type=float,
        default=60.0,
        aliases=("heat-timeout",),  # until 0.3
    ),
    Option("results", "where runs are saved", "DIR", type=Path, default=Path("results")),
    Option(
        "machine",
        "name of this machine, instead of one derived from its hardware",
        "NAME",
        environment="RACEWAY_MACHINE",
    ),
    Option("save-host", "also save the host's name", type=bool, default=False),
    Option(
        "resume",
        "measure only what the latest interrupted run lacks",
        type=bool,
        default=False,
        in_file=False,
    ),
)
"""All options of a race. A new row also needs a field in `Options` below."""
MOST_SHARE = 100
"""A group's launch is timed for at most the budget over this."""


@dataclass(frozen=True, slots=True)
class Options:
    """The options a user gave, at either door."""

    results: Path
    profile: str = "default"
    selection: Selection = field(default_factory=Selection)
    workload_files: tuple[Path, ...] = ()
    interpreters: tuple[str, ...] = ()
    """LABEL=COMMAND each, raced beside the current interpreter."""
    launches: int | None = None
    """The launches of every group, with a single look at the end; None lets questions decide."""
    budget_s: float | None = None
    """Wall-clock seconds from the start of the session to its exit."""
    group_timeout_s: float = 60.0
    machine: str | None = None
    save_host: bool = False
    resume: bool = False
    current: bool = True
    """Whether the interpreter that runs the controller races too."""
    model_files: tuple[Path, ...] = ()
    executors: tuple[str, ...] = ()
    """MODULE:FACTORY each, raced beside the models chosen."""
    dask_scheduler: str | None = None
    postgres: str | None = None
    """The connection string of a server."""

    def chosen_profile(self) -> Profile:
        """Return the profile with the numbers given; SelectionError if one is absurd."""
        if self.profile not in PROFILES:
            raise SelectionError(
                f"--profile {self.profile}: no such profile; choose from {', '.join(PROFILES)}"
            )
        check_number("--launches", self.launches, MOST_LAUNCHES)
        check_number("--budget", self.budget_s, MOST_S)
        check_number("--group-timeout", self.group_timeout_s, MOST_S)
        for workers in self.selection.workers or ():
            check_number("--workers", workers, MOST_WORKERS)
        profile = PROFILES[self.profile]
        budget_s = self.budget_s or profile.budget_s
        return replace(
            profile,
            looks=(self.launches,) if self.launches else profile.looks,
            budget_s=budget_s,
            most_group_s=min(profile.most_group_s, budget_s / MOST_SHARE),
        )

    def catalogue(self) -> Catalogue:
        """Return all that could race; RacewayError if a file or an engine is no good."""
        from raceway.plan.catalogue import discover  # noqa: PLC0415 (slow: not to list commands)
        from raceway.plan.servers import servers_of  # noqa: PLC0415 (as above)

        servers = servers_of(self.postgres)
        return discover(self.workload_files, self.model_files, self.engines(), servers)

    @property
    def files(self) -> dict[str, Path]:
        """The users' files by their names in lanes: first workloads, then models."""
        from raceway.plan.catalogue import model_keys, public_name  # noqa: PLC0415 (as above)

        works, racers = (
            {public_name(file.stem): file for file in files}
            for files in (self.workload_files, self.model_files)
        )
        return {**works, **model_keys(racers)}

    def engines(self) -> list[Engine]:
        """Return the engines that options describe; TargetError if one is no good."""
        from raceway.plan.engines import engines_of  # noqa: PLC0415 (as above)

        return engines_of(self.dask_scheduler, self.executors)

    def commands(self) -> dict[str, tuple[str, ...]]:
        """Return each interpreter's command by label; SelectionError if a label comes twice."""
        commands: dict[str, tuple[str, ...]] = {}
        if self.current:
            commands[CURRENT] = (sys.executable,)
        for option in self.interpreters:
            label, command = parse_interpreter(option)
            if label in commands:
                raise SelectionError(f"--interpreter {option}: label given twice; rename one")
            commands[label] = command
        return commands


@dataclass(frozen=True, slots=True)
class Asked:
    """The values given at a door, and the options it has."""

    line: Mapping[str, Any]
    """The values of the command line, by option key."""
    rows: Sequence[Option] = OPTIONS
    """The options of this door; others keep their defaults."""
    folder: Path = Path()
    """The folder of the project's file, to which default paths are relative."""

    def given(self) -> dict[str, Any]:
        """Return the values given, by key; SelectionError if the project's file is invalid.

        The command line wins, then the environment, then the file.
        """
        here = {row.key for row in self.rows}
        file = defaults_in(self.folder, OPTIONS)
        named = {row.key: os.environ.get(row.environment) for row in self.rows}
        return {
            **{key: value for key, value in file.items() if key in here},
            **{key: value for key, value in named.items() if value},
            **self.line,
        }


def options_from(asked: Asked) -> Options:
    """Return the options given; SelectionError if a list or the project's file is invalid."""
    given = asked.given()
    value = {row.key: row.value(given.get(row.key)) for row in OPTIONS}
    return Options(
        results=asked.folder / value["results"],
        profile=value["profile"],
        selection=Selection(
            models=with_executors(value["models"], value["executor"]),
            workloads=value["workloads"],
            sizes=value["sizes"],
            workers=value["workers"],
            devices=value["device"],
        ),
        workload_files=value["workload"],
        interpreters=value["interpreter"],
        launches=value["launches"],
        budget_s=value["budget"],
        group_timeout_s=value["group_timeout"],
        machine=value["machine"],
        save_host=value["save_host"],
        resume=value["resume"],
        model_files=value["model"],
        executors=value["executor"],
        dask_scheduler=value["dask_scheduler"],
        postgres=value["postgres"],
    )


def with_executors(
    models: tuple[str, ...] | None, factories: Sequence[str]
) -> tuple[str, ...] | None:
    """Return the models chosen, and those of the factories: to give one is to ask for it."""
    from raceway.plan.engines import executor_name  # noqa: PLC0415 (as above)

    return None if models is None else (*models, *map(executor_name, factories))
