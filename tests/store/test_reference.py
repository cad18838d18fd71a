"""All the ways to name runs. Runs aa11 (machine b), ab22 and cc33 (machine a), oldest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from raceway.errors import StoreError
from raceway.store.baseline import set_baseline
from raceway.store.reference import refer
from raceway.store.runs import save

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.record import Run
    from support.saved import MakeRun


FIRST, SECOND = "1234567" + "a" * 33, "1234567" + "b" * 33
"""Two commits that begin alike."""
UNMEASURED = "c" * 40
REVISIONS = {"old": FIRST, "trunk": SECOND, "v2": SECOND, "HEAD@{1}": FIRST, "new": UNMEASURED}


def raced_by(run: Run, *labels: str) -> Run:
    environments = [
        msgspec.structs.replace(run.header.environments[0], label=label) for label in labels
    ]
    header = msgspec.structs.replace(run.header, environments=environments)
    return msgspec.structs.replace(run, header=header)


@pytest.fixture
def results(make_run: MakeRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    results = tmp_path / "results"
    for machine, day, run_id, commit in (
        ("b", 1, "aa11", FIRST), ("a", 2, "ab22", SECOND), ("a", 3, "cc33", SECOND),
    ):  # fmt: skip
        started_at = f"2026-11-0{day}T00:00:00+00:00"
        run = make_run(started_at=started_at, run_id=run_id, commit=commit)
        save(raced_by(run, "current", "3.14"), results / machine)
    return results


def path_of(results: Path, run_id: str) -> Path:
    (path,) = results.glob(f"*/*_{run_id}.json")
    return path


def meant(results: Path, word: str) -> list[str]:
    found = refer(results, word, REVISIONS.get).paths
    return [path.stem.rpartition("_")[2] for path in found]


@pytest.mark.parametrize(
    ("word", "run_ids"),
    [
        ("latest", ["cc33"]),
        ("a", ["ab22", "cc33"]),
        ("results/b", ["aa11"]),
        ("results", ["aa11", "ab22", "cc33"]),
        ("b/20261101T000000Z_1234567_aa11.json", ["aa11"]),
        ("results/b/20261101T000000Z_1234567_aa11.json", ["aa11"]),
        ("aa11", ["aa11"]),
        ("ab", ["ab22"]),
        ("old", ["aa11"]),
        ("trunk", ["ab22", "cc33"]),
        ("HEAD@{1}", ["aa11"]),
        (FIRST, ["aa11"]),
        (SECOND[:12], ["ab22", "cc33"]),
        (SECOND[:7], ["aa11", "ab22", "cc33"]),
        ("3.14", ["cc33"]),
        ("current", ["cc33"]),
        ("a@3.14", ["ab22", "cc33"]),
        ("trunk@current", ["ab22", "cc33"]),
    ],
)
def test_runs_have_many_names(results: Path, word: str, run_ids: list[str]) -> None:
    assert meant(results, word) == run_ids


@pytest.mark.parametrize(
    ("word", "interpreter"),
    [
        ("latest", None), ("a@3.14", "3.14"), ("3.14", "3.14"), ("HEAD@{1}", None),
        ("HEAD@{1}@3.14", "3.14"),
    ],
)  # fmt: skip
def test_a_word_may_name_one_interpreter(results: Path, word: str, interpreter: str | None) -> None:
    assert refer(results, word, REVISIONS.get).interpreter == interpreter


def test_a_word_is_remembered_as_it_was_typed(results: Path) -> None:
    assert refer(results, "latest@3.14", REVISIONS.get).word == "latest@3.14"


def test_a_path_with_an_at_sign_is_a_path(make_run: MakeRun, results: Path) -> None:
    path = save(make_run(run_id="dd44"), results.parent / "ann@home")

    assert refer(results, str(path), REVISIONS.get).paths == [path]


def test_the_runs_of_duels_are_found_by_their_folder(make_run: MakeRun, results: Path) -> None:
    path = save(make_run(run_id="dd44"), results / "a" / "duels")

    assert refer(results, "a/duels", REVISIONS.get).paths == [path]


def test_a_run_of_a_duel_is_found_by_its_id(make_run: MakeRun, results: Path) -> None:
    path = save(make_run(run_id="dd44"), results / "a" / "duels")

    assert refer(results, "dd", REVISIONS.get).paths == [path]


@pytest.mark.parametrize("folder", ["duels", "gates"])
@pytest.mark.parametrize("word", ["latest", "a", "trunk", "results"])
def test_a_run_of_a_duel_or_gate_belongs_to_nothing_else(
    make_run: MakeRun, results: Path, word: str, folder: str
) -> None:
    later = make_run(run_id="dd44", commit=SECOND, started_at="2026-11-09T00:00:00+00:00")
    save(later, results / "a" / folder)

    assert "dd44" not in meant(results, word)


@pytest.mark.parametrize("name", ["baseline", "v1", "3.14", "trunk", "ab", "b"])
def test_a_baseline_goes_before_everything_else_of_its_name(results: Path, name: str) -> None:
    set_baseline(path_of(results, "ab22"), name)

    assert meant(results, name) == ["ab22"]


def test_the_baseline_is_that_of_the_machine_measured_last(results: Path) -> None:
    for run_id in ("aa11", "ab22"):
        set_baseline(path_of(results, run_id))

    assert meant(results, "baseline") == ["ab22"]


def test_the_baseline_of_another_machine_will_do(results: Path) -> None:
    set_baseline(path_of(results, "aa11"))

    assert meant(results, "baseline") == ["aa11"]


def test_a_baseline_whose_run_is_gone_is_none(results: Path) -> None:
    set_baseline(path_of(results, "ab22"))
    path_of(results, "ab22").unlink()

    with pytest.raises(StoreError, match=r"^baseline: no run, .* No baseline is set: `raceway b"):
        meant(results, "baseline")


def test_runs_of_a_clean_checkout_go_before_dirty_ones(make_run: MakeRun, results: Path) -> None:
    run = make_run(run_id="dd44", commit=SECOND, started_at="2026-11-04T00:00:00+00:00")
    changed = msgspec.structs.replace(run.header.commit, dirty=True)
    header = msgspec.structs.replace(run.header, commit=changed)
    save(msgspec.structs.replace(run, header=header), results / "a")

    assert meant(results, "trunk") == ["ab22", "cc33"]


def test_dirty_runs_will_do_where_there_is_no_clean_one(make_run: MakeRun, results: Path) -> None:
    run = make_run(run_id="dd44", commit=UNMEASURED)
    changed = msgspec.structs.replace(run.header.commit, dirty=True)
    header = msgspec.structs.replace(run.header, commit=changed)
    save(msgspec.structs.replace(run, header=header), results / "a")

    assert meant(results, "new") == ["dd44"]


def test_files_that_cannot_be_read_are_at_no_commit(results: Path) -> None:
    path_of(results, "cc33").write_bytes(b"{")

    assert meant(results, "trunk") == ["ab22"]


def test_the_start_of_several_run_ids_is_refused(make_run: MakeRun, results: Path) -> None:
    save(make_run(run_id="ab99"), results / "b")

    with pytest.raises(StoreError, match=r"^ab is the start of several run ids\. Choose from: "):
        meant(results, "ab")


NOTHING = "no run, folder, machine, baseline, measured git revision or interpreter in "


@pytest.mark.parametrize(
    "word",
    ["zz", "", "@", "@3.14", "new", UNMEASURED, "--help", "-x", "../..", "\x1b[2J", "x" * 9_999],
)
def test_a_word_that_means_nothing_is_told_in_one_line(results: Path, word: str) -> None:
    with pytest.raises(StoreError, match=rf"^[ -~]*: {NOTHING}[ -~]*$"):
        meant(results, word)


def test_what_there_is_instead_is_listed(results: Path) -> None:
    set_baseline(path_of(results, "ab22"), "v1")
    set_baseline(path_of(results, "cc33"), "v2")

    with pytest.raises(StoreError) as raised:
        meant(results, "zz")

    newest = ", ".join(
        str(path_of(results, run_id).relative_to(results)) for run_id in ("cc33", "ab22", "aa11")
    )
    assert str(raised.value).endswith(f" The newest runs are {newest}. Baselines: v1, v2.")


def test_the_missing_baseline_is_told_with_how_to_set_it(results: Path) -> None:
    with pytest.raises(StoreError) as raised:
        meant(results, "baseline")

    assert str(raised.value) == (
        f"baseline: {NOTHING}{results}. No baseline is set: `raceway baseline set latest`."
    )


@pytest.mark.parametrize("word", ["latest", "baseline", "zz", "zz@3.14"])
def test_an_empty_results_folder_says_how_to_fill_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StoreError, match="It holds none yet: measure one with `pytest bench/`"):
        meant(tmp_path / "results", word)


def test_no_interpreter_is_known_where_the_latest_run_cannot_be_read(results: Path) -> None:
    path_of(results, "cc33").write_bytes(b"\xff\xfe")

    with pytest.raises(StoreError, match=NOTHING):
        meant(results, "3.14")
