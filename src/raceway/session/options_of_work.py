"""The options given where the work is named by files: these alone are raced then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from raceway.plan.catalogue import public_name
from raceway.session.options import options_from

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from raceway.session.options import Asked, Options


def options_of_work(asked: Asked, files: Sequence[Path] = ()) -> Options:
    """Return the options given; of workloads those named, else those of the files alone.

    `files` come before those of `--workload`. SelectionError as of `options_from`.
    """
    if every := [*files, *asked.line.get("workload", ())]:
        asked = replace(asked, line={"workloads": listed(every), **asked.line, "workload": every})
    options = options_from(asked)
    if options.selection.workloads or not options.workload_files:
        return options
    alone = {**asked.line, "workloads": listed(options.workload_files)}
    return options_from(replace(asked, line=alone))


def listed(files: Iterable[Path]) -> str:
    """Return the workloads of files, as a list on the command line."""
    return ",".join(public_name(file.stem) for file in files)
