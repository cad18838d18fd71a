"""NVIDIA GPUs as described by `nvidia-smi`, without importing torch."""

from __future__ import annotations

import math
from collections import Counter

from raceway.doctor.facts import Gpu
from raceway.measure.machine.tools import output_of

FIELDS = (
    "index", "name", "uuid", "clocks.sm", "clocks.max.sm", "temperature.gpu", "power.draw",
    "power.limit", "utilization.gpu", "memory.used", "persistence_mode",
)  # fmt: skip
SLOWDOWN_FIELDS = ("clocks_event_reasons.active", "clocks_throttle_reasons.active")
"""The same field under its present and former name; nvidia-smi fails on an unknown one."""
AS_CSV = "--format=csv,noheader,nounits"
SWITCH = {"Enabled": True, "Disabled": False}
MIB = 2**20


def probe_gpus() -> tuple[Gpu, ...]:
    """Return all GPUs that nvidia-smi shows; none without it."""
    for slowdown_field in SLOWDOWN_FIELDS:
        columns = ",".join((*FIELDS, slowdown_field))
        table = output_of("nvidia-smi", f"--query-gpu={columns}", AS_CSV)
        if parse_gpus(table):
            users = output_of("nvidia-smi", "--query-compute-apps=gpu_uuid,pid", AS_CSV)
            return parse_gpus(table, users)
    return ()


def parse_gpus(table: str, users: str = "") -> tuple[Gpu, ...]:
    """Return the GPUs in a table of `FIELDS` and slowdowns, without header or units.

    `users` holds a line `uuid, pid` for each computing process. Anything but a number (`[N/A]`,
    `[Not Supported]`) becomes None; lines with other columns are skipped.
    """
    processes = Counter(line.partition(",")[0].strip() for line in users.splitlines())
    rows = [[cell.strip() for cell in line.split(",")] for line in table.splitlines()]
    return tuple(_gpu(row, processes) for row in rows if len(row) == len(FIELDS) + 1)


def _gpu(row: list[str], processes: Counter[str]) -> Gpu:
    index, name, uuid, *numbers, persistence, slowdowns = row
    sm, most_sm, temperature, power, power_limit, busy_percent, used_mib = map(_number, numbers)
    return Gpu(
        index=index,
        name=name,
        sm_mhz=sm,
        most_sm_mhz=most_sm,
        temperature_c=temperature,
        power_w=power,
        power_limit_w=power_limit,
        busy_share=None if busy_percent is None else busy_percent / 100,
        used_bytes=None if used_mib is None else round(used_mib * MIB),
        persistent=SWITCH.get(persistence),
        slowdowns=_bits(slowdowns),
        processes=processes[uuid],
    )


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _bits(cell: str) -> int | None:
    try:
        return int(cell, 16)
    except ValueError:
        return None
