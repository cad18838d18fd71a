from __future__ import annotations

import importlib
import re
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import raceway
from raceway.case import Model, Workload
from raceway.errors import CatalogueError
from raceway.models import threads
from raceway.plan.catalogue import Registry, discover

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.brought import Bring

    MakePackage = Callable[[dict[str, str]], Registry[Any]]

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
GOOD = "WORKLOAD = Workload(summary='', kind=Kind.CPU, task=abs, sizes={'small': (1, 2)})\n"


def files_of(folder: str) -> set[str]:
    paths = (Path(raceway.__file__).parent / folder).glob("[!_]*.py")
    return {path.stem.replace("_", "-") for path in paths}


def test_every_file_in_models_is_a_model() -> None:
    assert set(discover().models) == files_of("models")


def test_every_file_in_workloads_is_a_workload() -> None:
    assert set(discover().workloads) == files_of("workloads")


def test_a_model_must_tell_its_family(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "MODEL", replace(threads.MODEL, family="threads"))

    with pytest.raises(CatalogueError, match=r"threads: family='threads'; choose from Family\.ONE"):
        discover()


@pytest.mark.parametrize("entry", [*discover().models.values(), *discover().workloads.values()])
def test_the_extra_that_an_entry_names_brings_what_it_requires(entry: Model | Workload) -> None:
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"][entry.extra] if entry.extra else []
    needs = [*project["dependencies"], *extra]
    brought = {re.split(r"[^\w.-]", need)[0] for need in needs}

    assert brought >= set(entry.requires)


def test_a_users_file_is_a_workload_of_its_name(bring: Bring, tmp_path: Path) -> None:
    catalogue = bring(GOOD, "my_tasks")

    assert catalogue.workloads["my-tasks"].sizes == {"small": (1, 2)}
    assert catalogue.files == {"my-tasks": (tmp_path / "my_tasks.py").resolve()}


def test_a_users_file_may_import_its_neighbours(bring: Bring, tmp_path: Path) -> None:
    (tmp_path / "its_neighbour.py").write_text("SIZES = {'next door': (1,)}")

    catalogue = bring(
        "from its_neighbour import SIZES\n" + GOOD.replace("{'small': (1, 2)}", "SIZES")
    )

    assert list(catalogue.workloads["mine"].sizes) == ["next door"]


def test_finding_a_users_file_leaves_the_import_path_as_it_was(
    bring: Bring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path.resolve())
    before = sys.path.copy()

    bring(GOOD)

    assert sys.path == before


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("", r"mine\.py: does not define WORKLOAD = Workload\(\.\.\.\); add it"),
        ("WORKLOAD = 7", r"mine\.py: has a int as WORKLOAD = Workload\(\.\.\.\); add it"),
        (GOOD.replace("{'small': (1, 2)}", "{}"), "workload mine: has no sizes; give at least one"),
        (GOOD.replace("(1, 2)", "()"), "workload mine: size 'small' has no tasks; give it arg"),
        (GOOD.replace("'small'", "10"), "workload mine: size 10 is not text; write '10'"),
        (
            GOOD.replace("Kind.CPU", "'cpu'"),
            r"workload mine: kind='cpu'; choose from Kind\.CPU, Kind\.IO, Kind\.TENSOR",
        ),
        (
            GOOD.replace("task=abs", "task=abs, wait_s=len"),
            r"workload mine: size 'small': its demand cannot be computed \(TypeError: object of",
        ),
        ("import no_such_package", r"mine\.py: cannot be imported \(ModuleNotFoundError: No mod"),
        ("raise ValueError('two\\nlines')", r"cannot be imported \(ValueError: two lines\); fix"),
        ("raise SystemExit(3)", r"mine\.py: cannot be imported \(SystemExit: 3\); fix it"),
        ("def half(", r"mine\.py: cannot be imported \(SyntaxError: "),
    ],
)
def test_a_users_file_is_told_what_it_lacks(bring: Bring, source: str, complaint: str) -> None:
    with pytest.raises(CatalogueError, match=complaint):
        bring(source)


def test_a_file_that_cannot_be_imported_leaves_no_half_module(bring: Bring) -> None:
    with pytest.raises(CatalogueError):
        bring("raise ValueError")

    assert "raceway_workload_mine" not in sys.modules


def test_a_file_named_like_a_built_in_workload_clashes(bring: Bring) -> None:
    with pytest.raises(CatalogueError, match=r"a workload named 'sleep' exists; rename the file"):
        bring(GOOD, "sleep")


def test_two_files_of_one_name_clash(bring: Bring, tmp_path: Path) -> None:
    bring(GOOD)
    (tmp_path / "other").mkdir()
    twin = (tmp_path / "mine.py").rename(tmp_path / "other" / "mine.py")
    bring(GOOD)

    with pytest.raises(CatalogueError, match="a workload named 'mine' exists"):
        discover([tmp_path / "mine.py", twin])


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"absent\.py: no such file; give a Python file"):
        discover([tmp_path / "absent.py"])


@pytest.mark.parametrize("name", ["my-tasks.py", "2nd.py", "tasks.txt", "tasks"])
def test_a_file_that_lanes_could_not_import_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(GOOD)

    with pytest.raises(
        CatalogueError, match=r"the name cannot be imported; rename the file, as to my_tasks\.py"
    ):
        discover([path])


def test_required_packages_are_named_once_each(bring: Bring) -> None:
    catalogue = bring(GOOD.replace("task=abs", "task=abs, requires=('zope', 'torch')"))

    assert {"torch", "zope"} < set(catalogue.required())
    assert catalogue.required() == sorted(set(catalogue.required()))


@pytest.fixture
def make_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakePackage:
    """Return a function that writes a package of these modules, and returns its registry."""

    def make(sources: dict[str, str]) -> Registry[Any]:
        folder = tmp_path / "fake_registry"
        folder.mkdir()
        for name, source in {"__init__": "", **sources}.items():
            (folder / f"{name}.py").write_text(source)
        monkeypatch.syspath_prepend(tmp_path)
        for name in ("fake_registry", *(f"fake_registry.{name}" for name in sources)):
            monkeypatch.delitem(sys.modules, name, raising=False)
        return Registry(importlib.import_module("fake_registry"), "MODEL", Model)

    return make


MODEL = "from raceway.models.serial import MODEL"


def test_a_registry_names_its_entries_after_their_files(make_package: MakePackage) -> None:
    registry = make_package({"plain_loop": MODEL, "one": MODEL})

    assert [name for name, _ in registry.found()] == ["one", "plain-loop"]


def test_a_registry_leaves_private_files_alone(make_package: MakePackage) -> None:
    assert not list(make_package({"_shared": "raise ValueError"}).found())


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("", r"fake_registry\.broken: does not define MODEL = Model\(\.\.\.\); add it"),
        ("MODEL = 'm'", r"fake_registry\.broken: has a str as MODEL = Model\(\.\.\.\)"),
        (
            "1 / 0",
            r"fake_registry\.broken: cannot be imported \(ZeroDivisionError: division by zero",
        ),
    ],
)
def test_a_registry_names_the_file_that_lacks_something(
    make_package: MakePackage, source: str, complaint: str
) -> None:
    registry = make_package({"broken": source})

    with pytest.raises(CatalogueError, match=complaint):
        list(registry.found())


def test_a_workload_is_no_model(make_package: MakePackage) -> None:
    registry = make_package({"swapped": "from raceway.workloads.sleep import WORKLOAD as MODEL"})

    with pytest.raises(CatalogueError, match=f"has a {Workload.__name__} as MODEL = Model"):
        list(registry.found())


MINE = "from raceway.models.serial import MODEL\n"


def test_a_users_file_is_a_model_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "my_model.py"
    file.write_text(MINE)
    catalogue = discover(model_files=[file])

    assert catalogue.models["my-model"].summary == catalogue.models["serial"].summary
    assert catalogue.files == {"models/my-model": file.resolve()}


def test_a_model_and_a_workload_may_have_the_same_name(bring: Bring, tmp_path: Path) -> None:
    bring(GOOD)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "mine.py").write_text(MINE)
    catalogue = discover([tmp_path / "mine.py"], [tmp_path / "models" / "mine.py"])

    assert {"mine", "models/mine"} == set(catalogue.files)


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("serial", MINE, r"serial\.py: a model named 'serial' exists; rename the file"),
        ("mine", "", r"mine\.py: does not define MODEL = Model\(\.\.\.\); add it"),
        ("mine", "1 / 0", r"mine\.py: cannot be imported \(ZeroDivisionError"),
        ("my-model", MINE, r"--model .*my-model\.py: the name cannot be imported; rename the file"),
        (
            "mine",
            f"from dataclasses import replace\n{MINE}MODEL = replace(MODEL, family='x')",
            r"model mine: family='x'; choose from Family\.ONE_CORE",
        ),
    ],
)
def test_a_users_model_is_told_what_it_lacks(
    tmp_path: Path, name: str, source: str, complaint: str
) -> None:
    (tmp_path / f"{name}.py").write_text(source)

    with pytest.raises(CatalogueError, match=complaint):
        discover(model_files=[tmp_path / f"{name}.py"])
