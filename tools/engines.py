"""Saves runs with what has to be asked for: engines, a cluster that is there, servers.

    python tools/engines.py [local] [cluster] [servers] [--any-option-of-raceway-race ...]

local: dask and ray, each on a cluster of its own, beside the models that are built in.
cluster: dask on a cluster of two workers that is there before, joined by its address.
servers: http and PostgreSQL, with the latencies of threads and of event loops.
Without a name, all three, one after the other. Nothing else may run on the machine.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

RACEWAY = (sys.executable, "-m", "raceway", "race")
WORKERS = 2
"""Of the cluster that is there."""
RACES = {
    "local": (
        "--workloads=primes,cost-sweep,sleep,dispatch",
        "--sizes=10,100,4000,16000,1ms,10ms,100ms",
        "--models=serial,threads,processes-forkserver,processes-chunked,asyncio,dask,ray",
        "--launches=3", "--budget=1500",
    ),
    "cluster": (
        "--workloads=primes,cost-sweep,dispatch",
        "--sizes=100,4000,16000,1ms,10ms,100ms",
        "--models=serial,threads,processes-forkserver,processes-chunked,asyncio,dask",
        f"--workers={WORKERS}", "--launches=3", "--budget=600",
    ),
    "servers": (
        "--workloads=http,postgres", "--sizes=10,100,1000",
        "--models=serial,threads,asyncio,uvloop",
        "--launches=3", "--budget=300",
    ),
}  # fmt: skip
"""By name, what is raced; options given come last, and so win.

Tasks of 10 µs are left out: handing 20,000 of them to dask takes a minute a pass.
"""


def main() -> None:
    """Race what was asked for; exit with the highest code of all."""
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    if unknown := set(wanted) - set(RACES):
        sys.exit(f"{', '.join(sorted(unknown))}: no such race; choose from {', '.join(RACES)}")
    if {"-h", "--help"} & set(options):
        sys.exit(__doc__)
    sys.exit(max(raced(name, options) for name in wanted or RACES))


def raced(name: str, options: Sequence[str]) -> int:
    """Race one of them, with its cluster if it needs one; return the exit code."""
    with dask_cluster() if name == "cluster" else nullcontext(()) as where:
        return subprocess.call([*RACEWAY, *RACES[name], *where, *options])  # noqa: S603 (ours)


@contextmanager
def dask_cluster() -> Iterator[tuple[str, ...]]:
    """Start a cluster, and yield the option that names it."""
    from distributed import LocalCluster  # noqa: PLC0415 (an extra)

    with LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster:
        yield (f"--dask-scheduler={cluster.scheduler_address}",)


if __name__ == "__main__":
    main()
