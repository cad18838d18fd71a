"""Messages between two threads through queues, one at a time: a round trip a task."""

from __future__ import annotations

import queue
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from raceway.case import Family, Kind, Scope, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator


class Partner:
    """A thread that sends each message back."""

    def __init__(self) -> None:
        """Start the thread."""
        self.there: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self.back: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        """Send back until told to stop."""
        while (message := self.there.get()) is not None:
            self.back.put(message)


@contextmanager
def partner() -> Iterator[Partner]:
    """Give a worker a partner of its own."""
    made = Partner()
    try:
        yield made
    finally:
        made.there.put(None)
        made.thread.join()


def round_trip(message: int, resource: Partner) -> int:
    """Send a message and wait for it to come back."""
    resource.there.put(message)
    return resource.back.get()


WORKLOAD = Workload(
    summary="round trips through queues to another thread",
    kind=Kind.IO,
    task=round_trip,
    expected=int,
    setup=partner,
    sizes={"16": range(16), "256": range(256)},
    size_scopes={"16": Scope.FULL, "256": Scope.FULL},
    families=frozenset({Family.ONE_CORE, Family.THREADS}),
)
