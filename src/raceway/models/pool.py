"""`multiprocessing.Pool.map`, which splits the tasks into about four chunks per worker."""

from __future__ import annotations

from raceway.case import Family, Model
from raceway.lap import over_pool

MODEL = Model(
    summary="multiprocessing.Pool.map, workers by fork, tasks in chunks",
    open=over_pool,
    family=Family.PROCESSES,
    start_method="fork",
    most_waiting_workers=8,
    colour="#ff6202",
    shape="cross",
    recipe="""
import multiprocessing

def {name}(items):
    context = multiprocessing.get_context("fork")
    with context.Pool({workers}{initializer}) as pool:
        return pool.map({function}, items)  # in about four chunks a worker
""",
)
