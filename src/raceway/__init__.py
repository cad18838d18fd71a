"""raceway races Python's concurrency models on the same verified work.

The public names are those in `__all__`. This file travels into every lane, so it imports nothing
itself: each name is imported from its module on first use.
"""

from __future__ import annotations

__version__ = "0.2.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    import pandas as pd

    from raceway.case import Family, Kind, Model, Scope, Workers, Workload
    from raceway.lap import (
        EngineError,
        Job,
        Lap,
        Runner,
        over_event_loop,
        over_executor,
        over_pool,
        sent_by_value,
        synchronised,
        timed,
    )
    from raceway.notebook.raced import Raced
    from raceway.serving import served

__all__ = [
    "EngineError",
    "Family",
    "Job",
    "Kind",
    "Lap",
    "Model",
    "Raced",
    "Runner",
    "Scope",
    "Workers",
    "Workload",
    "__version__",
    "load",
    "over_event_loop",
    "over_executor",
    "over_pool",
    "race",
    "sent_by_value",
    "served",
    "synchronised",
    "timed",
]

_MODULES = {
    "raceway.case": ("Family", "Kind", "Model", "Scope", "Workers", "Workload"),
    "raceway.lap": (
        "EngineError",
        "Job",
        "Lap",
        "Runner",
        "over_event_loop",
        "over_executor",
        "over_pool",
        "sent_by_value",
        "synchronised",
        "timed",
    ),
    "raceway.notebook.raced": ("Raced",),
    "raceway.serving": ("served",),
}
"""Public names by the module that defines them."""


def load(path: str | Path) -> pd.DataFrame:
    """Return the runs in a file, a results folder or a machine folder as one frame.

    One row per run and case; `raceway.analysis.run.frame.COLUMNS` explains the columns.
    A file that holds no run is skipped with a warning. StoreError if the path does not exist.
    """
    frame: pd.DataFrame = _module("raceway.archive.notebook").frame_from(path)
    return frame


def race(  # noqa: PLR0913 (what commands take as options)
    function: Callable[..., Any],
    items: Iterable[Any],
    *,
    kwargs: Mapping[str, Any] | None = None,
    async_function: Callable[..., Any] | None = None,
    setup: Callable[[], object] | None = None,
    agrees: Callable[[Any, Any], bool] | None = None,
    repeat: int = 1,
    models: Sequence[str] | None = None,
    workers: Sequence[int] | None = None,
    model: str | Path | Sequence[str | Path] | None = None,
    executor: str | Sequence[str] | None = None,
    dask_scheduler: str | None = None,
    launches: int | None = None,
    budget: float | None = 45.0,
    profile: str | None = None,
    results: str | Path | None = None,
    machine: str | None = None,
    progress: bool = True,
) -> Raced:
    """Race a function, called once for each item, through every model, and save the run.

    `function(item, **kwargs)` may be a function, a method, a partial or a coroutine function;
    `async_function` is the same as a coroutine function, for event loops. Functions of a notebook
    or of `__main__` are sent to other processes as their source. `setup` is called once in each
    process, `agrees(answer, expected)` says whether an answer is right, and `repeat` goes through
    the items several times. `budget` is in seconds, from start to exit. The rest are options of
    `raceway race`; defaults in pyproject.toml count here, too. TargetError if the function cannot
    be raced.
    """
    raced: Raced = _module("raceway.notebook.racing").race(
        function, items, kwargs=kwargs, async_function=async_function, setup=setup, agrees=agrees,
        repeat=repeat, models=models, workers=workers, model=model, executor=executor,
        dask_scheduler=dask_scheduler, launches=launches, budget=budget, profile=profile,
        results=results, machine=machine, progress=progress,
    )  # fmt: skip
    return raced


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
