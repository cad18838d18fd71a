"""The results folder: one file per run, published whole or not at all, never overwritten."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import StoreError
from raceway.store.disk import read_regular, sync_folder, written_aside
from raceway.store.naming import run_id_in, stem_of
from raceway.store.runfile import decode, encode
from raceway.store.strict import UnreadableError
from raceway.store.trouble import cannot
from raceway.text.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raceway.record import Run

LATEST = "latest"
DUELS, GATES = "duels", "gates"
"""Folders within a machine's, for runs that stay out of its history."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The runs in some files, with a message for each file that holds none."""

    runs: list[tuple[Path, Run]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def save(run: Run, folder: Path) -> Path:
    """Save the run in the folder and return its new file; StoreError if that fails.

    Readers see the whole file or none. If the name is taken, the next one (`…_2.json`) is used.
    """
    content = encode(run)
    stem = stem_of(run.header)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with written_aside(folder / f"{stem}.json", content) as aside:
            published = _publish(aside, folder, stem)
    except OSError as error:
        raise cannot("save the run", folder / f"{stem}.json", error) from None
    sync_folder(folder)
    return published


def find(results: Path, what: str | None = None) -> list[Path]:
    """Return the files meant by `latest` (default), a file, a folder or the start of a run id.

    Paths may be relative to the results folder. StoreError lists the choices if there is no such
    run, or an id is ambiguous.
    """
    runs = run_files(results)
    if not what or what == LATEST:
        meant = _latest(runs)
    elif path := _existing(results, what):
        meant = run_files(path) if os.path.isdir(path) else [path]  # noqa: PTH112 (never raises)
    else:
        deeper = results.glob("*/*/*.json")
        meant = [run for run in [*runs, *deeper] if (run_id_in(run.stem) or "").startswith(what)]
        if len({run_id_in(run.stem) for run in meant}) > 1:
            message = f"{printable(what)} is the start of several run ids. {_choice(meant)}"
            raise StoreError(message)
    if not meant:
        message = f"no run {printable(what or LATEST)} in {printable(results)}. {_choice(runs)}"
        raise StoreError(message)
    return meant


def load(paths: Iterable[Path]) -> Loaded:
    """Return the runs in the files, with a message for each file that holds none."""
    loaded = Loaded()
    for path in paths:
        try:
            loaded.runs.append((path, _decoded(read_regular(path))))
        except UnreadableError as error:
            loaded.problems.append(f"{printable(path)}: {error.reason}; skipped. {error.remedy}")
    return loaded


def _decoded(content: bytes) -> Run:
    """Return the run in a file, without garbage collection, which would triple the time.

    A run is tens of thousands of new objects, without reference cycles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return decode(content)
    finally:
        if was_enabled:
            gc.enable()


def stream(paths: Iterable[Path], problems: list[str]) -> Iterator[tuple[Path, Run]]:
    """Yield the runs in the files, with only one in memory at a time.

    `problems` gets a message for each file that holds none.
    """
    for path in paths:
        loaded = load([path])
        problems += loaded.problems
        yield from loaded.runs


def _publish(aside: Path, folder: Path, stem: str) -> Path:
    for attempt in count(1):
        final = folder / (f"{stem}.json" if attempt == 1 else f"{stem}_{attempt}.json")
        try:
            _name_once(aside, final)
        except FileExistsError:
            continue
        return final
    raise AssertionError  # pragma: no cover (count never ends)


def _name_once(aside: Path, final: Path) -> None:
    """Give the file its name in one step; FileExistsError if it is taken."""
    try:
        os.link(aside, final)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if final.exists():
            raise FileExistsError from None
        aside.rename(final)


def run_files(folder: Path) -> list[Path]:
    """Return the run files of a results or machine folder, oldest first.

    Runs of duels and gates are left out: they are found by name only.
    """
    deeper = (file for file in folder.glob("*/*.json") if file.parent.name not in {DUELS, GATES})
    files = [*folder.glob("*.json"), *deeper]
    return sorted(files, key=lambda file: (file.name, str(file.parent)))


def folder_of_latest(results: Path) -> Path | None:
    """Return the folder of the machine that was measured last; None if there is no run."""
    latest = _latest(run_files(results))
    return latest[0].parent if latest else None


def newest_elsewhere(results: Path, machine: str) -> list[Path]:
    """Return the newest run of each machine except the one with that id."""
    newest = {file.parent.name: file for file in run_files(results) if run_id_in(file.stem)}
    return [file for folder, file in newest.items() if folder not in {machine, results.name}]


def _latest(runs: list[Path]) -> list[Path]:
    ours = [run for run in runs if run_id_in(run.stem)]
    return (ours or runs)[-1:]


def _existing(results: Path, what: str) -> Path | None:
    candidates = (Path(what), results / what)
    return next((path for path in candidates if os.path.exists(path)), None)  # noqa: PTH110 (never raises)


def _choice(runs: list[Path], most: int = 10) -> str:
    if not runs:
        return "It holds none yet: measure one with `pytest bench/`."
    newest = [printable(run) for run in runs[: -most - 1 : -1]]
    more = f" and {len(runs) - most} older" if len(runs) > most else ""
    return f"Choose from: {', '.join(newest)}{more}."
