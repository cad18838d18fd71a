"""Devices: which ones work races on, whether they are there, and whether its data fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from raceway.case import Kind
from raceway.errors import SelectionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from raceway.case import Workload
    from raceway.demand import Demand
    from raceway.plan.selection import Interpreter

MEMORY_MARGIN = 1.2
"""Memory a device needs over what the workload declares: workspaces and fragmentation."""


def devices_of(wanted: Iterable[str], work: Workload) -> tuple[str, ...]:
    """Return the devices a workload races on; only tensor work has a choice.

    `auto` is the CPU and the first GPU; if there is no GPU, its cases are skipped with a reason.
    """
    if work.kind is not Kind.TENSOR:
        return ("cpu",)
    found: dict[str, None] = {}
    for device in wanted:
        names = ("cpu", "cuda:0") if device == "auto" else (device,)
        found.update(dict.fromkeys("cuda:0" if name == "cuda" else name for name in names))
    return tuple(found)


def check_devices(devices: Iterable[str], interpreters: Sequence[Interpreter]) -> None:
    """Raise SelectionError for a device that is misspelt, or named and absent."""
    for device in devices:
        kind, _, number = device.partition(":")
        if device in {"auto", "cpu"}:
            continue
        if kind != "cuda" or not (number.isdecimal() or device == "cuda"):
            raise SelectionError(f"--device {device}: choose from auto, cpu, cuda, cuda:N")
        most = max((len(known.facts.get("cuda_devices", ())) for known in interpreters), default=0)
        if device_number(device) >= most:
            raise SelectionError(
                f"--device {device}: no such device ({most} CUDA devices found); use --device auto"
            )


def device_obstacles(device: str, demand: Demand, facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield why a GPU cannot race: it is absent or has too little free memory."""
    number = device_number(device)
    if number >= len(facts["cuda_devices"]):
        yield "no cuda device"
        return
    needed, free = demand.resident_bytes * MEMORY_MARGIN, facts["cuda_free_bytes"][number]
    if needed > free:
        yield f"needs {needed / 2**30:.1f} GiB on {device}, {free / 2**30:.1f} GiB are free"


def device_number(device: str) -> int:
    """Return the number in cuda:N."""
    return int(device.partition(":")[2] or 0)
