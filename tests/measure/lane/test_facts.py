from __future__ import annotations

import importlib.metadata
import json
import multiprocessing
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.lane import facts
from raceway.measure.lane.facts import cuda_facts, interpreter_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.files import MakeTree


NO_GPU = {"cuda_devices": [], "cuda_free_bytes": [], "cuda": "", "driver": ""}


def test_an_interpreter_knows_its_version() -> None:
    assert interpreter_facts([])["version_info"] == list(sys.version_info[:2])


def test_an_interpreter_knows_its_start_methods() -> None:
    assert interpreter_facts([])["start_methods"] == multiprocessing.get_all_start_methods()


def test_facts_can_be_sent_as_json() -> None:
    told = interpreter_facts(["json"])

    assert json.loads(json.dumps(told, allow_nan=False)) == told


@pytest.mark.parametrize(
    ("package", "present"),
    [
        ("json", True),
        ("json.decoder", True),
        ("no_such_package", False),
        ("no_such_package.part", False),
        ("json.no_such_part", False),
    ],
)
def test_packages_are_looked_for(package: str, *, present: bool) -> None:
    assert interpreter_facts([package])["present"] == {package: present}


def test_an_interpreter_without_the_question_has_a_gil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "_is_gil_enabled", raising=False)

    assert interpreter_facts([])["gil_enabled"]


def test_a_gil_that_is_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: False, raising=False)

    assert not interpreter_facts([])["gil_enabled"]


def test_only_installed_libraries_have_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name != "numpy":
            raise importlib.metadata.PackageNotFoundError(name)
        return "2.4"

    monkeypatch.setattr(importlib.metadata, "version", version)

    assert interpreter_facts([])["libraries"] == {"numpy": "2.4"}


def test_what_a_model_or_workload_requires_has_its_version_noted() -> None:
    assert "pluggy" not in interpreter_facts([])["libraries"]

    told = interpreter_facts(["pluggy"])["libraries"]

    assert told["pluggy"] == importlib.metadata.version("pluggy")


class Cuda(SimpleNamespace):
    """What `torch.cuda` would say."""

    def is_available(self) -> bool:
        return bool(self.names)

    def device_count(self) -> int:
        return len(self.names)

    def get_device_name(self, number: int) -> str:
        return self.names[number]

    def mem_get_info(self, number: int) -> tuple[int, int]:
        return 1_000 + number, 9_999


@pytest.fixture
def install_torch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Return a function that installs a torch which sees these GPUs, and a driver's traces."""
    (tmp_path / "driver").touch()
    monkeypatch.setattr(facts, "GPU_DRIVER_TRACES", (str(tmp_path / "driver"),))
    monkeypatch.setattr(sys, "platform", "linux")

    def make(*names: str, runtime: str | None = "13.0") -> None:
        torch: Any = ModuleType("torch")
        torch.cuda, torch.version = Cuda(names=names), SimpleNamespace(cuda=runtime)
        monkeypatch.setitem(sys.modules, "torch", torch)

    return make


def test_gpus_are_named_in_their_order(install_torch: Callable[..., None]) -> None:
    install_torch("H100", "H200")

    assert cuda_facts(has_torch=True)["cuda_devices"] == ["H100", "H200"]


def test_the_free_memory_of_each_gpu_is_told(install_torch: Callable[..., None]) -> None:
    install_torch("H100", "H200")

    assert cuda_facts(has_torch=True)["cuda_free_bytes"] == [1_000, 1_001]


@pytest.mark.parametrize(("runtime", "told"), [("13.0", "13.0"), (None, "")])
def test_the_cuda_runtime_is_told(
    install_torch: Callable[..., None], runtime: str | None, told: str
) -> None:
    install_torch("H100", runtime=runtime)

    assert cuda_facts(has_torch=True)["cuda"] == told


def test_a_torch_that_sees_no_gpu_has_none(install_torch: Callable[..., None]) -> None:
    install_torch()

    assert cuda_facts(has_torch=True) == NO_GPU


def test_torch_is_not_imported_where_there_is_no_driver(
    install_torch: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    install_torch("H100")
    monkeypatch.setattr(facts, "GPU_DRIVER_TRACES", ("/no/such/driver",))

    assert cuda_facts(has_torch=True) == NO_GPU


def test_without_torch_there_is_no_gpu(install_torch: Callable[..., None]) -> None:
    install_torch("H100")

    assert cuda_facts(has_torch=False) == NO_GPU


def test_macos_has_no_cuda(
    install_torch: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    install_torch("H100")
    monkeypatch.setattr(sys, "platform", "darwin")

    assert cuda_facts(has_torch=True) == NO_GPU


@pytest.mark.parametrize(
    ("files", "driver"), [({"sys/module/nvidia/version": "595.1\n"}, "595.1"), ({}, "")]
)
def test_the_driver_is_told_where_the_kernel_does(
    make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], driver: str
) -> None:
    root = make_tree(files)
    monkeypatch.setattr(facts, "Path", lambda path: root / Path(path).relative_to("/"))

    assert facts.nvidia_driver() == driver


@pytest.mark.parametrize(
    ("compiler", "has_headers", "can"),
    [("g++", True, True), ("", True, False), ("g++", False, False)],
)
def test_compiling_takes_a_compiler_and_headers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, compiler: str, *, has_headers: bool, can: bool
) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setattr(facts.shutil, "which", lambda name: name if name == compiler else None)
    monkeypatch.setattr(facts.sysconfig, "get_path", lambda _: str(tmp_path))
    if has_headers:
        (tmp_path / "Python.h").touch()

    assert facts.can_compile() is can
