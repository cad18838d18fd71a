from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raceway.errors import StoreError
from raceway.store.runs import find, save

if TYPE_CHECKING:
    from pathlib import Path

    from support.saved import MakeRun


@pytest.fixture
def registry(make_run: MakeRun, tmp_path: Path) -> Path:
    for machine, day, run_id in (("b", 1, "aa11"), ("a", 2, "ab22"), ("a", 3, "cc33")):
        run = make_run(started_at=f"2026-11-0{day}T00:00:00+00:00", run_id=run_id)
        save(run, tmp_path / machine)
    return tmp_path


@pytest.mark.parametrize(
    ("what", "run_ids"),
    [
        (None, ["cc33"]),
        ("latest", ["cc33"]),
        ("aa", ["aa11"]),
        ("cc33", ["cc33"]),
        ("a", ["ab22", "cc33"]),
        ("b/20261101T000000Z_0123456_aa11.json", ["aa11"]),
        (".", ["aa11", "ab22", "cc33"]),
    ],
)
def test_runs_are_found(
    registry: Path, what: str | None, run_ids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(registry)

    found = find(registry, what)

    assert run_ids == [path.stem.rpartition("_")[2] for path in found]


def test_a_path_from_elsewhere_is_found(make_run: MakeRun, tmp_path: Path) -> None:
    path = save(make_run(), tmp_path / "elsewhere")

    assert find(tmp_path / "results", str(path)) == [path]


def test_the_latest_is_one_of_ours_if_there_is_any(registry: Path) -> None:
    (registry / "a" / "9999_plain.json").touch()

    assert find(registry)[0].name == "20261103T000000Z_0123456_cc33.json"


def test_the_latest_is_a_plain_file_where_there_is_none_of_ours(tmp_path: Path) -> None:
    (tmp_path / "0001_plain.json").touch()

    assert find(tmp_path) == [tmp_path / "0001_plain.json"]


def test_what_is_not_found_is_told_with_what_exists(registry: Path) -> None:
    with pytest.raises(
        StoreError, match=r"^no run zz in .*Choose from: .*cc33.*ab22.*aa11\.json\.$"
    ):
        find(registry, "zz")


def test_the_start_of_several_run_ids_is_refused(make_run: MakeRun, tmp_path: Path) -> None:
    for run_id in ("aa11", "aa22"):
        save(make_run(run_id=run_id), tmp_path)

    with pytest.raises(StoreError, match=r"^aa is the start of several run ids\. Choose from:"):
        find(tmp_path, "aa")


def test_an_empty_registry_says_how_to_fill_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="It holds none yet: measure one"):
        find(tmp_path / "results")


def test_many_runs_are_counted_rather_than_listed(make_run: MakeRun, tmp_path: Path) -> None:
    for number in range(13):
        save(make_run(run_id=f"a{number}"), tmp_path)

    with pytest.raises(StoreError, match=r"and 3 older\.$"):
        find(tmp_path, "zz")
