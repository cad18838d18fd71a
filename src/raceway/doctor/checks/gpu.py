"""Whether GPUs run at full speed, and for us alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.doctor.checks.states import worst
from raceway.doctor.findings import Check, Finding, State
from raceway.text.numbers import count, percent, short_memory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from raceway.doctor.facts import Gpu

SLOWDOWNS = (
    (0x04, State.WARN, "power cap"),
    (0x08, State.BAD, "hardware slowdown"),
    (0x10, State.WARN, "sync boost"),
    (0x20, State.BAD, "heat"),
    (0x40, State.BAD, "heat (hardware)"),
    (0x80, State.BAD, "power brake"),
)
"""Bits of NVML's nvmlClocksEventReasons. Idle, application and display clocks are harmless: an idle
GPU clocks down, and a fixed clock is steady."""
BUSY_SHARE = 0.05
USED_BYTES = 2**30
"""More than any driver uses by itself."""


def gpu_findings(gpus: Sequence[Gpu]) -> Iterator[Finding]:
    """Yield what is wrong with each GPU, or that nothing is."""
    if not gpus:
        yield Finding(Check.GPU, State.UNKNOWN, "no GPU found")
    for gpu in gpus:
        problems = [each for each in (_slowed(gpu), _shared(gpu), _unloaded(gpu)) if each]
        yield from problems or [Finding(Check.GPU, State.OK, f"{_name(gpu)}: {_condition(gpu)}")]


def _slowed(gpu: Gpu) -> Finding | None:
    found = [(state, name) for bit, state, name in SLOWDOWNS if (gpu.slowdowns or 0) & bit]
    if not found:
        return None
    causes = ", ".join(name for _, name in found)
    return Finding(
        Check.GPU,
        worst(state for state, _ in found),
        f"{_name(gpu)} is slowed down by {causes}: {_condition(gpu)}",
        "Kernels take longer than they need, and their times vary from run to run.",
        "Cool it, raise its power limit (nvidia-smi --power-limit), or fix its clock at a lower "
        "speed (nvidia-smi --lock-gpu-clocks).",
    )


def _shared(gpu: Gpu) -> Finding | None:
    uses = [f"{count(gpu.processes, 'process')}"] if gpu.processes else []
    if gpu.busy_share is not None and gpu.busy_share > BUSY_SHARE:
        uses.append(f"busy {percent(gpu.busy_share)} of the time")
    if gpu.used_bytes is not None and gpu.used_bytes > USED_BYTES:
        uses.append(f"{short_memory(gpu.used_bytes)} in use")
    if not uses:
        return None
    return Finding(
        Check.GPU,
        State.WARN,
        f"{_name(gpu)} is used by others: {', '.join(uses)}",
        "Kernels wait for others, and large sizes lack the memory in use.",
        "Stop the others (nvidia-smi lists them), or choose another GPU with --device.",
    )


def _unloaded(gpu: Gpu) -> Finding | None:
    if gpu.persistent is not False:
        return None
    return Finding(
        Check.GPU,
        State.WARN,
        f"{_name(gpu)}: persistence mode is off",
        "The driver unloads whenever no program uses the GPU: cold starts take seconds longer.",
        "sudo nvidia-smi --persistence-mode=1",
    )


def _name(gpu: Gpu) -> str:
    return f"{gpu.index} ({gpu.name})"


def _condition(gpu: Gpu) -> str:
    facts = [
        _of(gpu.sm_mhz, gpu.most_sm_mhz, "MHz"),
        "" if gpu.temperature_c is None else f"{gpu.temperature_c:.0f} C",
        _of(gpu.power_w, gpu.power_limit_w, "W"),
    ]
    return ", ".join(filter(None, facts)) or "nothing told"


def _of(value: float | None, most: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.0f} {unit}" if most is None else f"{value:.0f} of {most:.0f} {unit}"
