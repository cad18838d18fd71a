"""One case of a run: what was asked of it, and all its launches."""

from __future__ import annotations

from raceway.bounds import Amount, Count, Seconds
from raceway.record.launch import Engine, Launch
from raceway.record.saved import Saved, Status


class Record(Saved, frozen=True, kw_only=True):
    """One case of a run, or one plain benchmark (then `workload` and `model` are empty)."""

    id: str
    """The case id, or a plain benchmark's full name."""
    fullname: str
    """The name for other tools: pytest's node id or `raceway::<case id>`."""
    workload: str = ""
    size: str = ""
    model: str = ""
    family: str = ""
    """What the model runs its tasks on, a `case.Family`; empty if unknown."""
    kind: str = ""
    workers: Count = 1
    device: str = "cpu"
    interpreter: str = "current"
    status: Status = Status.OK
    reason: str = ""
    tasks: Count = 1
    """Tasks in one pass."""
    shortest_wait_s: Seconds = 0.0
    """The least time that the declared waits take with these workers."""
    first_wait_s: Seconds = 0.0
    """The least wait of tasks that compute once they have waited; 0 of all others."""
    flops: Amount = 0.0
    moved_bytes: Amount = 0.0
    to_device_bytes: Amount = 0.0
    """Copied from the host to the device in one pass."""
    from_device_bytes: Amount = 0.0
    precision: str = "fp32"
    """In which the operations are done; it chooses the peak."""
    payload_bytes: Amount = 0.0
    """Carried to workers and back again in one pass, as far as the workload tells."""
    releases_gil: bool = False
    """Whether its tasks compute without the GIL, as the workload tells."""
    concurrency: Count = 1
    """The most tasks that run at the same time."""
    work_digest: str = ""
    """Hash of the task's source and arguments, to notice changed work; empty if unknown."""
    computed_s: Seconds | None = None
    """The time of one pass, if it was computed from declared waits instead of measured."""
    blocking: bool = False
    """Whether tasks ran on an event loop as plain functions, which block it."""
    launches: list[Launch] = []

    @property
    def contradiction(self) -> str:
        """The declaration that proved false, with the remedy; empty if none did.

        It concerns the workload, so all cases of the group are kept out of advice and claims.
        """
        return next((each.contradiction for each in self.launches if each.contradiction), "")

    def is_other_work(self, digest: str) -> bool:
        """Whether its work is known not to be the one with that digest, so that times differ."""
        return bool(digest and self.work_digest) and digest != self.work_digest

    @property
    def engine(self) -> Engine | None:
        """What its engine offered, as told last; None for other models."""
        return next((each.engine for each in reversed(self.launches) if each.engine), None)

    @property
    def is_tensor(self) -> bool:
        """Whether peaks of a device limit it."""
        return any(
            each > 0
            for each in (
                self.flops, self.moved_bytes, self.to_device_bytes, self.from_device_bytes,
            )
        )  # fmt: skip

    @property
    def group(self) -> str:
        """The id of the group the case raced in; empty for a plain benchmark."""
        return f"{self.workload}-{self.size}" if self.workload else ""

    @property
    def measured_in(self) -> str:
        """The id of the group that it was measured in: each benchmark of a suite has its own."""
        return self.group or self.id
