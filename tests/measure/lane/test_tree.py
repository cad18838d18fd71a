from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.measure.lane import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.files import MakeTree


BUSY = """
import time
block = bytearray(32 * 2**20)
while time.process_time() < 0.2:
    pass
print("done", flush=True)
input()
"""

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's /proc")


@pytest.fixture
def busy_child() -> Iterator[int]:
    """Return the id of a child that has used 0.2 s of CPU and 32 MiB, and now does nothing."""
    with subprocess.Popen(
        [sys.executable, "-S", "-c", BUSY], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout
        child.stdout.readline()
        yield child.pid
        child.communicate(b"\n")


@linux_only
def test_children_belong_to_the_family(busy_child: int) -> None:
    assert busy_child in tree.descendants(os.getpid())


@linux_only
def test_a_process_knows_the_core_that_it_runs_on() -> None:
    allowed = os.sched_getaffinity(0)
    try:
        for core in allowed:
            os.sched_setaffinity(0, {core})
            assert tree.core() == core
    finally:
        os.sched_setaffinity(0, allowed)


def test_without_proc_the_core_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "PROC", str(tmp_path))

    assert tree.core() is None


@linux_only
@pytest.mark.usefixtures("busy_child")
def test_the_cpu_time_of_children_counts() -> None:
    assert tree.cpu_s() >= time.process_time() + 0.2


@linux_only
def test_the_memory_of_children_counts(busy_child: int) -> None:
    alone_bytes = psutil.Process().memory_info().rss

    assert tree.peak_memory_bytes() >= alone_bytes + psutil.Process(busy_child).memory_info().rss


@pytest.fixture
def put_in_proc(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> MakeTree:
    """Return a function that puts files in the place of /proc, and returns where that is."""

    def put(files: dict[str, str]) -> Path:
        root = make_tree({"self/here": "", **files})
        monkeypatch.setattr(tree, "PROC", root)
        return root

    return put


def test_a_family_reaches_down_to_grandchildren_of_every_thread(put_in_proc: MakeTree) -> None:
    put_in_proc(
        {
            "1/task/1/children": "20 30 ",
            "1/task/2/children": "40",
            "20/task/20/children": "50 ",
            "50/task/50/children": "",
        },
    )

    assert sorted(tree.descendants(1)) == [1, 20, 30, 40, 50]


def test_the_peak_is_the_sum_over_the_family(put_in_proc: MakeTree) -> None:
    me = os.getpid()
    put_in_proc(
        {
            f"{me}/task/{me}/children": "20 30",
            f"{me}/status": "VmPeak:\t 999 kB\nVmHWM:\t    100 kB\n",
            "20/status": "VmHWM:\t 50 kB\n",
        },
    )

    assert tree.peak_memory_bytes() == 150 * 1024


def test_a_system_without_proc_tells_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "PROC", tmp_path / "absent")

    assert tree.peak_memory_bytes() is None


@pytest.mark.skipif(os.name == "nt", reason="process_time tells of other things there")
def test_a_system_without_proc_tells_its_own_cpu_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "PROC", tmp_path / "absent")

    assert tree.cpu_s() == pytest.approx(time.process_time(), abs=1.0)


@linux_only
def test_a_child_that_is_gone_costs_nothing(put_in_proc: MakeTree) -> None:
    me = os.getpid()
    put_in_proc({f"{me}/task/{me}/children": f"{2**22 + 1}"})

    assert tree.cpu_s() == pytest.approx(time.process_time(), abs=1.0)


def test_the_peak_is_forgotten_by_the_kernels_word_for_it(put_in_proc: MakeTree) -> None:
    root = put_in_proc({"self/clear_refs": ""})

    tree.reset_peak_memory()

    assert (root / "self" / "clear_refs").read_text() == "5"


def test_a_peak_that_cannot_be_forgotten_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree, "PROC", tmp_path / "absent")

    tree.reset_peak_memory()

    assert not (tmp_path / "absent").exists()


@linux_only
def test_a_forgotten_peak_is_no_longer_told() -> None:
    block = bytearray(64 * 2**20)
    with_block_bytes = tree.peak_memory_bytes()
    del block

    tree.reset_peak_memory()

    assert tree.peak_memory_bytes() < with_block_bytes - 32 * 2**20
