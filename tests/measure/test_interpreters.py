"""Lanes in other interpreters than the controller's, with nothing installed in them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from raceway.errors import LaneError, SelectionError
from raceway.measure.control.lanes import survey
from support.lanes import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable

    from raceway.plan.catalogue import Catalogue
    from support.lanes import StartLane, Strays


RIGHT_ANSWERS = """
def task(number):
    return number + 1
WORKLOAD = Workload(summary="", kind=Kind.CPU, task=task, sizes={"few": (1, 2, 3)})
"""


def found(name: str) -> str:
    """Return an interpreter of that name; skip if there is none, or none that starts."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not on the path")
    question = [path, "-c", "import sys; print(sys.executable)"]
    asked = subprocess.run(question, capture_output=True, text=True, check=False)
    if asked.returncode:
        pytest.skip(f"{name} does not start")
    return asked.stdout.strip()


@pytest.mark.parametrize("model", ["threads", "processes-spawn"])
@pytest.mark.parametrize(
    "name", ["python3.11", "python3.12", "python3.13", "python3.13t", "python3.14", "python3.15"]
)
async def test_another_interpreter_races_with_nothing_installed_in_it(
    bring: Callable[[str], Catalogue], start: StartLane, name: str, model: str
) -> None:
    lane = await start(bring(RIGHT_ANSWERS), [found(name), "-I"])
    await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
    await lane.ask("open", PATIENCE_S, model=model, workers=2, reference=False, audit=False)

    assert (await lane.ask("close", PATIENCE_S))["left_behind"] == []


@pytest.mark.parametrize("name", ["python3.9", "python3.10"])
async def test_an_interpreter_that_is_too_old_leaves_nothing_behind(
    start: StartLane, strays: Strays, name: str
) -> None:
    with pytest.raises(LaneError, match="exited with code 1: "):
        await start(None, [found(name)])

    assert strays() == []


@pytest.fixture
def catalogue(bring: Callable[[str], Catalogue]) -> Catalogue:
    """Return a catalogue whose workload needs a package."""
    return bring(RIGHT_ANSWERS.replace("summary", "requires=('json', 'no_such_package'), summary"))


@pytest.mark.usefixtures("temporary")
async def test_every_interpreter_is_asked_what_it_can_do(catalogue: Catalogue) -> None:
    commands = {"current": (sys.executable,), "bare": (sys.executable, "-I", "-S")}

    known = await survey(commands, catalogue)

    assert {each.label: each.command for each in known} == commands
    assert all(each.facts["version_info"] == list(sys.version_info[:2]) for each in known)


@pytest.mark.usefixtures("temporary")
async def test_interpreters_look_for_what_the_catalogue_needs(catalogue: Catalogue) -> None:
    (known,) = await survey({"current": (sys.executable,)}, catalogue)

    wanted: dict[str, Any] = known.facts["present"]
    assert (wanted["json"], wanted["no_such_package"]) == (True, False)


async def test_a_survey_leaves_nothing_behind(catalogue: Catalogue, strays: Strays) -> None:
    await survey({"current": (sys.executable,)}, catalogue)

    assert strays() == []


async def test_an_interpreter_that_does_not_start_is_named(catalogue: Catalogue) -> None:
    with pytest.raises(
        SelectionError,
        match=r"^interpreter odd: not a Python 3\.11 or newer that starts: no-such-python: can",
    ):
        await survey({"odd": ("no-such-python",)}, catalogue)


LACKS = """
import no_such_package
WORKLOAD = Workload(summary="", kind=Kind.CPU, task=abs, sizes={"few": (1, 2, 3)})
"""


async def test_what_another_interpreter_cannot_import_is_told_with_what_to_do(
    bring: Callable[[str], Catalogue], start: StartLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "no_such_package", sys)
        catalogue = bring(LACKS)
    lane = await start(catalogue)

    with pytest.raises(LaneError, match=r"No module named 'no_such_package'.*env PYTHONPATH=FOL"):
        await lane.ask("prepare", PATIENCE_S, workload="mine", size="few", device="cpu")
