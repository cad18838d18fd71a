from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.record import Status
from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway
    from support.saved import MakeRun


def test_the_latest_run_becomes_the_baseline(raceway: Raceway, saved_file: Path) -> None:
    assert raceway("baseline", "set") == (
        0,
        [f"baseline is {saved_file.name} now (saved in results/machine/baseline.baseline)"],
        [],
    )


@pytest.fixture
def several(saved_file: Path, make_run: MakeRun) -> None:
    """Save three runs, the last of them that of a duel."""
    save(make_run(run_id="other"), saved_file.parent)
    save(make_run(run_id="0000"), saved_file.parent / "duels")


@pytest.mark.parametrize("run", ["3f9a", "latest", "machine"])
def test_a_run_becomes_a_baseline_of_any_name(raceway: Raceway, saved_file: Path, run: str) -> None:
    raceway("baseline", "set", run, "--name=v1")

    assert raceway("baseline", "list") == (0, [f"machine: v1 is {saved_file.name}"], [])


def test_no_baseline_is_told_with_how_to_set_one(raceway: Raceway) -> None:
    assert raceway("baseline", "list") == (
        0, ["no baseline is set; `raceway baseline set latest` sets one"], [],
    )  # fmt: skip


@pytest.mark.usefixtures("several")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("zz",), "no run zz in results. Choose from: "),
        (("machine/..",), "machine/..: means 2 runs; name one"),
        (
            ("latest", "--name=../up"),
            "../up: not a name for a baseline; use letters, digits, . _ -",
        ),
        (("latest", "--name=latest"), "latest: always means the newest run; choose another name"),
        (("0000",), "0000: not in a machine's folder of results; no command looks there"),
    ],
)
def test_what_cannot_be_a_baseline_is_refused_in_one_line(
    raceway: Raceway, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    code, output, (error,) = raceway("baseline", "set", *arguments)

    assert error.startswith(f"raceway: {said}")
    assert (code, output) == (4, [])
    assert list(tmp_path.rglob("*.baseline")) == []


def test_an_interrupted_run_is_refused_in_one_line(
    raceway: Raceway, make_run: MakeRun, tmp_path: Path
) -> None:
    run = msgspec.structs.replace(make_run(), status=Status.INTERRUPTED)
    save(run, tmp_path / "results" / "machine")
    code, output, (error,) = raceway("baseline", "set")

    assert error.endswith(": was interrupted; choose a run without failures")
    assert (code, output) == (4, [])


def test_a_file_from_elsewhere_is_refused(
    raceway: Raceway, make_run: MakeRun, tmp_path: Path
) -> None:
    path = save(make_run(), tmp_path / "elsewhere" / "machine")

    assert raceway("baseline", "set", str(path))[0] == 4
    assert list(path.parent.iterdir()) == [path]
