"""The machine: lasting facts, and an id derived from them."""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import re
from pathlib import Path

import psutil

from raceway.errors import SelectionError
from raceway.measure.machine import linux
from raceway.measure.machine.cgroup import quota_cores
from raceway.measure.machine.tools import output_of
from raceway.record import Machine
from raceway.text.slugs import cpu_slug, slug

NOT_KNOWN = "not known"
ROOT = Path("/")
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")


def probe_machine(
    name: str | None = None, *, save_host: bool = False, root: Path = ROOT
) -> Machine:
    """Return the facts about this machine; SelectionError if `name` is not a valid id.

    `name` replaces the id derived from hardware; the host's name is left out unless asked for.
    """
    count = psutil.cpu_count() or 1
    quota = quota_cores(root)
    cpu_model = linux.cpu_model(root) or _cpu_model_elsewhere()
    memory_bytes = linux.memory_bytes(root) or psutil.virtual_memory().total
    gpus = linux.nvidia_gpus(root) or _gpus_by_tool()
    return Machine(
        id=valid_name(name) if name else machine_id(cpu_model, count, memory_bytes, gpus),
        system=platform.system() or NOT_KNOWN,
        architecture=platform.machine() or NOT_KNOWN,
        cpu_model=cpu_model,
        logical_cores=count,
        usable_cores=usable_cores(count, _affinity_cores(), quota),
        quota_cores=quota,
        memory_bytes=memory_bytes,
        kernel=platform.release(),
        virtualisation=linux.virtualisation(root),
        governor=linux.governor(root),
        turbo=linux.turbo(root),
        gpus=gpus,
        host=platform.node() if save_host else None,
    )


def usable_cores_here(root: Path = ROOT) -> int:
    """Return the number of cores usable at the same time on this machine."""
    return usable_cores(psutil.cpu_count() or 1, _affinity_cores(), quota_cores(root))


def usable_cores(count: int, affinity: int | None, quota: float | None) -> int:
    """Return the number of cores usable at the same time: the least of all limits, at least 1."""
    limits = (count, affinity or count, int(quota) if quota else count)
    return max(min(limits), 1)


def valid_name(name: str) -> str:
    """Return the name if it is a valid id, and so a folder; SelectionError if not."""
    if not _NAME.fullmatch(name):
        message = (
            f"machine name {name!r} is not a valid folder name everywhere. Use up to 64 letters,"
            " digits, dots, dashes and underscores, with a letter or digit at both ends."
        )
        raise SelectionError(message)
    return name


def machine_id(cpu_model: str, count: int, memory_bytes: int, gpus: list[str]) -> str:
    """Return `<system>-<architecture>-<cpu>-<cores>c-<hash>`, from facts that survive a reboot."""
    system, architecture = platform.system().lower(), platform.machine().lower()
    facts = json.dumps(
        [system, architecture, cpu_model, count, installed_gib(memory_bytes), sorted(gpus)]
    )
    digest = hashlib.sha256(facts.encode()).hexdigest()[:6]
    return f"{slug(system)}-{slug(architecture, '_')}-{cpu_slug(cpu_model)}-{count}c-{digest}"


def installed_gib(memory_bytes: int) -> int:
    """Return the memory rounded up to a step of about a tenth.

    What the kernel reserves depends on its version: 16 GiB may show as 15.4 or 15.6, which must not
    make another machine.
    """
    gib = math.ceil(memory_bytes / 2**30)
    step_gib = 1 << max(gib.bit_length() - 4, 0)
    return math.ceil(gib / step_gib) * step_gib


def _affinity_cores() -> int | None:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return None


def _cpu_model_elsewhere() -> str:
    """Return the processor's name on systems without /proc, if known."""
    told = output_of("sysctl", "-n", "machdep.cpu.brand_string") if _is("Darwin") else ""
    return told or platform.processor() or NOT_KNOWN


def _gpus_by_tool() -> list[str]:
    return output_of("nvidia-smi", "--query-gpu=name", "--format=csv,noheader").splitlines()


def _is(system: str) -> bool:
    return platform.system() == system
