"""dask.distributed through its executor: on a cluster of this lane's own, or on one that is there.

dask finds the latter by itself: in `DASK_SCHEDULER_ADDRESS`, or in its configuration.
"""

from __future__ import annotations

import operator
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from raceway.case import Family, Kind, Model, Scope
from raceway.lap import (
    LOOK_S,
    EngineError,
    EngineRunner,
    as_function,
    sent_by_value,
    timed,
    uninstalled,
    usual_s,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from raceway.lap import Job, Lap, Runner


@contextmanager
def cluster(job: Job) -> Iterator[Runner]:
    """Run the tasks on the cluster that dask is told of; without one, start workers here."""
    import dask  # noqa: PLC0415 (an extra: imported where it is needed)

    address = dask.config.get("scheduler-address", None)
    with existing_cluster(job, address) if address else local_cluster(job) as runner:
        yield runner


@contextmanager
def local_cluster(job: Job) -> Iterator[Runner]:
    """Start a process for each worker; a task whose worker dies fails at once."""
    from distributed import Client, LocalCluster  # noqa: PLC0415 (as above)

    with (
        LocalCluster(
            n_workers=job.workers, threads_per_worker=1, processes=True,
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False, "allowed_failures": 0},
        ) as started,
        Client(started, set_as_default=False) as client,
    ):  # fmt: skip
        executor = client.get_executor(pure=False)
        lap = timed(lambda: list(executor.map(job.task, job.arguments)))
        yield from attended(lap, client, client.nthreads(), joined=False)


@contextmanager
def existing_cluster(job: Job, address: str) -> Iterator[Runner]:
    """Send the task itself to each worker, once: nothing of ours is installed there."""
    import cloudpickle  # noqa: PLC0415 (dask requires it)

    with sent_by_value(cloudpickle), connected(address) as client:
        threads = chosen(client.nthreads(), job.workers, address)
        executor = client.get_executor(pure=False, workers=list(threads))
        task, arguments = sendable(job, cloudpickle)
        sent = client.scatter(task, workers=list(threads), broadcast=True, hash=False)
        tasks = [sent] * len(job.arguments)
        lap = timed(lambda: list(executor.map(operator.call, tasks, arguments())))
        yield from attended(lap, client, threads, joined=True)


def sendable(job: Job, pickling: Any) -> tuple[Callable[[Any], Any], Callable[[], Sequence[Any]]]:
    """Return the task to send, and what gives the arguments of a pass.

    The scheduler opens what is sent by plain pickle, so that it would have to import the classes of
    arguments. Arguments of classes that are not installed are bytes to it.
    """
    own = {module.__name__ for module in uninstalled()}
    if not {type(each).__module__ for each in job.arguments} & own:
        return as_function(job.task), lambda: job.arguments
    task, opened = job.task, pickling.loads
    return (
        as_function(lambda sent: task(opened(sent))),
        lambda: [pickling.dumps(each) for each in job.arguments],
    )


def connected(address: str) -> Any:
    """Return a client of the scheduler there; EngineError if none answers."""
    from distributed import Client  # noqa: PLC0415 (as above)

    try:
        return Client(address, set_as_default=False)
    except OSError as error:
        raise EngineError(f"no dask scheduler answers at {address} ({error})") from error


def chosen(threads: Mapping[str, int], wanted: int, address: str) -> dict[str, int]:
    """Return the threads of as many workers as are wanted; EngineError if they do not add up."""
    taken: dict[str, int] = {}
    for worker in sorted(threads):
        if sum(taken.values()) < wanted:
            taken[worker] = threads[worker]
    if (found := sum(taken.values())) != wanted:
        raise EngineError(
            f"the cluster at {address} has no {wanted} workers of one thread: --workers {found}"
            if found
            else f"the cluster at {address} has no workers; start some with `dask worker {address}`"
        )
    return taken


def attended(
    lap: Runner, client: Any, threads: Mapping[str, int], *, joined: bool
) -> Iterator[Runner]:
    """Yield a runner that fails once the scheduler or a worker has gone.

    dask would go on with what is left, or start another worker. It is asked between passes, and
    only every now and then.
    """
    looked_s = time.monotonic()

    def run(loops: int) -> Lap:
        nonlocal looked_s
        try:
            done = lap(loops)
        except BaseException as error:
            if why := loss(client, threads, error):
                raise EngineError(why) from error
            raise
        if time.monotonic() > looked_s + LOOK_S:
            complain(loss(client, threads))
            looked_s = time.monotonic()
        return done

    def facts() -> dict[str, Any]:
        """Return the fields of `record.Engine`."""
        here = list(threads)
        return {
            "workers": sum(threads.values()),
            "hosts": len({address.rpartition(":")[0] for address in here}),
            "round_trip_s": usual_s(lambda: client.submit(int, workers=here, pure=False).result()),
            "joined": joined,
        }

    yield EngineRunner(run, facts)
    complain(loss(client, threads))


def loss(client: Any, threads: Mapping[str, int], error: BaseException | None = None) -> str:
    """Return what has gone of a cluster; empty if all is there."""
    from distributed import KilledWorker  # noqa: PLC0415 (as above)

    if isinstance(error, KilledWorker):
        return f"a worker of dask ended while it ran a task ({error.last_worker.address})"
    try:
        gone = sorted(threads.keys() - client.nthreads()) if client.status == "running" else None
    except OSError:
        gone = None
    if gone is None:
        return "dask's scheduler has gone, or cannot be reached any more"
    told = f"of {len(threads)} workers of dask, {len(gone)} ended: {', '.join(gone)}"
    return told if gone else ""


def complain(why: str) -> None:
    """Raise EngineError if there is a reason to."""
    if why:
        raise EngineError(why)


MODEL = Model(
    summary="dask.distributed, Client.get_executor().map",
    open=cluster,
    family=Family.ENGINES,
    kinds=frozenset({Kind.CPU, Kind.IO}),
    scope=Scope.NAMED,
    fresh_workers=True,
    most_waiting_workers=8,
    requires=("distributed",),
    extra="dask",
    colour="#c785aa",
    shape="M-1,-1L1,-1L1,-0.4L-0.2,-0.4L1,1L-1,1L-1,0.4L0.2,0.4Z",
    recipe="""
from distributed import Client

def {name}(items):
    with Client(n_workers={workers}, threads_per_worker=1) as client:
        return list(client.get_executor().map({function}, items))
""",
)
