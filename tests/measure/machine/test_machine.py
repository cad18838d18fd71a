from __future__ import annotations

import os
import platform
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from raceway.errors import SelectionError
from raceway.measure.machine.machine import machine_id, probe_machine, usable_cores

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from raceway.record import Machine
    from support.files import MakeTree

    Probe = Callable[[dict[str, str]], Machine]

XEON = "Intel(R) Xeon(R) CPU E5-2670 v3 @ 2.30GHz"


@pytest.fixture
def probe(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> Probe:
    """Return a function that probes a tree of these files, with no tools on the path."""
    monkeypatch.setenv("PATH", "")
    return lambda files: probe_machine(root=make_tree(files))


def test_this_machine_can_be_probed() -> None:
    machine = probe_machine()

    assert 1 <= machine.usable_cores <= machine.logical_cores
    assert (machine.system, machine.kernel) == (platform.system(), platform.release())


def test_a_machine_that_tells_nothing_is_not_known(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in ("system", "machine", "processor"):
        monkeypatch.setattr(platform, question, str)
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)

    machine = probe({})

    assert {machine.system, machine.architecture, machine.cpu_model} == {"not known"}
    assert (machine.quota_cores, machine.turbo, machine.governor) == (None, None, "")
    assert machine.usable_cores == machine.logical_cores


def test_memory_is_known_without_proc(probe: Probe) -> None:
    assert probe({}).memory_bytes == psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("count", "affinity", "quota", "usable"),
    [(8, None, None, 8), (8, 3, None, 3), (8, 3, 2.9, 2), (8, 8, 0.5, 1), (2, 4, 64.0, 2)],
)
def test_usable_cores_are_the_least_of_all(
    count: int, affinity: int | None, quota: float | None, usable: int
) -> None:
    assert usable_cores(count, affinity, quota) == usable


def put_tool(folder: Path, name: str, script: str) -> None:
    tool = folder / name
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize(
    ("script", "gpus"),
    [("echo NVIDIA H100; echo NVIDIA H200", ["NVIDIA H100", "NVIDIA H200"]), ("exit 9", [])],
)
def test_gpus_are_asked_for_where_proc_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, gpus: list[str]
) -> None:
    put_tool(tmp_path, "nvidia-smi", script)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert probe_machine(root=tmp_path).gpus == gpus


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
def test_macos_names_its_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_tool(tmp_path, "sysctl", "echo Apple M2 Pro")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(platform, "system", lambda: "Darwin")

    assert probe_machine(root=tmp_path).cpu_model == "Apple M2 Pro"


def test_the_host_stays_private(probe: Probe) -> None:
    assert probe({}).host is None


def test_the_host_is_told_where_it_was_asked_for() -> None:
    assert probe_machine(save_host=True).host == platform.node()


def test_a_name_replaces_the_id() -> None:
    assert probe_machine("lab-7.b_2").id == "lab-7.b_2"


@pytest.mark.parametrize("name", ["../up", "a b", "-a", "a.", "a/b", "a\n", "x" * 65, "ä"])
def test_a_name_that_is_no_folder_name_is_refused(name: str) -> None:
    with pytest.raises(SelectionError, match="is not a valid folder name everywhere"):
        probe_machine(name)


GIB = 2**30


def an_id(
    model: str = XEON, count: int = 2, memory_bytes: int = 16 * GIB, gpus: tuple[str, ...] = ()
) -> str:
    return machine_id(model, count, memory_bytes, list(gpus))


def test_an_id_is_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")

    readable, _, digest = an_id().rpartition("-")

    assert (readable, len(bytes.fromhex(digest))) == ("linux-x86_64-xeon-e5-2670-v3-2c", 3)


@pytest.mark.parametrize(
    "other", [an_id("Xeon"), an_id(count=4), an_id(memory_bytes=32 * GIB), an_id(gpus=("H100",))]
)
def test_other_hardware_has_another_id(other: str) -> None:
    assert other != an_id()


def test_an_id_outlives_a_kernel_that_keeps_more_memory_for_itself() -> None:
    assert an_id(memory_bytes=int(15.6 * GIB)) == an_id(memory_bytes=int(15.4 * GIB))


def test_an_id_outlives_another_order_of_gpus() -> None:
    assert an_id(gpus=("H100", "H200")) == an_id(gpus=("H200", "H100"))


def test_an_id_depends_neither_on_host_nor_kernel_nor_virtualisation(
    probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = probe({}).id
    monkeypatch.setattr(platform, "node", lambda: "another")
    monkeypatch.setattr(platform, "release", lambda: "99.9")

    assert probe({".dockerenv": ""}).id == before
