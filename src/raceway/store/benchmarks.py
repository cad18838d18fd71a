"""A record and its machine as pytest-benchmark saves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from raceway.record import Description, Status
from raceway.store.layout import Benchmark, CpuInfo, MachineInfo
from raceway.store.stats import samples_of, stats_of
from raceway.text.node_ids import parted

if TYPE_CHECKING:
    from raceway.record import Header, Record

_OPTIONS = {"timer": "time.perf_counter_ns"}


def is_timed(record: Record) -> bool:
    """Return whether other tools may see it: it has rounds, and did not fail."""
    has_rounds = any(launch.rounds_ns for launch in record.launches)
    return has_rounds and record.status is not Status.FAILED


def benchmark_of(record: Record) -> Benchmark:
    """Return a timed record with its statistics; the case is shown as a parameter."""
    is_raced = bool(record.workload)
    timed = [launch for launch in record.launches if launch.rounds_ns]
    loops = timed[0].loops
    told = timed[-1].description or Description(name=parted(record.fullname)[1])
    return Benchmark(
        group=record.group or told.group,
        name=told.name,
        fullname=record.fullname,
        params=_params_of(record) if is_raced else told.params,
        param=record.id if is_raced else told.param,
        extra_info={**told.extra_info, "raceway": record},
        options=_OPTIONS,
        stats=stats_of(samples_of(record), loops),
    )


def machine_info_of(header: Header) -> MachineInfo:
    """Return the machine and the first interpreter; the host name only if the user asked for it."""
    machine = header.machine
    first = next(iter(header.environments), None)
    return MachineInfo(
        node=machine.host or machine.id,
        processor=machine.architecture,
        machine=machine.architecture,
        python_compiler=first.compiler if first else "",
        python_implementation=first.implementation if first else "",
        python_implementation_version=first.version if first else "",
        python_version=first.version if first else "",
        release=machine.kernel,
        system=machine.system,
        cpu=CpuInfo(brand_raw=machine.cpu_model, count=machine.logical_cores),
        raceway=machine,
    )


def _params_of(record: Record) -> dict[str, str | int]:
    return {
        "workload": record.workload,
        "size": record.size,
        "model": record.model,
        "workers": record.workers,
        "device": record.device,
        "interpreter": record.interpreter,
    }
