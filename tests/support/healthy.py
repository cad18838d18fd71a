"""A machine in the best of health, to be made ill in one place at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from raceway.doctor.facts import (
    UNLIMITED,
    Calm,
    Clock,
    Cores,
    Facts,
    Gpu,
    Pulse,
    Quota,
    Resources,
)
from raceway.record import Machine

MakeMachine: TypeAlias = Callable[..., Machine]
MakeGpu: TypeAlias = Callable[..., Gpu]

GIB = 2**30


def a_machine(**fields: Any) -> Machine:
    """Return a machine whose cores run at a fixed speed."""
    return Machine(
        id="linux-x86_64-xeon-4c-3f9a1c",
        system="Linux",
        architecture="x86_64",
        cpu_model="Xeon",
        logical_cores=4,
        usable_cores=4,
        memory_bytes=16 * GIB,
        kernel="6.1",
        **{"governor": "performance", "turbo": False, **fields},
    )


def a_gpu(**fields: Any) -> Gpu:
    """Return an idle GPU."""
    healthy: dict[str, Any] = {
        "index": "0",
        "name": "NVIDIA H100 80GB HBM3",
        "sm_mhz": 345.0,
        "most_sm_mhz": 1980.0,
        "temperature_c": 34.0,
        "power_w": 70.4,
        "power_limit_w": 700.0,
        "busy_share": 0.0,
        "used_bytes": 0,
        "persistent": True,
        "slowdowns": 1,
    }
    return Gpu(**{**healthy, **fields})


def some_facts() -> Facts:
    """Return a healthy machine of four cores and a GPU."""
    return Facts(
        machine=a_machine(),
        cores=Cores(4, 4, 4, 4, (3.9, 3.95, 3.98)),
        quota=Quota(),
        calm=Calm(0.01, 0.0, 0.1, 0.0),
        clock=Clock("tsc", 0.5, 60e-9, 40e-9),
        pulse=Pulse(4_000, 0.2e-3, 0.01, -0.002),
        resources=Resources(
            start_methods=("fork", "spawn"),
            semaphores=True,
            available_bytes=12 * GIB,
            memory_limit_bytes=None,
            swap_used_bytes=0,
            shared_memory_bytes=8 * GIB,
            open_files=20_000,
            open_files_ceiling=20_000,
            tasks=UNLIMITED,
        ),
        gpus=(a_gpu(),),
    )
