"""Which old run files may be deleted: the results folder grows with every race."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from raceway.errors import StoreError
from raceway.store.baseline import SUFFIX
from raceway.store.disk import read_regular
from raceway.store.naming import run_id_in
from raceway.store.runs import DUELS, GATES
from raceway.store.strict import UnreadableError
from raceway.store.trouble import located

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def superfluous(results: Path, keep: int) -> list[Path]:
    """Return the run files beyond the newest `keep` runs of each machine, oldest first.

    Duels and gates are counted separately. Runs named by a baseline stay, and so do files not named
    like runs. StoreError if `keep` is below 1 or a baseline cannot be read.
    """
    if keep < 1:
        raise StoreError(f"--keep {keep}: give a whole number above 0")
    if not results.is_dir():
        raise StoreError(f"{results}: no such folder; give the one with --results")
    found = []
    for machine in real_folders(results):
        named = named_in(machine)
        for folder in (machine, machine / DUELS, machine / GATES):
            if folder.is_dir() and not folder.is_symlink():
                found += [file for file in beyond(folder, keep) if file.name not in named]
    return found


def beyond(folder: Path, keep: int) -> list[Path]:
    """Return the files of all but the newest runs in a folder.

    Both sides of a duel count as one run: their files share the starting time.
    """
    runs: dict[str, list[Path]] = defaultdict(list)
    for file in sorted(folder.glob("*.json")):
        run_id = run_id_in(file.stem)
        if run_id and file.is_file() and not file.is_symlink():
            runs[file.stem.partition("_")[0] if folder.name == DUELS else run_id].append(file)
    newest_last = sorted(runs.values(), key=lambda files: files[-1].name)
    return [file for files in newest_last[:-keep] for file in files]


def named_in(machine: Path) -> set[str]:
    """Return the files that a machine's baselines name; StoreError if one is broken."""
    named = set()
    for pointer in machine.glob(f"*{SUFFIX}"):
        try:
            named.add(read_regular(pointer).decode().strip().rpartition("/")[2])
        except UnreadableError as error:
            raise located(pointer, error) from None
        except UnicodeDecodeError:
            raise StoreError(f"{pointer}: names no run; set it again or delete it") from None
    return named


def real_folders(folder: Path) -> Iterator[Path]:
    """Yield the folders in a folder, without links, whose targets are not ours to clean."""
    for each in sorted(folder.iterdir()):
        if each.is_dir() and not each.is_symlink():
            yield each
