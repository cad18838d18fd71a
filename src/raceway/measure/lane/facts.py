"""The facts about an interpreter, found inside its own lane. Standard library only."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import multiprocessing
import os
import platform
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING, Any

from raceway.measure.lane.settings import settings_of

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTED_LIBRARIES = ("numpy", "torch", "uvloop", "distributed", "joblib", "trio", "gevent", "ray")
"""Noted besides those that models and workloads require."""
GPU_DRIVER_TRACES = ("/proc/driver/nvidia", "/dev/nvidiactl", "/dev/dxg", "/dev/kfd")


def interpreter_facts(required: list[str]) -> dict[str, Any]:
    """Return version, GIL state, start methods, libraries, and CUDA devices as plain JSON."""
    gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    present = {name: is_present(name) for name in required}
    return {
        "version": platform.python_version(),
        "version_info": list(sys.version_info[:2]),
        "implementation": platform.python_implementation(),
        "build": " ".join(platform.python_build()),
        "compiler": platform.python_compiler(),
        "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "gil_enabled": bool(gil_enabled()),
        "start_methods": multiprocessing.get_all_start_methods(),
        "present": present,
        "can_compile": can_compile(),
        "libraries": library_versions(dict.fromkeys([*NOTED_LIBRARIES, *required])),
        "settings": settings_of(os.environ),
        **cuda_facts(has_torch=present.get("torch", False)),
    }


def can_compile() -> bool:
    """Whether there is a C++ compiler, and what extensions of this interpreter include."""
    compilers = (os.environ.get("CXX"), "c++", "g++", "clang++")
    headers = Path(sysconfig.get_path("include"), "Python.h")
    return headers.is_file() and any(shutil.which(name) for name in compilers if name)


def is_present(package: str) -> bool:
    """Whether a package, such as `torch` or `google.protobuf`, can be found."""
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:  # not even its parent
        return False


def library_versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of the libraries that are installed."""
    versions = {}
    for name in names:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return versions


def cuda_facts(*, has_torch: bool) -> dict[str, Any]:
    """Return CUDA devices, runtime and driver; torch is imported only if there may be a device."""
    nothing: dict[str, Any] = {"cuda_devices": [], "cuda_free_bytes": [], "cuda": "", "driver": ""}
    linux_without_driver = sys.platform == "linux" and not any(
        map(os.path.exists, GPU_DRIVER_TRACES)
    )
    if not has_torch or linux_without_driver or sys.platform == "darwin":
        return nothing
    import torch  # noqa: PLC0415 (seconds to import: only where a device may be)

    if not torch.cuda.is_available():
        return nothing
    numbers = range(torch.cuda.device_count())
    return {
        "cuda_devices": [torch.cuda.get_device_name(number) for number in numbers],
        "cuda_free_bytes": [torch.cuda.mem_get_info(number)[0] for number in numbers],
        "cuda": torch.version.cuda or "",
        "driver": nvidia_driver(),
    }


def nvidia_driver() -> str:
    """Return the kernel driver's version; empty if unknown."""
    try:
        return Path("/sys/module/nvidia/version").read_text(encoding="ascii").strip()
    except OSError:
        return ""
