"""Any `concurrent.futures` executor, by what makes one: `--executor module:factory`."""

from __future__ import annotations

import importlib
import operator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from raceway.case import Family, Model, Scope
from raceway.lap import EngineError, over_executor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Runner


@contextmanager
def made_by(reference: str, job: Job) -> Iterator[Runner]:
    """Run the tasks through what a factory makes, given the number of workers."""
    module, _, name = reference.partition(":")
    executor = operator.attrgetter(name)(importlib.import_module(module))(job.workers)
    if not (hasattr(executor, "map") and hasattr(executor, "__exit__")):
        raise EngineError(
            f"{reference} made a {type(executor).__name__}, which is no executor: return one as"
            " those of concurrent.futures"
        )
    with over_executor(executor, job) as runner:
        yield runner


MODEL = Model(
    summary="any executor of concurrent.futures, by the function that makes it",
    open=partial(made_by, ""),
    family=Family.ENGINES,
    scope=Scope.NAMED,
    fresh_workers=True,
    most_waiting_workers=8,
    option="--executor module:factory",
    colour="#c47bf7",
    shape="M-0.9,-0.9L0,-0.3L0.9,-0.9L0.3,0L0.9,0.9L0,0.3L-0.9,0.9L-0.3,0Z",
)


def of_factory(reference: str, requires: tuple[str, ...] = ()) -> Model:
    """Return the model of a factory, `module:name`; to give one is to ask for it."""
    return replace(
        MODEL, summary=f"{reference}, any executor", open=partial(made_by, reference),
        scope=Scope.SMOKE, option="", requires=requires,
    )  # fmt: skip
