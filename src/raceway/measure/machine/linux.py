"""Hardware facts from Linux's /proc and /sys; empty or None if unknown.

Each function takes the root of the file tree, so that it can read a copied tree as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

MOST_DIGITS = 19
"""Of a plausible number; Python may refuse to read much longer ones."""
_MODEL_KEYS = ("model name", "cpu model", "cpu", "Model", "Hardware", "uarch")
_MAKERS = {
    "QEMU": "kvm",
    "KVM": "kvm",
    "VMware": "vmware",
    "VirtualBox": "virtualbox",
    "Virtual Machine": "hyper-v",
    "Amazon EC2": "amazon-ec2",
    "Google Compute Engine": "google-compute-engine",
    "Xen": "xen",
    "HVM domU": "xen",
    "OpenStack": "openstack",
    "Parallels": "parallels",
}
_CONTAINER_MARKS = {
    "kubepods": "kubernetes",
    "docker": "docker",
    "libpod": "podman",
    "lxc": "lxc",
    "containerd": "containerd",
}


def text_of(path: Path) -> str:
    """Return the stripped content of a small file; empty if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0 \n")
    except OSError:
        return ""


def cpu_model(root: Path) -> str:
    """Return the processor's name in /proc/cpuinfo."""
    facts = _first_cpu(root)
    named = next((facts[key] for key in _MODEL_KEYS if facts.get(key)), "")
    board = named or text_of(root / "proc/device-tree/model")
    if board or "CPU part" not in facts:
        return board
    return f"ARM implementer {facts.get('CPU implementer')} part {facts['CPU part']}"


def stepping(root: Path) -> str:
    """Return family, model and stepping of the processor, such as `25-17-1`."""
    facts = _first_cpu(root)
    known = [facts.get(key, "") for key in ("cpu family", "model", "stepping")]
    return "-".join(known) if all(known) else facts.get("CPU revision", "")


def microcode(root: Path) -> str:
    """Return the version of the processor's microcode."""
    return _first_cpu(root).get("microcode", "")


def caches(root: Path) -> str:
    """Return the caches of the first core, such as `L1d 32K, L1i 32K, L2 1024K, L3 32768K`."""
    told = []
    for index in sorted(root.glob("sys/devices/system/cpu/cpu0/cache/index*")):
        level, kind, size = (text_of(index / name) for name in ("level", "type", "size"))
        letter = {"Data": "d", "Instruction": "i"}.get(kind, "")
        told += [f"L{level}{letter} {size}"] if level and size else []
    return ", ".join(told)


def frequency_mhz(root: Path) -> float | None:
    """Return the first core's highest frequency, else the frequency in /proc/cpuinfo."""
    khz = text_of(root / "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq")
    if khz.isdecimal() and len(khz) <= MOST_DIGITS:
        return int(khz) / 1000
    try:
        mhz = float(_first_cpu(root).get("cpu MHz", ""))
    except ValueError:
        return None
    return mhz if 0 < mhz < float("inf") else None


def governor(root: Path) -> str:
    """Return the frequency governor of the first core, such as `performance`."""
    return text_of(root / "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")


def turbo(root: Path) -> bool | None:
    """Return whether cores may exceed their base frequency; None if unknown."""
    cpus = root / "sys/devices/system/cpu"
    forbidden = text_of(cpus / "intel_pstate/no_turbo")
    if forbidden:
        return forbidden == "0"
    boost = text_of(cpus / "cpufreq/boost")
    return boost == "1" if boost else None


def memory_bytes(root: Path) -> int | None:
    """Return the size of the memory; None if unknown."""
    for line in text_of(root / "proc/meminfo").splitlines():
        if line.startswith("MemTotal:"):
            kib = line.removeprefix("MemTotal:").removesuffix("kB").strip()
            return int(kib) * 1024 if kib.isdecimal() and len(kib) <= MOST_DIGITS else None
    return None


def clock_source(root: Path) -> str:
    """Return the kernel's clock source, such as `tsc`."""
    return text_of(root / "sys/devices/system/clocksource/clocksource0/current_clocksource")


def physical_cores(root: Path, cpus: Iterable[int]) -> int | None:
    """Return the number of physical cores behind these CPUs; None if unknown.

    Hyper-threads of a core share one list of siblings, so different lists mean different cores.
    """
    siblings = [
        text_of(root / f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
        for cpu in cpus
    ]
    return len(set(siblings)) if siblings and all(siblings) else None


def virtualisation(root: Path) -> str:
    """Return the hypervisor and the container around us, such as `kvm, docker`; empty if none."""
    return ", ".join(filter(None, (_hypervisor(root), _container(root))))


def nvidia_gpus(root: Path) -> list[str]:
    """Return the models of the NVIDIA GPUs that the driver lists."""
    files = sorted(root.glob("proc/driver/nvidia/gpus/*/information"))
    return [model for file in files if (model := _fields(text_of(file)).get("Model"))]


def _hypervisor(root: Path) -> str:
    dmi = root / "sys/class/dmi/id"
    made_by = f"{text_of(dmi / 'sys_vendor')} {text_of(dmi / 'product_name')}"
    known = next((name for mark, name in _MAKERS.items() if mark in made_by), "")
    if known or "hypervisor" not in _first_cpu(root).get("flags", "").split():
        return known or text_of(root / "sys/hypervisor/type")
    is_wsl = "microsoft" in text_of(root / "proc/sys/kernel/osrelease").lower()
    return text_of(root / "sys/hypervisor/type") or ("wsl" if is_wsl else "virtual machine")


def _container(root: Path) -> str:
    if (root / ".dockerenv").exists():
        return "docker"
    if (root / "run/.containerenv").exists():
        return "podman"
    told = text_of(root / "run/systemd/container")
    groups = text_of(root / "proc/1/cgroup")
    return told or next((name for mark, name in _CONTAINER_MARKS.items() if mark in groups), "")


def _first_cpu(root: Path) -> dict[str, str]:
    """Return the facts about the first core, and those about the system after the last core."""
    blocks = text_of(root / "proc/cpuinfo").split("\n\n")
    return {**_fields(blocks[-1]), **_fields(blocks[0])}


def _fields(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}
