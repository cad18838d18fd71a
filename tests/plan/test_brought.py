"""Files of users are modules of their own: their relative imports never find raceway's."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from raceway.errors import CatalogueError, LaneError
from raceway.plan.brought import Brought, relative_import
from raceway.plan.catalogue import discover
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.files import MakeTree
    from support.lanes import StartLane

WORK = """
from raceway import Kind, Workload
{imports}
def task(number):
    return number * FACTOR
WORKLOAD = Workload(
    summary="", kind=Kind.CPU, task=task, expected=lambda n: 7 * n, sizes={{"few": (1, 2)}}
)
"""
PACKAGE = {
    "brought_service/__init__.py": "",
    "brought_service/factors.py": "FACTOR = 7",
    "brought_service/deep/__init__.py": "",
    "brought_service/deep/near.py": "from ..factors import FACTOR",
}


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Forget what the test has imported."""
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("brought_service", "raceway_workload_", "email")):
            sys.modules.pop(name)


async def raced(lane_of: StartLane, file: Path, model: str) -> None:
    """Race a file's two tasks once; LaneError if they fail."""
    lane = await lane_of(discover([file]))
    await lane.ask("prepare", PATIENCE_S, workload=file.stem, size="few", device="cpu")
    await lane.ask("open", PATIENCE_S, model=model, workers=2, reference=False, audit=False)


@pytest.mark.parametrize("model", ["serial", "processes-spawn"])
@pytest.mark.parametrize(
    ("path", "imports"),
    [
        ("brought_service/tasks.py", "from .factors import FACTOR"),
        ("brought_service/tasks.py", "from . import factors\nFACTOR = factors.FACTOR"),
        ("brought_service/deep/tasks.py", "from ..factors import FACTOR"),
        ("brought_service/deep/tasks.py", "from .near import FACTOR"),
    ],
)
async def test_relative_imports_are_of_the_files_own_package(
    make_tree: MakeTree, start: StartLane, path: str, imports: str, model: str
) -> None:
    root = make_tree({**PACKAGE, path: WORK.format(imports=imports)})

    await raced(start, root / path, model)


@pytest.mark.skipif(os.name == "nt", reason="its file names cannot be so")
@pytest.mark.parametrize("model", ["serial", "processes-spawn"])
async def test_a_package_may_have_a_name_that_is_no_utf_8(
    make_tree: MakeTree, start: StartLane, model: str
) -> None:
    package = os.fsdecode(b"brought_service\xe9")
    files = {f"{package}/__init__.py": "", f"{package}/factors.py": "FACTOR = 7"}
    path = f"{package}/tasks.py"
    root = make_tree({**files, path: WORK.format(imports="from .factors import FACTOR")})

    await raced(start, root / path, model)


@pytest.mark.parametrize("imports", ["from .sleep import sleep", "from . import primes"])
def test_raceways_own_modules_are_never_found(make_tree: MakeTree, imports: str) -> None:
    root = make_tree({"tasks.py": WORK.format(imports=imports)})

    with pytest.raises(CatalogueError, match=r"tasks\.py: `from \..*` needs a package"):
        discover([root / "tasks.py"])


def test_a_module_that_the_package_lacks_is_missing_though_raceway_has_one(
    make_tree: MakeTree,
) -> None:
    path = "brought_service/tasks.py"
    root = make_tree({**PACKAGE, path: WORK.format(imports="from .sleep import sleep")})

    with pytest.raises(CatalogueError, match=r"No module named 'brought_service\.sleep'"):
        discover([root / path])


def test_a_package_that_python_finds_elsewhere_is_refused(make_tree: MakeTree) -> None:
    path = "email/message.py"
    root = make_tree({"email/__init__.py": "", path: "from . import errors\nWORKLOAD = 1"})

    with pytest.raises(CatalogueError, match=r"is email\.message by its folders, but Python finds"):
        discover([root / path])


async def test_a_lane_that_finds_another_file_of_that_name_says_so(
    make_tree: MakeTree, start: StartLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "brought_service/tasks.py"
    root = make_tree({**PACKAGE, path: WORK.format(imports="from .factors import FACTOR")})
    other = make_tree({f"other/{name}": text for name, text in PACKAGE.items()}) / "other"
    (other / path).write_text("WORKLOAD = None")
    monkeypatch.setenv("PYTHONPATH", str(other))

    with pytest.raises(LaneError, match=r"brought_service\.tasks is another file here: .*other"):
        await raced(start, root / path, "serial")


async def test_a_file_named_like_a_module_of_the_library_is_raced(
    make_tree: MakeTree, start: StartLane
) -> None:
    source = WORK.format(imports="import random\nFACTOR = 7 if hasattr(random, 'Random') else 0")
    root = make_tree({"random.py": source})

    await raced(start, root / "random.py", "processes-spawn")


def test_a_file_without_relative_imports_stands_alone(make_tree: MakeTree) -> None:
    root = make_tree({**PACKAGE, "brought_service/tasks.py": "WORKLOAD = 1"})
    brought = Brought.of(root / "brought_service/tasks.py")

    assert (brought.name, brought.source) == ("", b"WORKLOAD = 1")
    assert brought.folders == [str(root / "brought_service")]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from .near import x", ".near"),
        ("def f():\n    from .. import x", ".."),
        ("from near import x\nimport y", ""),
        ("def half(", ""),
    ],
)
def test_a_relative_import_is_found_wherever_it_is(tmp_path: Path, source: str, found: str) -> None:
    (tmp_path / "tasks.py").write_text(source)

    assert relative_import(tmp_path / "tasks.py") == found


MODEL = """
from raceway.models.threads import MODEL as THREADS
{imports}
MODEL = THREADS if FACTOR == 7 else None
"""


@pytest.mark.parametrize(
    ("path", "imports"),
    [
        ("brought_service/my_pool.py", "from .factors import FACTOR"),
        ("my_pool.py", "from brought_service_factors import FACTOR"),
    ],
)
async def test_a_users_model_is_raced_and_imports_its_neighbours(
    make_tree: MakeTree, start: StartLane, path: str, imports: str
) -> None:
    files = {**PACKAGE, "brought_service_factors.py": "FACTOR = 7"}
    root = make_tree({**files, path: MODEL.format(imports=imports)})
    lane = await start(discover(model_files=[root / path]))

    await lane.ask("prepare", PATIENCE_S, workload="primes", size="100", device="cpu")
    opened = await lane.ask(
        "open", PATIENCE_S, model="my-pool", workers=2, reference=False, audit=False
    )

    assert opened["cold_s"] > 0
