"""raceway races Python's concurrency models on the same verified work.

What `__all__` names is public. This file travels into every lane, and workloads and models may
import it; so it imports nothing itself: a name is looked up where it lives when it is asked for.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from raceway.case import Family, Kind, Model, Workers, Workload
    from raceway.lap import Job, Lap, Runner, over_executor, timed

__all__ = [
    "Family",
    "Job",
    "Kind",
    "Lap",
    "Model",
    "Runner",
    "Workers",
    "Workload",
    "__version__",
    "load",
    "over_executor",
    "timed",
]

_MODULES = {
    "raceway.case": ("Family", "Kind", "Model", "Workers", "Workload"),
    "raceway.lap": ("Job", "Lap", "Runner", "over_executor", "timed"),
}
"""Module to the public names that live in it."""


def load(path: str | Path) -> pd.DataFrame:
    """Return the runs of a file, or of a results or machine folder, as one frame.

    One row a run and raced case; `raceway.analysis.run.frame.COLUMNS` explains the columns.
    A file that holds no run is skipped with a warning; StoreError if the path does not exist.
    """
    frame: pd.DataFrame = _module("raceway.archive.notebook").frame_from(path)
    return frame


if not TYPE_CHECKING:  # type checkers see the imports above, and every other name is an error

    def __getattr__(name):  # noqa: ANN001, ANN202 (never seen by them)
        """Return a public name from its module; AttributeError for any other."""
        for module, names in _MODULES.items():
            if name in names:
                value = globals()[name] = getattr(_module(module), name)
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Name what is public, looked up already or not."""
    return sorted({*globals(), *__all__})


def _module(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415 (not at the top: see there)

    return import_module(name)
