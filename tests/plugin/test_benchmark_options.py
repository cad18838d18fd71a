"""pytest-benchmark's own options keep working."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pytest

from raceway.session.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from raceway.measure.group.plan import Spectator
    from support.project import Measure


@pytest.fixture
def raced(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """Return the ids of the cases of each race that is run."""
    races: list[set[str]] = []
    race = Session.race

    def note(session: Session, *spectators: Spectator) -> None:
        races.append(set(session.names))
        race(session, *spectators)

    monkeypatch.setattr(Session, "race", note)
    return races


def folders_of(path: Path) -> set[str]:
    return {folder.name for folder in path.iterdir() if folder.is_dir()}


def test_disabled_benchmarks_pass(measure: Measure) -> None:
    measure("--benchmark-disable").assert_outcomes(passed=2)


@pytest.mark.usefixtures("wrong_in_threads")
def test_disabled_benchmarks_are_still_checked(measure: Measure) -> None:
    measure("--benchmark-disable").assert_outcomes(passed=1, failed=1)


def test_disabled_benchmarks_measure_each_case_in_one_round(
    measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[int] = []
    race = Session.race

    def count(session: Session, *spectators: Spectator) -> None:
        race(session, *spectators)
        launches = [launch for group in session.groups for launch in group.launches.values()]
        rounds.extend(len(launch.rounds_ns) for launch in launches)

    monkeypatch.setattr(Session, "race", count)
    measure("--benchmark-disable")

    assert rounds == [1, 1]


def test_disabled_benchmarks_leave_no_file(
    tiny_project: pytest.Pytester, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tiny_project.mkdir("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    measure("--benchmark-disable", "--basetemp=base")

    assert [path for path in temporary.iterdir() if "raceway" in path.name] == []
    assert "results" not in folders_of(tiny_project.path)


def test_disabled_benchmarks_that_are_no_cases_leave_no_file_either(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(
        test_plain="""
        import pytest

        @pytest.mark.raceway
        def test_plain(benchmark):
            assert benchmark(int) == 1
        """
    )
    measure("--benchmark-disable", "test_plain.py").assert_outcomes(failed=1)

    assert "results" not in folders_of(tiny_project.path)


def test_skipped_benchmarks_are_not_raced(measure: Measure, raced: list[set[str]]) -> None:
    measure("--benchmark-skip").assert_outcomes(skipped=2)

    assert raced == []


def test_benchmarks_are_saved_where_pytest_benchmark_saves_them(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    measure("--benchmark-autosave")

    assert len(list(tiny_project.path.glob(".benchmarks/*/0001_*.json"))) == 1


def test_benchmarks_are_compared_with_what_pytest_benchmark_saved(measure: Measure) -> None:
    measure("--benchmark-autosave", "-k", "serial")
    result = measure("--benchmark-compare", "-k", "serial", "--benchmark-columns=median")

    result.stdout.fnmatch_lines_random(
        ["test_tiny?tiny-few-serial-w1? (0001_*", "test_tiny?tiny-few-serial-w1? (NOW)*"]
    )


@pytest.mark.parametrize("selection", [("-k", "serial"), ("-m", "raceway", "-k", "serial")])
def test_only_selected_cases_are_raced(
    measure: Measure, raced: list[set[str]], selection: tuple[str, ...]
) -> None:
    measure(*selection).assert_outcomes(passed=1, deselected=1)

    assert raced == [{"tiny-few-serial-w1"}]


def test_nothing_is_raced_if_all_is_deselected(measure: Measure, raced: list[set[str]]) -> None:
    measure("-m", "not raceway").assert_outcomes(deselected=2)

    assert raced == []


def test_collecting_races_nothing(
    tiny_project: pytest.Pytester, measure: Measure, raced: list[set[str]]
) -> None:
    result = measure("--collect-only", "-q")

    assert "test_tiny.py::test_tiny[tiny-few-serial-w1]" in result.outlines
    assert raced == []
    assert "results" not in folders_of(tiny_project.path)


@pytest.mark.usefixtures("wrong_in_threads")
def test_the_first_failure_can_end_the_session(
    tiny_project: pytest.Pytester, measure: Measure
) -> None:
    tiny_project.makepyfile(test_later="def test_later(): pass")

    result = measure("-x", "test_tiny.py", "test_later.py")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["saved: *.json"])
