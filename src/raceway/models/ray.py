"""ray: a remote function for each task, on a cluster of this lane's own or the one of RAY_ADDRESS.

Workers get the task itself, by value, as ray always does with what they cannot import.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model, Scope
from raceway.lap import EngineError, EngineRunner, as_function, sent_by_value, timed, usual_s

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.lap import Job, Lap, Runner

ENDING_S = 20.0
"""For ray's processes to end, which are told to and not waited for."""


@contextmanager
def cluster(job: Job) -> Iterator[Runner]:
    """Start ray, or join the cluster that is there; end all that was started."""
    import ray  # noqa: PLC0415 (an extra: imported where it is needed)

    children = set(children_of_this())
    with sent_by_value(ray.cloudpickle):
        joined(ray, job.workers)
        try:
            remote = ray.remote(max_retries=0)(as_function(job.task)).remote
            lap = timed(lambda: ray.get(list(map(remote, job.arguments))))
            yield EngineRunner(lambda loops: told(lap, loops, ray), lambda: facts(ray))
        finally:
            ray.shutdown()
            await_end(children)


def joined(ray: Any, workers: int) -> None:
    """Join the cluster of RAY_ADDRESS, or start one; EngineError if it has other CPUs."""
    address = os.environ.get("RAY_ADDRESS")
    if not address:
        ray.init(
            address="local", num_cpus=workers, include_dashboard=False, log_to_driver=False,
            logging_level="error", _temp_dir=tempfile.gettempdir(),
        )  # fmt: skip
        return
    try:
        ray.init(address=address, log_to_driver=False, logging_level="error")
    except (ConnectionError, RuntimeError) as error:
        raise EngineError(f"no ray cluster answers at {address} ({error})") from error
    if (found := int(ray.cluster_resources().get("CPU", 0))) != workers:
        ray.shutdown()
        raise EngineError(f"the cluster at {address} has {found} CPUs: --workers {found or 'N'}")


def told(lap: Runner, loops: int, ray: Any) -> Lap:
    """Run a lap; a task's exception is its own, EngineError tells what of the cluster has gone."""
    try:
        return lap(loops)
    except ray.exceptions.RayTaskError as error:
        raise (error.cause or error) from error
    except ray.exceptions.WorkerCrashedError as error:
        raise EngineError("a worker of ray ended while it ran a task") from error
    except ray.exceptions.RaySystemError as error:
        raise EngineError(f"ray's cluster has gone, or cannot be reached ({error})") from error


def facts(ray: Any) -> dict[str, Any]:
    """Return the fields of `record.Engine`."""
    nothing = ray.remote(as_function(abs))
    return {
        "workers": int(ray.cluster_resources()["CPU"]),
        "hosts": len({node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}),
        "round_trip_s": usual_s(lambda: ray.get(nothing.remote(0))),
        "joined": "RAY_ADDRESS" in os.environ,
    }


def await_end(known: set[int]) -> None:
    """Wait until the processes started since have ended."""
    deadline_s = time.monotonic() + ENDING_S
    while set(children_of_this()) - known and time.monotonic() < deadline_s:
        time.sleep(0.02)


def children_of_this() -> list[int]:
    """Return the running children of this process, adopted ones too; none where that is unknown."""
    found: list[int] = []
    try:
        for thread in os.scandir("/proc/self/task"):
            with open(f"{thread.path}/children", encoding="ascii") as file:  # noqa: PTH123 (pathlib takes 10 ms to import)
                found += [pid for pid in map(int, file.read().split()) if runs(pid)]
    except OSError:
        return []
    return found


def runs(pid: int) -> bool:
    """Whether a process is no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:  # noqa: PTH123 (as above)
            return file.read().rpartition(") ")[2][:1] not in "ZX"
    except OSError:
        return False


MODEL = Model(
    summary="ray, a remote function for each task",
    open=cluster,
    family=Family.ENGINES,
    kinds=frozenset({Kind.CPU, Kind.IO}),
    scope=Scope.NAMED,
    fresh_workers=True,
    most_waiting_workers=8,
    requires=("ray",),
    extra="ray",
    colour="#307b58",
    shape="M0,-1L0.5,0L1,1L0,0.5L-1,1L-0.5,0Z",
    recipe="""
import ray

def {name}(items):
    ray.init(address="local", num_cpus={workers}, include_dashboard=False)
    try:
        task = ray.remote({function})
        return ray.get([task.remote(item) for item in items])
    finally:
        ray.shutdown()
""",
)
