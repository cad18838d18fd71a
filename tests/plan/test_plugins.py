"""Installed packages add models and workloads, and a broken one harms nobody."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from raceway.plan.brought import Brought
from raceway.plan.catalogue import discover, known_models
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from support.files import MakeTree
    from support.lanes import StartLane

    Install = Callable[..., Path]

MODEL = """
from raceway.models.serial import MODEL
"""
OTHER_FAMILY = """
from dataclasses import replace
from raceway.models.serial import MODEL
MODEL = replace(MODEL, family="mine")
"""
WORKLOAD = """
from raceway import Kind, Workload
def task(number):
    return number
WORKLOAD = Workload(summary="", kind=Kind.CPU, task=task, expected=int, sizes={"few": (1, 2)})
"""


@pytest.fixture
def install(make_tree: MakeTree, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return a function that installs a package of these modules and entry points."""
    before = set(sys.modules)

    def make(modules: dict[str, str], points: str, folder: str = "site-packages") -> Path:
        home = "plugged-1.0.dist-info"
        files = {
            **{f"{name}.py": text for name, text in modules.items()},
            f"{home}/METADATA": "Metadata-Version: 2.1\nName: plugged\nVersion: 1.0\n",
            f"{home}/entry_points.txt": points,
        }
        root = make_tree({f"{folder}/{path}": text for path, text in files.items()}) / folder
        monkeypatch.syspath_prepend(root)
        return root

    yield make
    for name in set(sys.modules) - before:
        if name.startswith("plugged"):
            del sys.modules[name]


def test_a_plug_in_is_found_by_the_name_of_its_entry_point(install: Install) -> None:
    root = install(
        {"plugged_one": MODEL, "plugged_two": WORKLOAD},
        "[raceway.models]\nfar_away = plugged_one\n[raceway.workloads]\nfar_work = plugged_two\n",
    )
    catalogue = discover()

    assert catalogue.models["far-away"] is catalogue.models["serial"]
    assert list(catalogue.workloads["far-work"].sizes) == ["few"]
    assert catalogue.under_test == {}
    assert catalogue.plugged == {
        "models/far-away": root / "plugged_one.py", "far-work": root / "plugged_two.py",
    }  # fmt: skip
    assert "far-away" in known_models()


@pytest.mark.parametrize(
    ("source", "name", "why"),
    [
        ("import no_such_package", "far", "cannot be imported (ModuleNotFoundError: No module nam"),
        ("raise SystemExit(3)", "far", "cannot be imported (SystemExit: 3); skipped"),
        ("", "far", "plugged_one: does not define MODEL = Model(...); add it"),
        (MODEL, "serial", "another one has its name; skipped"),
        (OTHER_FAMILY, "far", "model far: family='mine'; choose from Family.ONE_CORE"),
    ],
)
def test_a_broken_plug_in_is_named_in_one_line_and_skipped(
    install: Install, source: str, name: str, why: str
) -> None:
    install({"plugged_one": source}, f"[raceway.models]\n{name} = plugged_one\n")
    catalogue = discover()
    (note,) = catalogue.notes

    assert note.startswith(f"plug-in {name} of plugged 1.0 (raceway.models): {why}")
    assert "\n" not in note
    assert "far" not in catalogue.models
    assert catalogue.plugged == {}


async def test_plug_ins_travel_to_lanes(install: Install, start: StartLane) -> None:
    root = install(
        {"plugged_one": MODEL, "plugged_two": WORKLOAD},
        "[raceway.models]\nfar_away = plugged_one\n[raceway.workloads]\nfar_work = plugged_two\n",
    )
    catalogue = discover()
    lane = await start(catalogue)
    (root / "plugged_one.py").unlink()
    (root / "plugged_two.py").unlink()

    await lane.ask("prepare", PATIENCE_S, workload="far-work", size="few", device="cpu")
    opened = await lane.ask(
        "open", PATIENCE_S, model="far-away", workers=1, reference=False, audit=False
    )

    assert opened["cold_s"] > 0


def test_a_plug_in_adds_no_folder_of_installed_packages_to_the_path_of_lanes(
    install: Install,
) -> None:
    install({"plugged_two": WORKLOAD}, "[raceway.workloads]\nfar = plugged_two\n")
    (file,) = discover().plugged.values()

    assert file.parent.name == "site-packages"
    assert Brought.of(file).folders == []
