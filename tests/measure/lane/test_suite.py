"""The plugin that runs a suite's benchmarks on command, in a pytest of this very process."""

from __future__ import annotations

import itertools
import math
import os
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.measure.lane import suite
from support.project import ALONE, DECIDING, INI

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[..., list[dict[str, Any]]]

BENCHMARKS = """
import pytest

def test_quick(benchmark):
    benchmark.extra_info["odd"] = float("inf")
    benchmark.pedantic(int, rounds=3, iterations=2)

def test_fails(benchmark):
    benchmark(int)
    assert 1 == 2

def test_unused(benchmark):
    pass

@pytest.mark.skip(reason="not today")
def test_skipped(benchmark):
    benchmark(int)

@pytest.mark.xfail(reason="known")
def test_known(benchmark):
    raise ValueError("wrong")

@pytest.fixture
def broken():
    raise RuntimeError("no database")

def test_without_a_fixture(benchmark, broken):
    pass

def test_no_benchmark():
    raise AssertionError("nobody runs this")
"""


class Asking:
    """A channel to a controller that asks for every benchmark it is told of."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    def commands(self) -> Iterator[dict[str, Any]]:
        """Yield one command a benchmark."""
        for test, following in itertools.pairwise([*self.replies[0]["tests"], None]):
            yield {"run": test, "next": following}

    def send(self, reply: dict[str, Any]) -> None:
        """Keep what the controller would read."""
        self.replies.append(reply)


@pytest.fixture
def ask(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return a function that runs a suite here, and returns the replies to the controller."""

    def run(source: str, *options: str) -> list[dict[str, Any]]:
        asking = Asking()
        monkeypatch.setattr(suite, "Channel", lambda: asking)
        pytester.makepyfile(source)
        pytester.makeini(INI)
        usual = ("-p", suite.__name__, "-Wdefault", "--benchmark-max-time=0.01")
        pytester.runpytest_inprocess(*usual, *options)
        return asking.replies

    for variable in DECIDING:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PYTEST_ADDOPTS", ALONE)
    return run


@pytest.fixture
def outcomes(ask: Ask) -> dict[str, dict[str, Any]]:
    """Return what became of each benchmark, by the test's name."""
    collected, *replies = ask(BENCHMARKS)
    names = [test.partition("::")[2] for test in collected["tests"]]
    return dict(zip(names, replies, strict=True))


def test_benchmarks_alone_are_told(ask: Ask) -> None:
    collected = ask(BENCHMARKS)[0]

    assert len(collected["tests"]) == 6
    assert not any("no_benchmark" in test for test in collected["tests"])
    assert set(collected["versions"]) == {"pytest", "pytest-benchmark"}


@pytest.mark.skipif(os.name == "nt", reason="its file names cannot be so")
def test_tests_in_a_folder_whose_name_is_no_utf_8_are_told_and_run(
    ask: Ask, pytester: pytest.Pytester
) -> None:
    file = pytester.mkdir(os.fsdecode(b"caf\xe9")) / "test_odd.py"
    file.write_text("def test_odd(benchmark):\n    benchmark(int)")
    collected, reply = ask("")

    assert collected["tests"] == [r"caf\udce9/test_odd.py::test_odd"]
    assert [bytes.fromhex(name) for name in collected["files"]] == [os.fsencode(file)]
    assert reply["outcome"] == "ok"


def test_rounds_are_told_in_whole_nanoseconds_of_all_their_loops(
    outcomes: dict[str, dict[str, Any]],
) -> None:
    told = outcomes["test_quick"]

    assert (told["outcome"], told["loops"], len(told["rounds_ns"])) == ("ok", 2, 3)
    assert all(isinstance(each, int) and each > 0 for each in told["rounds_ns"])
    assert len(told["beside_ns"]) == 2 * suite.BESIDE
    assert told["plain"]["extra_info"] == {"odd": "inf"}


@pytest.mark.parametrize(
    ("test", "outcome", "reason"),
    [
        ("test_fails", "failed", "assert 1 == 2"),
        ("test_without_a_fixture", "failed", "setup: RuntimeError: no database"),
        ("test_skipped", "skipped", "not today"),
        ("test_known", "skipped", "xfail: known"),
        ("test_unused", "ok", ""),
    ],
)
def test_the_cause_is_told_of_what_did_not_go_well(
    outcomes: dict[str, dict[str, Any]], test: str, outcome: str, reason: str
) -> None:
    told = outcomes[test]

    assert told["outcome"] == outcome
    assert told["reason"].startswith(reason)
    assert outcome != "failed" or "test_the_cause" in told["reason"]


def test_a_failed_benchmark_may_have_rounds_and_an_unused_one_has_none(
    outcomes: dict[str, dict[str, Any]],
) -> None:
    assert outcomes["test_fails"]["rounds_ns"]
    assert "rounds_ns" not in outcomes["test_unused"]
    assert "rounds_ns" not in outcomes["test_without_a_fixture"]


def test_a_suite_that_cannot_be_collected_tells_how_many_errors(ask: Ask) -> None:
    assert ask("import no_such_module") == [{"errors": 1}]


def test_benchmarks_are_run_beside_modules_that_cannot_be_collected_if_asked(
    ask: Ask, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(test_broken="import no_such_module")

    collected, reply = ask(
        "def test_one(benchmark):\n    benchmark(int)\n", "--continue-on-collection-errors"
    )

    assert len(collected["tests"]) == 1
    assert reply["outcome"] == "ok"


def test_of_many_rounds_some_are_kept_from_all_over_the_test() -> None:
    data_s = [number / 1e9 for number in range(1, 1_001)]
    stats = SimpleNamespace(
        stats=SimpleNamespace(data=data_s), iterations=1, name="test", group=None, param=None,
        params=None, extra_info={},
    )  # fmt: skip
    told = suite.measured({"benchmark": SimpleNamespace(stats=stats)})

    assert len(told["rounds_ns"]) == suite.MOST_ROUNDS
    assert (told["rounds_ns"][0], told["rounds_ns"][-1]) == (1, 996)


def test_loops_of_an_asynchronous_benchmark_are_its_own() -> None:
    stats = SimpleNamespace(
        stats=SimpleNamespace(data=[1e-6]), iterations=1, name="test", group="g", param="p",
        params={"n": 1}, extra_info={},
    )  # fmt: skip
    told = suite.measured(
        {"benchmark": SimpleNamespace(stats=stats), "async_benchmark": SimpleNamespace(loops=7)}
    )

    assert (told["loops"], told["rounds_ns"]) == (7, [7_000])
    assert (told["plain"]["group"], told["plain"]["params"]) == ("g", {"n": 1})


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (math.nan, "nan"),
        (2**63, str(2**63)),
        ({1: (1, [2.5])}, {"1": [1, [2.5]]}),
        (None, None),
        (True, True),
        (range(3), "range(0, 3)"),
    ],
)
def test_what_json_does_not_know_is_told_in_words(value: object, told: object) -> None:
    assert suite.plain_json(value) == told


def test_a_test_that_replays_a_race_is_no_benchmark_of_the_suites_own() -> None:
    def item(*fixtures: str, marked: bool) -> SimpleNamespace:
        return SimpleNamespace(fixturenames=fixtures, get_closest_marker=lambda _: marked or None)

    assert suite.is_benchmark(item("benchmark", marked=False))
    assert suite.is_benchmark(item("benchmark", marked=True))
    assert not suite.is_benchmark(item("benchmark", "case", marked=True))
    assert not suite.is_benchmark(item("case", marked=False))


def test_a_package_that_is_missing_has_no_version() -> None:
    assert suite.version_of("no-such-package-of-ours") is None
