"""Reads files of other tools whose fields are not what pytest-benchmark usually writes.

Plugins replace `machine_info`, people abridge `data` by hand, and NaN or Infinity stand where a
division failed. Whatever has not the expected type is left out; the rest is read.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from raceway.bounds import LARGEST_INT
from raceway.record import Commit
from raceway.store.layout import (
    ExtraInfo,
    ReadBenchmark,
    ReadCpu,
    ReadFile,
    ReadMachine,
    ReadStats,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_Struct = TypeVar("_Struct", bound=msgspec.Struct)


def read_leniently(content: bytes) -> ReadFile | None:
    """Return what is readable; None if it is no JSON with benchmarks, or raceway's own file."""
    try:
        file = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(file, dict) or not isinstance(file.get("benchmarks"), list):
        return None
    if "raceway" in file:
        return None
    benchmarks = [each for each in file["benchmarks"] if isinstance(each, dict)]
    machine = _dict(file.get("machine_info"))
    return ReadFile(
        benchmarks=[_benchmark(each, place) for place, each in enumerate(benchmarks)],
        machine_info=_fields(ReadMachine, {**machine, "cpu": _cpu(machine.get("cpu"))}),
        commit_info=_fields(Commit, _dict(file.get("commit_info"))),
        datetime=_text(file.get("datetime")),
        version=_text(file.get("version")),
    )


def _benchmark(benchmark: Mapping[str, Any], place: int) -> ReadBenchmark:
    name = _text(benchmark.get("fullname")) or _text(benchmark.get("name"))
    return ReadBenchmark(
        fullname=name or f"benchmark {place + 1}",
        extra_info=_fields(ExtraInfo, _dict(benchmark.get("extra_info"))),
        stats=_stats(_dict(benchmark.get("stats"))),
    )


def _stats(stats: Mapping[str, Any]) -> ReadStats:
    """Return the finite figures; rounds only if all of them are."""
    data = stats.get("data")
    rounds = [_number(each) for each in data] if isinstance(data, list) else []
    whole = [each for each in rounds if each is not None]
    figures = {name: _number(each) for name, each in stats.items() if name != "data"}
    iterations = figures.get("iterations")
    return _fields(
        ReadStats,
        {
            **figures,
            "rounds": int(figures.get("rounds") or 0),
            "iterations": 1 if iterations is None else int(iterations),
            "data": whole if len(whole) == len(rounds) else [],
        },
    )


def _cpu(cpu: Any) -> ReadCpu:
    told = _dict(cpu)
    count = _number(told.get("count"))
    return _fields(ReadCpu, {**told, "count": int(count) if count else 0})


def _fields(kind: type[_Struct], values: Mapping[str, Any]) -> _Struct:
    """Return the struct with each of its fields that has a value of the right type."""
    known = {}
    for field in msgspec.structs.fields(kind):
        try:
            known[field.name] = msgspec.convert(values[field.name], field.type)
        except (KeyError, msgspec.ValidationError):
            continue
    return kind(**known)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    """Return a finite number within bounds; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < LARGEST_INT else None  # NaN is not below, either
