"""Whether the time that a file takes grows with the file, whatever it is full of."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fuzz_checks import run_command, small_run

from raceway.store.runfile import encode

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, LARGE = 500, 4_000
STEEPEST = 3.0
"""Times more than in proportion: quadratic growth would be eight times."""
SLOWEST_S = 0.2
"""What takes less is not judged."""


def _section(file: dict[str, Any], name: str, entry: Any, count: int) -> None:
    file["raceway"][name] = [entry] * count


def _benchmarks(file: dict[str, Any], count: int) -> None:
    file["benchmarks"] = [file["benchmarks"][0]] * count


def _aside(file: dict[str, Any], count: int) -> None:
    record = {"id": "x", "fullname": "x", "status": "skipped"}
    file["raceway"]["aside"] = [
        {"place": 0, "record": {**record, "id": f"x{number}"}} for number in range(count)
    ]


def _launches(file: dict[str, Any], count: int) -> None:
    record = file["benchmarks"][0]["extra_info"]["raceway"]
    record["launches"] = record["launches"][:1] * count


def _many_cases(file: dict[str, Any], count: int) -> None:
    one = json.dumps(file["benchmarks"][0])
    made = [json.loads(one) for _ in range(count)]
    for number, each in enumerate(made):
        record = each["extra_info"]["raceway"]
        record["id"] = record["fullname"] = each["fullname"] = f"{record['id']}-{number}"
    file["benchmarks"] = made


GROWTHS: dict[str, Callable[[dict[str, Any], int], None]] = {
    "the same record": _benchmarks,
    "records without times": _aside,
    "launches of a case": _launches,
    "cases": _many_cases,
    "groups": lambda file, count: _section(
        file, "groups", file["raceway"]["groups"][0], count
    ),
    "interpreters": lambda file, count: _section(
        file, "environments", file["raceway"]["environments"][0], count
    ),
    "planned cases": lambda file, count: _section(
        file, "planned", file["raceway"]["planned"][0], count
    ),
    "words": lambda file, count: _section(file, "command_line", "x", count),
}  # fmt: skip


def growth_findings() -> list[str]:
    """Return one line for each filling whose time grows faster than the file."""
    content, found = encode(small_run()), []
    for name, fill in GROWTHS.items():
        small_s, large_s = (_seconds(content, fill, count) for count in (SMALL, LARGE))
        if large_s > SLOWEST_S and large_s > STEEPEST * small_s * LARGE / SMALL:
            found.append(f"{SMALL:,} times {name}: {small_s:.2f} s; {LARGE:,}: {large_s:.2f} s")
    return found


def _seconds(content: bytes, fill: Callable[[dict[str, Any], int], None], count: int) -> float:
    file = json.loads(content)
    fill(file, count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "machine" / "20261102T000000Z_0000000_bbbbbbbb.json"
        path.parent.mkdir()
        path.write_text(json.dumps(file), encoding="utf-8")
        start_s = time.process_time()
        for words in (("report",), ("report", "--csv", "-"), ("history",)):
            run_command(*words, "--results", folder)
        return time.process_time() - start_s
