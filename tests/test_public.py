"""What `import raceway` offers, and that it costs nothing until it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import raceway

SURFACE = {
    "__version__": "raceway",
    "load": "raceway",
    "race": "raceway",
    "Family": "raceway.case",
    "Kind": "raceway.case",
    "Model": "raceway.case",
    "Scope": "raceway.case",
    "Workers": "raceway.case",
    "Workload": "raceway.case",
    "EngineError": "raceway.lap",
    "Job": "raceway.lap",
    "Raced": "raceway.notebook.raced",
    "Lap": "raceway.lap",
    "Runner": "raceway.lap",
    "over_event_loop": "raceway.lap",
    "over_executor": "raceway.lap",
    "over_pool": "raceway.lap",
    "sent_by_value": "raceway.lap",
    "served": "raceway.serving",
    "synchronised": "raceway.lap",
    "timed": "raceway.lap",
}
"""Public name to where it lives. A change here is a change for users: CHANGELOG.md tells it."""


def test_what_is_public_is_named_and_no_more() -> None:
    assert set(raceway.__all__) == SURFACE.keys()
    assert set(dir(raceway)) >= SURFACE.keys()


@pytest.mark.parametrize("name", SURFACE)
def test_a_public_name_is_that_of_its_module(name: str) -> None:
    assert getattr(raceway, name) is getattr(import_module(SURFACE[name]), name)


def test_type_checkers_see_every_public_name() -> None:
    tree = ast.parse(Path(raceway.__file__).read_text(encoding="utf-8"))
    seen = {
        (alias.name, f"{node.module}")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("raceway.")
        for alias in node.names
    }

    assert seen == {(name, module) for name, module in SURFACE.items() if module != "raceway"}


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="module 'raceway' has no attribute 'Wrkload'"):
        _ = raceway.Wrkload  # type: ignore[attr-defined]


def test_importing_raceway_imports_nothing_else() -> None:
    program = (
        "import sys; before = {*sys.modules}; import raceway; "
        "print(*sorted({*sys.modules} - before - {'__future__'}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )

    assert told.stdout.split() == ["raceway"]
