"""Reads files that pytest-benchmark wrote without raceway, as far as possible."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from raceway.record import (
    LARGEST_INT,
    SCHEMA_VERSION,
    Environment,
    Header,
    Launch,
    Machine,
    Record,
    Run,
    Status,
)
from raceway.store.schema_1 import with_family

if TYPE_CHECKING:
    from raceway.store.layout import MachineInfo, ReadBenchmark, ReadFile


def run_of_plain(file: ReadFile, content: bytes) -> Run:
    """Return a plain file as a run of one launch; its id is a hash of the content."""
    records = [record_of_plain(benchmark) for benchmark in file.benchmarks]
    header = Header(
        schema=SCHEMA_VERSION,
        run_id=f"plain-{hashlib.sha256(content).hexdigest()[:8]}",
        started_at=file.datetime,
        machine=machine_of(file.machine_info),
        environments=[_environment_of(file.machine_info)],
        commit=file.commit_info,
        command_line=[],
        profile="",
        launches=1,
        planned=[],
    )
    return Run(header=header, finished_at=file.datetime, status=Status.OK, records=records)


def record_of_plain(benchmark: ReadBenchmark) -> Record:
    """Return raceway's record of a benchmark if there is one, else its rounds as one launch.

    Without `stats.data` the median is the only round; without either the record has failed.
    """
    if benchmark.extra_info.raceway:
        return with_family(benchmark.extra_info.raceway)
    stats = benchmark.stats
    samples_s = stats.data or ([] if stats.median is None else [stats.median])
    longest_s = LARGEST_INT / 1e9 / max(stats.iterations, 1)
    name = benchmark.fullname
    usable = stats.iterations >= 1 and all(0 <= sample_s < longest_s for sample_s in samples_s)
    if not samples_s or not usable:
        reason = "the file holds no usable time"
        return Record(id=name, fullname=name, status=Status.FAILED, reason=reason)
    rounds_ns = [round(sample_s * stats.iterations * 1e9) for sample_s in samples_s]
    launch = Launch(index=0, loops=stats.iterations, rounds_ns=rounds_ns)
    return Record(id=name, fullname=name, launches=[launch])


def machine_of(info: MachineInfo) -> Machine:
    """Return the machine we saved, else what pytest-benchmark tells, with the host as its id."""
    return info.raceway or Machine(
        id=info.node or "unknown",
        system=info.system,
        architecture=info.machine,
        cpu_model=info.cpu.brand_raw,
        logical_cores=info.cpu.count,
        usable_cores=max(info.cpu.count, 1),
        kernel=info.release,
    )


def _environment_of(info: MachineInfo) -> Environment:
    return Environment(
        label="current",
        command="",
        version=info.python_version,
        implementation=info.python_implementation,
        compiler=info.python_compiler,
    )
