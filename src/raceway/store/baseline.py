"""Baselines: each machine's names for the runs that later ones are compared with.

A baseline is a file `<name>.baseline` in the machine's folder. It holds the name of a run file, so
it can be committed and read. It moves only on request.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from raceway.errors import StoreError
from raceway.record import SUITE, Grade, Status
from raceway.store.disk import read_regular, write_whole
from raceway.store.runfile import decode
from raceway.store.runs import LATEST
from raceway.store.strict import UnreadableError
from raceway.store.trouble import cannot, located
from raceway.text.printable import as_utf8, printable

if TYPE_CHECKING:
    from raceway.record import Run

DEFAULT = "baseline"
SUFFIX = ".baseline"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def set_baseline(run_file: Path, name: str = DEFAULT) -> Path:
    """Make `name` mean this run on its machine, and return the baseline's file.

    StoreError if the name cannot be a file's, or the run is unreadable or unsound, or in a file
    with a name that is no line of text.
    """
    if not _NAME.fullmatch(name):
        raise StoreError(
            f"{printable(name)}: not a name for a baseline; use letters, digits, . _ -"
        )
    if name == LATEST:
        raise StoreError(f"{name}: always means the newest run; choose another name")
    check_sound(run_file)
    if as_utf8(run_file.name).strip() != run_file.name:
        raise StoreError(f"{printable(run_file)}: a baseline cannot hold its name; rename it")
    pointer = run_file.parent / f"{name}{SUFFIX}"
    try:
        write_whole(pointer, f"{run_file.name}\n".encode())
    except OSError as error:
        raise cannot("set the baseline", pointer, error) from None
    return pointer


def check_sound(run_file: Path) -> None:
    """Raise StoreError if the file holds no run that could be a baseline."""
    try:
        run = decode(read_regular(run_file))
    except UnreadableError as error:
        raise located(run_file, error) from None
    if trouble := unsound(run):
        leave = "; pytest's --deselect leaves a test out" if run.header.profile == SUITE else ""
        raise StoreError(f"{printable(run_file)}: {trouble}; choose a run without failures{leave}")


def unsound(run: Run) -> str:
    """Return why a run cannot be a baseline; empty if it can."""
    if run.status is Status.INTERRUPTED:
        return "was interrupted"
    failed = [record.id for record in run.records if record.status is Status.FAILED]
    if failed:
        return f"{printable(failed[0])} failed in it"
    return "" if any(record.launches for record in run.records) else "measured nothing"


def noise_in(run_file: Path) -> str:
    """Return what a baseline's noise means for comparisons with it; empty if most is quiet.

    UnreadableError if the file holds no run.
    """
    run = decode(read_regular(run_file))
    noisy = sum(group.noise.grade is Grade.NOISY for group in run.groups)
    if noisy <= len(run.groups) / 2:
        return ""
    what = "benchmark" if run.header.profile == SUITE else "group"
    return (
        f"{noisy} of its {len(run.groups)} {what} launches were too noisy for comparisons of"
        " saved times (see `raceway doctor`); a gate will race its revision again"
    )


def baseline_file(folder: Path, name: str = DEFAULT) -> Path | None:
    """Return the baseline's file, whether sound or not; None if there is none."""
    pointer = folder / f"{name}{SUFFIX}"
    return pointer if os.path.lexists(pointer) else None


def baselines(folder: Path) -> dict[str, Path]:
    """Return a machine's baselines by name, as the run files they name, if those exist."""
    named = {}
    for pointer in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            target = read_regular(pointer).decode().strip()
        except (UnreadableError, UnicodeDecodeError):
            continue
        run_file = folder / Path(target).name
        if target and os.path.isfile(run_file):  # noqa: PTH113 (never raises)
            named[pointer.name.removesuffix(SUFFIX)] = run_file
    return named
