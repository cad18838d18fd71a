from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.measure.machine import linux

if TYPE_CHECKING:
    from support.files import MakeTree


XEON = "Intel(R) Xeon(R) CPU E5-2670 v3 @ 2.30GHz"
CPUINFO = f"processor\t: 0\nmodel name\t: {XEON}\nflags\t: fpu {{flag}}\n\nprocessor\t: 1\n"


def test_memory_is_that_of_the_tree(make_tree: MakeTree) -> None:
    files = {"proc/meminfo": "MemFree: 1 kB\nMemTotal:   16384 kB\n"}

    assert linux.memory_bytes(make_tree(files)) == 16 * 2**20


@pytest.mark.parametrize(
    ("files", "model"),
    [
        ({"proc/cpuinfo": CPUINFO}, XEON),
        ({"proc/cpuinfo": "processor: 0\n\nHardware: BCM2835\nModel: Pi 4\n"}, "Pi 4"),
        (
            {
                "proc/cpuinfo": "processor: 0\nCPU implementer: 0x41\nCPU part: 0xd0c\n",
                "proc/device-tree/model": "Ampere board\0",
            },
            "Ampere board",
        ),
        (
            {"proc/cpuinfo": "processor: 0\nCPU implementer: 0x41\nCPU part: 0xd0c\n"},
            "ARM implementer 0x41 part 0xd0c",
        ),
    ],
)
def test_the_processor_is_named(make_tree: MakeTree, files: dict[str, str], model: str) -> None:
    assert linux.cpu_model(make_tree(files)) == model


CPUS = "sys/devices/system/cpu"


@pytest.mark.parametrize(
    ("files", "turbo"),
    [
        ({f"{CPUS}/intel_pstate/no_turbo": "0\n"}, True),
        ({f"{CPUS}/intel_pstate/no_turbo": "1\n"}, False),
        ({f"{CPUS}/cpufreq/boost": "1\n"}, True),
        ({f"{CPUS}/cpufreq/boost": "0\n"}, False),
    ],
)
def test_turbo_is_told(make_tree: MakeTree, files: dict[str, str], *, turbo: bool) -> None:
    assert linux.turbo(make_tree(files)) is turbo


def test_the_governor_is_told(make_tree: MakeTree) -> None:
    files = {f"{CPUS}/cpu0/cpufreq/scaling_governor": "powersave\n"}

    assert linux.governor(make_tree(files)) == "powersave"


DMI = "sys/class/dmi/id"


IN_VM = {"proc/cpuinfo": CPUINFO.format(flag="hypervisor")}


@pytest.mark.parametrize(
    ("files", "virtualisation"),
    [
        ({"proc/cpuinfo": CPUINFO, f"{DMI}/sys_vendor": "Dell Inc."}, ""),
        ({f"{DMI}/sys_vendor": "QEMU\n"}, "kvm"),
        ({f"{DMI}/product_name": "VirtualBox\n"}, "virtualbox"),
        (
            {
                f"{DMI}/sys_vendor": "Microsoft Corporation",
                f"{DMI}/product_name": "Virtual Machine",
            },
            "hyper-v",
        ),
        (IN_VM, "virtual machine"),
        ({**IN_VM, "proc/sys/kernel/osrelease": "5.15-microsoft-standard-WSL2"}, "wsl"),
        ({**IN_VM, "sys/hypervisor/type": "xen\n"}, "xen"),
        ({".dockerenv": ""}, "docker"),
        ({"run/.containerenv": ""}, "podman"),
        ({"run/systemd/container": "lxc\n"}, "lxc"),
        ({"proc/1/cgroup": "1:cpu:/kubepods/besteffort/pod1\n"}, "kubernetes"),
        ({**IN_VM, ".dockerenv": ""}, "virtual machine, docker"),
    ],
)
def test_virtualisation_is_told(
    make_tree: MakeTree, files: dict[str, str], virtualisation: str
) -> None:
    assert linux.virtualisation(make_tree(files)) == virtualisation


def test_gpus_are_those_the_driver_shows(make_tree: MakeTree) -> None:
    files = {
        f"proc/driver/nvidia/gpus/0000:0{slot}:00.0/information": f"Model: \t NVIDIA {name}\nIRQ: 3"
        for slot, name in enumerate(("H100", "H200"))
    }

    assert linux.nvidia_gpus(make_tree(files)) == ["NVIDIA H100", "NVIDIA H200"]
