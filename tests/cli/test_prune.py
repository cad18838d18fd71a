from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from support.command import Raceway


DAYS = [f"2026112{day}T000000Z_abcdef0_{day}{day}{day}{day}.json" for day in range(1, 6)]
"""Names of runs, oldest first."""


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Return a results folder with five runs of each of two machines."""
    for machine in ("box", "vm"):
        put(tmp_path / "results" / machine, *DAYS)
    return tmp_path / "results"


def put(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("{}", encoding="utf-8")


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_file())


def test_the_newest_runs_of_each_machine_stay(raceway: Raceway, results: Path) -> None:
    code, output, errors = raceway("prune", "--keep=2")

    assert left_in(results / "box") == left_in(results / "vm") == DAYS[3:]
    assert output == [
        f"removed results/{machine}/{name}" for machine in ("box", "vm") for name in DAYS[:3]
    ]
    assert (code, errors) == (0, [])


def test_a_dry_run_tells_and_removes_nothing(raceway: Raceway, results: Path) -> None:
    code, output, errors = raceway("prune", "--keep=4", "--dry-run")

    assert left_in(results / "box") == DAYS
    assert output == [f"would remove results/{name}/{DAYS[0]}" for name in ("box", "vm")]
    assert (code, errors) == (0, [])


def test_what_a_baseline_names_stays(raceway: Raceway, results: Path) -> None:
    put(results / "box" / "gates", *DAYS)
    (results / "box" / "release.baseline").write_text(f"{DAYS[0]}\n")
    (results / "box" / "baseline.baseline").write_text(f"gates/{DAYS[1]}\n")
    raceway("prune", "--keep=1")

    stayed = [DAYS[0], DAYS[1], DAYS[4]]
    assert left_in(results / "box") == [*stayed, "baseline.baseline", "release.baseline"]
    assert left_in(results / "box" / "gates") == stayed
    assert left_in(results / "vm") == DAYS[4:]


def test_nothing_goes_while_a_baseline_cannot_be_read(raceway: Raceway, results: Path) -> None:
    (results / "vm" / "baseline.baseline").write_bytes(b"\xff")
    code, output, (error,) = raceway("prune", "--keep=1")

    assert error.startswith("raceway: results/vm/baseline.baseline: names no run; ")
    assert left_in(results / "box") == DAYS
    assert (code, output) == (4, [])


def test_only_files_that_raceway_named_go(raceway: Raceway, results: Path) -> None:
    foreign = ["0001_mine.json", "20261101T000000Z.json", f"{DAYS[0]}.journal", "notes.txt"]
    put(results / "box", *foreign)
    (results / "box" / f"{DAYS[0][:-5]}_9.json").symlink_to(results / "vm" / DAYS[4])
    raceway("prune", "--keep=5")
    assert len(left_in(results / "box")) == len([*foreign, *DAYS]) + 1
    raceway("prune", "--keep=1")

    assert left_in(results / "box") == sorted([*foreign, DAYS[4], f"{DAYS[0][:-5]}_9.json"])
    assert left_in(results / "vm") == DAYS[4:]


def test_a_linked_folder_is_left_alone(raceway: Raceway, results: Path, tmp_path: Path) -> None:
    put(tmp_path / "archive", *DAYS)
    (results / "linked").symlink_to(tmp_path / "archive")
    raceway("prune", "--keep=1")

    assert left_in(tmp_path / "archive") == DAYS


def test_duels_and_gates_are_counted_apart_and_both_sides_as_one(
    raceway: Raceway, results: Path
) -> None:
    sides = [name.replace("_abcdef0_", f"_{side}_") for name in DAYS for side in ("aaa", "bbb")]
    put(results / "box" / "duels", *sides)
    put(results / "box" / "gates", *DAYS)
    raceway("prune", "--keep=2")

    assert left_in(results / "box") == left_in(results / "box" / "gates") == DAYS[3:]
    assert left_in(results / "box" / "duels") == sides[6:]


def test_where_nothing_is_too_much_that_is_told(raceway: Raceway, results: Path) -> None:
    assert raceway("prune", "--keep=9") == (
        0, ["nothing to remove: no machine has more than 9"], []
    )  # fmt: skip
    assert left_in(results / "box") == DAYS


@pytest.mark.parametrize("keep", ["0", "-1"])
def test_fewer_than_one_run_is_refused(raceway: Raceway, results: Path, keep: str) -> None:
    code, output, (error,) = raceway("prune", f"--keep={keep}")

    assert error == f"raceway: --keep {keep}: give a whole number above 0"
    assert left_in(results / "box") == DAYS
    assert (code, output) == (4, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [((), "Missing option '--keep'"), (("--keep=1", "--results=no"), "no: no such folder; ")],
)
def test_a_wrong_call_is_refused_in_one_line(
    raceway: Raceway, arguments: tuple[str, ...], said: str
) -> None:
    code, output, (error,) = raceway("prune", *arguments)

    assert error.startswith(f"raceway: {said}")
    assert (code, output) == (4, [])


def test_a_file_that_cannot_be_removed_is_told(
    raceway: Raceway, results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, *, missing_ok: bool) -> None:  # noqa: ARG001
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.unlink", refuse)
    code, _, (error,) = raceway("prune", "--keep=1")

    assert error.startswith(f"raceway: results/box/{DAYS[0]}: cannot remove (Permission denied).")
    assert code == 4
    assert left_in(results / "box") == DAYS
