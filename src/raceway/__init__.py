"""raceway races Python's concurrency models on the same verified work.

The public names are those in `__all__`. This file travels into every lane, so it imports nothing
itself: each name is imported from its module on first use.
"""

from __future__ import annotations

__version__ = "0.2.0"

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
"""Public names by the module that defines them."""


def load(path: str | Path) -> pd.DataFrame:
    """Return the runs in a file, a results folder or a machine folder as one frame.

    One row per run and case; `raceway.analysis.run.frame.COLUMNS` explains the columns.
    A file that holds no run is skipped with a warning. StoreError if the path does not exist.
    """
    frame: pd.DataFrame = _module("raceway.archive.notebook").frame_from(path)
    return frame


if not TYPE_CHECKING:  # type checkers use the imports above, and reject every other name

    def __getattr__(name):  # noqa: ANN001, ANN202 (hidden from type checkers)
        """Return a public name from its module; AttributeError for any other name."""
        for module, names in _MODULES.items():
            if name in names:
                value = globals()[name] = getattr(_module(module), name)
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names too, imported already or not."""
    return sorted({*globals(), *__all__})


def _module(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415 (see the module docstring)

    return import_module(name)
