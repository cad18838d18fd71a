"""Models, workloads and interpreters to choose from."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model, Workers, Workload
from raceway.plan.catalogue import Catalogue
from raceway.plan.profile import DEFAULT
from raceway.plan.selection import (
    Interpreter,
    Selection,
    select,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raceway.plan.profile import Profile
    from raceway.plan.selection import Entrant


def a_model(**details: Any) -> Model:
    return Model(**{"summary": "", "open": nullcontext, "family": Family.THREADS, **details})


def a_workload(kind: Kind = Kind.CPU, **details: Any) -> Workload:
    return Workload(
        **{"summary": "", "kind": kind, "task": abs, "sizes": {"small": (1, 2, 3)}, **details}
    )


def an_interpreter(label: str = "current", **facts: Any) -> Interpreter:
    known = {
        "version_info": [3, 12], "present": {}, "start_methods": ["fork"], "cuda_devices": [],
    }  # fmt: skip
    return Interpreter(label, ("python",), {**known, **facts})


ONE_GPU = an_interpreter(cuda_devices=["H100"], cuda_free_bytes=[6 * 2**30])
POOL = a_model()
SERIAL = a_model(workers=Workers.ONE)
GATHER = a_model(workers=Workers.ALL)
GPU = a_model(kinds=frozenset({Kind.TENSOR}), devices=frozenset({"cuda"}), workers=Workers.ONE)


def selected(
    models: Mapping[str, Model],
    workloads: Mapping[str, Workload],
    /,
    *interpreters: Interpreter,
    profile: Profile = DEFAULT,
    usable_cores: int = 2,
    **wanted: Any,
) -> list[Entrant]:
    return select(
        Catalogue(models, workloads, files={}),
        Selection(**wanted),
        interpreters or [an_interpreter()],
        profile,
        usable_cores,
    )


def ids(entrants: list[Entrant]) -> list[str]:
    return [entrant.case.id for entrant in entrants]


WORKS = {
    "primes": a_workload(sizes={"1": (1,), "2": (2,)}),
    "sleep": a_workload(Kind.IO, sizes={"1": (1,), "9": (9,)}),
}


TENSOR = {"matmul": a_workload(Kind.TENSOR)}
