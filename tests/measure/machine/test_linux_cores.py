"""The clock's source, and the cores behind the cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.measure.machine import linux

if TYPE_CHECKING:
    from support.files import MakeTree


def siblings(*lists: str) -> dict[str, str]:
    cpus = "sys/devices/system/cpu"
    return {f"{cpus}/cpu{at}/topology/thread_siblings_list": text for at, text in enumerate(lists)}


@pytest.mark.parametrize(
    ("files", "cpus", "cores"),
    [
        (siblings("0\n", "1\n"), [0, 1], 2),
        (siblings("0,2", "1,3", "0,2", "1,3"), [0, 1, 2, 3], 2),
        (siblings("0,2", "1,3", "0,2", "1,3"), [0, 2], 1),
        (siblings("0-1", "0-1"), [0, 1], 1),
        (siblings("0"), [0, 1], None),
        ({}, [], None),
    ],
)
def test_hyper_threads_of_one_core_count_once(
    make_tree: MakeTree, files: dict[str, str], cpus: list[int], cores: int | None
) -> None:
    assert linux.physical_cores(make_tree({"proc/any": "", **files}), cpus) == cores


def test_the_source_of_the_clock_is_named(make_tree: MakeTree) -> None:
    path = "sys/devices/system/clocksource/clocksource0/current_clocksource"

    assert linux.clock_source(make_tree({path: "tsc\n"})) == "tsc"


@pytest.mark.parametrize("text", ["MemTotal:", "MemTotal: much kB", f"MemTotal: {'9' * 5000} kB"])
def test_memory_that_is_no_number_is_not_known(make_tree: MakeTree, text: str) -> None:
    assert linux.memory_bytes(make_tree({"proc/meminfo": text})) is None
