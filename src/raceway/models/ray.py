"""ray: a remote function for each task, on a cluster of this lane's own or the one of RAY_ADDRESS.

Workers get the task itself, by value, as ray always does with what they cannot import.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model, Scope
from raceway.lap import (
    LOOK_S,
    EngineError,
    EngineRunner,
    as_function,
    sent_by_value,
    timed,
    usual_s,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from raceway.lap import Job, Lap, Runner

ENDING_S = 20.0
"""For ray's processes to end, which are told to and not waited for."""
TOGETHER_S = 0.05
"""How long tasks last that are to find all workers, each another one."""
ANSWER_S = 20.0
"""For nodes to tell of their workers."""


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
            yield from attended(lap, ray, job.workers)
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
        raise EngineError(
            f"no ray cluster answers at {address} ({error}); if it wants a token, as newer ones do,"
            " set RAY_AUTH_MODE=token"
        ) from error
    if (found := int(ray.cluster_resources().get("CPU", 0))) != workers:
        ray.shutdown()
        raise EngineError(f"the cluster at {address} has {found} CPUs: --workers {found or 'N'}")


def attended(lap: Runner, ray: Any, workers: int) -> Iterator[Runner]:
    """Yield a runner that fails once a worker or its node has gone.

    ray would start another worker and go on. Who they are is asked once all are there, after the
    first or second pass; whether they still run, between passes, and only every now and then.
    """
    crew = Crew(ray, workers)
    passes, looked_s = 0, 0.0

    def run(loops: int) -> Lap:
        nonlocal passes, looked_s
        with blamed(ray):
            done = lap(loops)
        passes += 1
        if passes > 1 and time.monotonic() > looked_s + LOOK_S:
            crew.check()
            looked_s = time.monotonic()
        return done

    def told() -> dict[str, Any]:
        crew.check()
        return facts(ray)

    yield EngineRunner(run, told)
    if passes:
        crew.check()


class Crew:
    """The workers that run the tasks, by node."""

    def __init__(self, ray: Any, workers: int) -> None:
        """Begin without knowing them."""
        self.ray, self.workers = ray, workers
        self.pids: dict[str, set[int]] = {}

    def check(self) -> None:
        """Find the workers; once they are known, raise EngineError if one has gone."""
        with blamed(self.ray):
            if not self.pids:
                tasks = [self.asked(present, TOGETHER_S) for _ in range(self.workers)]
                for node, pid in self.ray.get(tasks, timeout=ANSWER_S):
                    self.pids.setdefault(node, set()).add(pid)
                return
            tasks = [self.asked(ended_of, pids, node) for node, pids in self.pids.items()]
            ended = sum(map(len, self.ray.get(tasks, timeout=ANSWER_S)))
        if ended:
            known = sum(map(len, self.pids.values()))
            raise EngineError(f"of {known} workers of ray, {ended} ended")

    def asked(self, question: Callable[[Any], Any], about: Any, node: str = "") -> Any:
        """Return the answer to be, of any worker or of those of a node."""
        from ray.util.scheduling_strategies import (  # noqa: PLC0415 (as above)
            NodeAffinitySchedulingStrategy,
        )

        remote = self.ray.remote(max_retries=0)(as_function(question))
        if node:
            there = NodeAffinitySchedulingStrategy(node, soft=False)
            remote = remote.options(num_cpus=0, scheduling_strategy=there)
        return remote.remote(about)


def present(wait_s: float) -> tuple[str, int]:
    """Keep a worker busy for a while; return its node and process."""
    import ray  # noqa: PLC0415 (as above)

    time.sleep(wait_s)
    return ray.get_runtime_context().get_node_id(), os.getpid()


def ended_of(pids: set[int]) -> list[int]:
    """Return those that have ended; none where that is unknown."""
    known = os.path.isdir("/proc/self")  # noqa: PTH112 (as below)
    return [pid for pid in pids if known and not runs(pid)]


@contextmanager
def blamed(ray: Any) -> Iterator[None]:
    """Let a task's exception through as its own; EngineError tells what of the cluster has gone."""
    errors = ray.exceptions
    try:
        yield
    except errors.RayTaskError as error:
        raise (error.cause or error) from error
    except errors.WorkerCrashedError as error:
        raise EngineError("a worker of ray ended while it ran a task") from error
    except (errors.LocalRayletDiedError, errors.NodeDiedError) as error:
        raise EngineError("ray's raylet has gone, and its workers with it") from error
    except errors.RayError as error:
        what = f"{type(error).__name__}: {error}"
        raise EngineError(f"ray's cluster has gone, or cannot be reached ({what})") from error


def facts(ray: Any) -> dict[str, Any]:
    """Return the fields of `record.Engine`."""
    nothing = ray.remote(as_function(abs))
    return {
        "workers": int(ray.cluster_resources()["CPU"]),
        "hosts": len({node["NodeManagerAddress"] for node in ray.nodes() if node["Alive"]}),
        "round_trip_s": usual_s(lambda: ray.get(nothing.remote(0))),
        "joined": bool(os.environ.get("RAY_ADDRESS")),
    }


def await_end(known: set[int]) -> None:
    """Wait until the processes started since have ended."""
    deadline_s = time.monotonic() + ENDING_S
    while set(children_of_this()) - known and time.monotonic() < deadline_s:
        time.sleep(0.02)


def children_of_this() -> list[int]:
    """Return the running children of this process, adopted ones too; none where that is unknown."""
    found: list[int] = []
    with suppress(OSError), os.scandir("/proc/self/task") as threads:
        for thread in threads:
            with open(f"{thread.path}/children", encoding="ascii") as file:  # noqa: PTH123 (pathlib takes 10 ms to import)
                found += [pid for pid in map(int, file.read().split()) if runs(pid)]
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
