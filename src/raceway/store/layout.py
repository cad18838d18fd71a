"""The layout of a run file: pytest-benchmark's own, with ours in the places it leaves to users.

Keys of pytest-benchmark are written in full, since other tools read them; of foreign files only
what we use is decoded, so that unknown or odd fields do no harm.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from raceway.record import (
    LARGEST_INT,
    Commit,
    Environment,
    GroupEnd,
    GroupResult,
    HostState,
    Int64,
    Machine,
    Peak,
    Record,
    Saved,
    Stats,
    Status,
)
from raceway.store.schema_1 import Heat  # noqa: TC001 (msgspec reads the annotation)

LAYOUT_VERSION = "5.3.1"
"""The pytest-benchmark release whose layout this is."""


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """Base of what other tools read: every field is written, defaults too."""


class Aside(Saved, frozen=True, kw_only=True):
    """A record other tools must not see as a time, and its place among all records."""

    place: Annotated[int, msgspec.Meta(ge=0, le=LARGEST_INT)]
    record: Record


class Section(Saved, frozen=True, kw_only=True):
    """The top-level key `raceway`: header, outcome, and what has no time."""

    schema: int
    run_id: str
    started_at: str
    environments: list[Environment]
    command_line: list[str]
    profile: str
    launches: Int64
    planned: list[str | Record]
    """Ids of planned records that follow from the measured ones; in full where they do not."""
    status: Status
    resumed_from: str | None = None
    host: HostState | None = None
    duel: str | None = None
    groups: list[GroupResult] = msgspec.field(default_factory=list)
    peaks: list[Peak] = msgspec.field(default_factory=list)
    ends: list[GroupEnd] = msgspec.field(default_factory=list)
    aside: list[Aside] = msgspec.field(default_factory=list)


class ExtraInfo(Whole, frozen=True, kw_only=True):
    """What we add to one benchmark."""

    raceway: Record | None = None


class Benchmark(Whole, frozen=True, kw_only=True):
    """One benchmark as it is written."""

    group: str | None
    name: str
    fullname: str
    params: dict[str, str | int] | None
    param: str | None
    extra_info: ExtraInfo
    options: dict[str, Any]
    stats: Stats


class CpuInfo(Whole, frozen=True, kw_only=True):
    """The processor, with py-cpuinfo's names."""

    brand_raw: str = ""
    count: int = 0


class MachineInfo(Whole, frozen=True, kw_only=True):
    """The machine and the first interpreter, with pytest-benchmark's names."""

    node: str = ""
    processor: str = ""
    machine: str = ""
    python_compiler: str = ""
    python_implementation: str = ""
    python_implementation_version: str = ""
    python_version: str = ""
    release: str = ""
    system: str = ""
    cpu: CpuInfo = CpuInfo()
    raceway: Machine | None = None


class RunFile(Whole, frozen=True, kw_only=True):
    """A file as it is written."""

    machine_info: MachineInfo
    commit_info: dict[str, Any]
    benchmarks: list[Benchmark]
    datetime: str
    version: str = LAYOUT_VERSION
    raceway: Section


class ReadStats(Saved, frozen=True, kw_only=True):
    """What we need of foreign statistics; seconds for one iteration."""

    median: float | None = None
    data: list[float] = msgspec.field(default_factory=list)
    iterations: int = 1


class ReadBenchmark(Saved, frozen=True, kw_only=True):
    """One benchmark as it is read."""

    fullname: str
    extra_info: ExtraInfo = ExtraInfo()
    stats: ReadStats = ReadStats()


class ReadSection(Section, frozen=True, kw_only=True):
    """Our section of a file of either schema."""

    heats: list[Heat] = msgspec.field(default_factory=list)
    """What schema 1 called groups."""


class ReadFile(Saved, frozen=True, kw_only=True):
    """A file as it is read: ours, or a plain one of pytest-benchmark."""

    benchmarks: list[ReadBenchmark]
    machine_info: MachineInfo = MachineInfo()
    commit_info: Commit = Commit()
    datetime: str = ""
    raceway: ReadSection | None = None


class ReadSchema(Saved, frozen=True, kw_only=True):
    """Just the schema version, for files whose fields may have changed since."""

    schema: int = 0


class ReadSchemaOnly(Saved, frozen=True, kw_only=True):
    """The smallest reading of a file: which schema wrote it."""

    raceway: ReadSchema = ReadSchema()
