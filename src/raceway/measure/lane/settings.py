"""Which variables of the environment change timing, and what a lane does about each.

Standard library only. What traces, debugs or checks does not reach a lane. What may be meant, such
as another allocator, does, and is recorded with the run.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OUT = frozenset({
    "PYTHONTRACEMALLOC", "PYTHONDEVMODE", "PYTHONASYNCIODEBUG", "PYTHONMALLOC",
    "PYTHONMALLOCSTATS", "PYTHONPROFILEIMPORTTIME", "PYTHONFAULTHANDLER", "PYTHONDEBUG",
    "PYTHONVERBOSE", "PYTHONINSPECT", "PYTHONDUMPREFS", "PYTHONDUMPREFSFILE",
    "PYTHONTHREADDEBUG", "PYTHONPERFSUPPORT", "PYTHON_PERF_JIT_SUPPORT", "PYTHON_PRESITE",
    "PYTHON_LLTRACE", "PYTHON_OPT_DEBUG", "PYTHONBREAKPOINT", "PYTHONWARNDEFAULTENCODING",
    "MALLOC_PERTURB_", "MALLOC_CHECK_", "MALLOC_TRACE", "LD_DEBUG", "LD_DEBUG_OUTPUT",
    "LD_PROFILE", "LD_BIND_NOT", "CUDA_LAUNCH_BLOCKING",
})  # fmt: skip
"""Kept out of lanes: they slow all that is measured, and some models more than others."""
OUT_BEGINNINGS = ("COVERAGE_", "COV_CORE_", "PYDEVD_", "DEBUGPY_", "PYCHARM_", "VIZTRACER_")
RECORDED = frozenset({
    "PYTHONHASHSEED", "PYTHONOPTIMIZE", "PYTHONUNBUFFERED", "PYTHONNODEBUGRANGES",
    "PYTHONINTMAXSTRDIGITS", "PYTHON_GIL", "PYTHON_JIT", "PYTHON_TLBC",
    "PYTHON_CPU_COUNT", "PYTHON_FROZEN_MODULES", "LD_PRELOAD", "LD_AUDIT", "LD_BIND_NOW",
    "DYLD_INSERT_LIBRARIES", "GLIBC_TUNABLES", "_RJEM_MALLOC_CONF",
    "NVIDIA_TF32_OVERRIDE", "UV_THREADPOOL_SIZE", "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER",
    "CUDA_MODULE_LOADING", "CUDA_CACHE_DISABLE", "CUDA_DEVICE_MAX_CONNECTIONS",
})  # fmt: skip
RECORDED_BEGINNINGS = (
    "MALLOC_", "JE_MALLOC_", "MIMALLOC_", "TCMALLOC_", "SNMALLOC_", "OMP_", "GOMP_", "KMP_", "MKL_",
    "OPENBLAS_", "GOTO_", "BLIS_", "VECLIB_", "ACCELERATE_", "NUMEXPR_", "NUMBA_", "POLARS_",
    "RAYON_", "TBB_", "LOKY_", "CUBLAS_", "CUDNN_", "PYTORCH_", "TORCHINDUCTOR_",
    "TF_CUDNN_", "TF_DETERMINISTIC_", "TF_ENABLE_", "TF_FORCE_", "TF_GPU_", "TF_NUM_", "TF_USE_",
    "TF_XLA_", "XLA_", "ASAN_", "TSAN_", "UBSAN_", "LSAN_",
)  # fmt: skip
"""Allocators, threads of numeric libraries, devices."""
AS_UNSET = {("PYTHONHASHSEED", "random")}
"""Settings that are the default."""
OURS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Set to 1 in every lane: a worker is one thread."""
LONGEST = 200
"""Characters of a value that are recorded."""


def is_out(name: str) -> bool:
    """Whether a variable is kept out of lanes."""
    return name in OUT or name.startswith(OUT_BEGINNINGS)


def is_recorded(name: str) -> bool:
    """Whether a variable reaches lanes, and may change what they measure."""
    known = name in RECORDED or name.startswith(RECORDED_BEGINNINGS)
    return known and name not in OURS


def settings_of(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what is set in a lane that may change timing: variables, options, tracers.

    A variable that is kept out of lanes may have been set by the interpreter's own command.
    """
    settings = {
        name: value[:LONGEST]
        for name, value in sorted(environment.items())
        if value and (is_recorded(name) or is_out(name)) and (name, value) not in AS_UNSET
    }
    options: Mapping[str, str | bool] = getattr(sys, "_xoptions", {})
    settings |= {f"-X {name}": str(value)[:LONGEST] for name, value in options.items()}
    if sys.flags.optimize and "PYTHONOPTIMIZE" not in settings:
        settings["-O"] = str(sys.flags.optimize)
    return settings | tracers()


def tracers() -> dict[str, str]:
    """Return what traces this process, though no variable says so, such as a `.pth` file's."""
    found = {}
    for name, active in (
        ("trace function", sys.gettrace()),
        ("profile function", sys.getprofile()),
    ):
        if active is not None:
            found[name] = str(getattr(active, "__module__", None) or type(active).__module__)
    tracemalloc = sys.modules.get("tracemalloc")
    if tracemalloc and tracemalloc.is_tracing():
        found["tracemalloc"] = "on"
    monitoring = getattr(sys, "monitoring", None)
    tools = [monitoring.get_tool(number) for number in range(6)] if monitoring else []
    if any(tools):
        found["sys.monitoring"] = ", ".join(filter(None, tools))
    return found
