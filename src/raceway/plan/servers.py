"""Servers that options name, each as a small module with a workload, as a user would write it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from raceway.workloads import postgres

if TYPE_CHECKING:
    from raceway.case import Workload


@dataclass(frozen=True, slots=True)
class Server:
    """A workload whose tasks talk to a server that an option names."""

    name: str
    workload: Workload
    source: str
    """Its module, which lanes find before the one built in."""

    @property
    def file(self) -> str:
        """How its module is called among those that travel."""
        return self.name


def servers_of(postgres_dsn: str | None) -> list[Server]:
    """Return the workload of `--postgres`, if it is given."""
    return [] if postgres_dsn is None else [postgres_at(postgres_dsn)]


def postgres_at(dsn: str) -> Server:
    """Return the workload `postgres` against a server, by its connection string."""
    lines = (
        "import os",
        f"os.environ[{postgres.DSN!r}] = {dsn!r}",
        "from raceway.workloads.postgres import WORKLOAD",
    )
    return Server("postgres", replace(postgres.WORKLOAD, obstacle=None), "\n".join(lines))
