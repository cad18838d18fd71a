"""Projects that do not ask for raceway notice nothing of it."""

from __future__ import annotations

import pytest

from raceway.session.lineup import Lineup

INI = """
[pytest]
asyncio_default_fixture_loop_scope = function
addopts = --strict-markers
"""
OWN_NAMES = """
import pytest

@pytest.fixture
def device():
    return "their own"

@pytest.fixture
def race():
    return "their own"

def test_fixtures(device, race):
    assert device == race == "their own"

@pytest.mark.parametrize("case", [1, 2])
def test_parameter(case):
    assert case in {1, 2}
"""
OWN_BENCHMARK = """
import pytest

@pytest.fixture
def benchmark():
    return {"their": "own"}

def test_benchmark(benchmark):
    assert benchmark == {"their": "own"}
"""
ORDINARY = """
def test_ordinary():
    pass
"""
BENCHMARK = """
def test_benchmark(benchmark):
    assert benchmark.pedantic(int) == 0
"""


@pytest.fixture
def unrelated(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """Return a project where looking for what could race is an error."""

    def assemble() -> None:
        raise AssertionError("looked for what could race")

    monkeypatch.setattr(Lineup, "assemble", assemble)
    pytester.makeini(INI)
    return pytester


@pytest.mark.parametrize("source", [ORDINARY, BENCHMARK, OWN_NAMES])
def test_an_unrelated_project_is_not_disturbed(unrelated: pytest.Pytester, source: str) -> None:
    unrelated.makepyfile(source)
    result = unrelated.runpytest_inprocess("-Werror")

    assert result.ret == pytest.ExitCode.OK
    assert [line for line in result.outlines if "raceway" in line.partition("plugins:")[0]] == []
    assert result.errlines == []
    assert not (unrelated.path / "results").exists()


def test_a_machine_named_by_the_surroundings_is_looked_at_only_when_racing(
    unrelated: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RACEWAY_MACHINE", "runner")
    unrelated.makepyfile(ORDINARY)

    unrelated.runpytest_inprocess().assert_outcomes(passed=1)


def test_a_project_with_a_benchmark_fixture_of_its_own_is_not_disturbed(
    unrelated: pytest.Pytester,
) -> None:
    unrelated.makepyfile(OWN_BENCHMARK)

    unrelated.runpytest_inprocess("-p", "no:benchmark").assert_outcomes(passed=1)


def test_fixtures_are_listed_without_looking_for_what_could_race(
    unrelated: pytest.Pytester,
) -> None:
    result = unrelated.runpytest_inprocess("--fixtures")

    for fixture in ("race ?session scope? *", "async_benchmark *"):
        result.stdout.fnmatch_lines([fixture])


def test_markers_and_options_are_explained(unrelated: pytest.Pytester) -> None:
    marker = unrelated.runpytest_inprocess("--markers")
    marker.stdout.fnmatch_lines(
        ["@pytest.mark.raceway(kind=None, workloads=None, seconds=None): *"]
    )

    options = unrelated.runpytest_inprocess("--help")
    options.stdout.fnmatch_lines(["racing concurrency models:", "*--profile=*"])


OWN_OPTION = """
def pytest_addoption(parser):
    parser.addoption("--device", default="their own")
"""


def test_a_project_that_does_not_load_the_plugin_may_have_the_same_options(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_PLUGINS")
    pytester.makeini(INI)
    pytester.makeconftest(OWN_OPTION)
    pytester.makepyfile(ORDINARY)

    result = pytester.runpytest_subprocess("--device=theirs")

    result.assert_outcomes(passed=1)
