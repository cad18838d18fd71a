"""The fuzzer keeps what must not be, also among mutants that commands are shown together."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

TOOLS = Path(__file__).parents[1] / "tools"


class Digits:
    """A target whose mutants are numbers: even ones are read."""

    weight = 1

    def __init__(
        self, survives: Callable[[int], None], together: Callable[[list[int]], None]
    ) -> None:
        self.made = 0
        self.looks, self.looks_together = survives, together

    def mutant(self, _: Random) -> bytes:
        self.made += 1
        return b"%d" % self.made

    def survives(self, mutant: bytes, _: Random) -> bool:
        self.looks(int(mutant))
        return int(mutant) % 2 == 0

    def together(self, refused: Sequence[bytes], _: Random) -> None:
        self.looks_together(list(map(int, refused)))


def nothing(_: object) -> None:
    """Find nothing."""


@pytest.fixture
def tally_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that tries 200 numbers, and returns the tally."""
    monkeypatch.syspath_prepend(TOOLS)
    fuzz_tally = import_module("fuzz_tally")
    monkeypatch.setattr(fuzz_tally, "KEPT", tmp_path)

    def run(survives: Callable[[int], None] = nothing,
            together: Callable[[list[int]], None] = nothing) -> Any:  # fmt: skip
        return fuzz_tally.Trial({"n": Digits(survives, together)}, "1").run(60.0, 200)

    yield run
    for name in [each for each in sys.modules if each.startswith("fuzz_")]:
        del sys.modules[name]


@pytest.mark.usefixtures("tally_of")
def test_another_launch_of_an_undamaged_group_is_found() -> None:
    checks = import_module("fuzz_checks")
    run = checks.small_run()
    group = next(each for each in run.groups if each.launch == 0)
    case = next(each for each in run.records if each.group == group.id)
    (launch, *_) = case.launches
    other = msgspec.structs.replace(launch, loops=launch.loops + 1)

    checks.check_launches(run, [msgspec.structs.replace(group, launches={case.id: launch})])
    with pytest.raises(checks.FindingError, match="launch 0 is another one"):
        checks.check_launches(run, [msgspec.structs.replace(group, launches={case.id: other})])


def test_all_are_tried_and_counted(tally_of: Callable[..., Any]) -> None:
    tally = tally_of()

    assert (tally.tried["n"], tally.refused["n"], tally.findings) == (200, 100, [])


def test_what_raises_is_kept_with_its_traceback(
    tally_of: Callable[..., Any], tmp_path: Path
) -> None:
    (finding,) = tally_of(survives=lambda number: 1 // (number - 7)).findings

    assert "ZeroDivisionError" in finding
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"7"]


def test_of_those_shown_together_the_culprit_is_kept(
    tally_of: Callable[..., Any], tmp_path: Path
) -> None:
    shown: set[int] = set()

    def look(numbers: list[int]) -> None:
        shown.update(numbers)
        if 141 in numbers:
            raise ValueError("too odd")

    (finding,) = tally_of(together=look).findings

    assert "too odd" in finding
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"141"]
    assert shown == set(range(1, 201, 2))


def test_what_only_shows_together_is_kept_together(tally_of: Callable[..., Any]) -> None:
    def look(numbers: list[int]) -> None:
        assert len(numbers) < 2, "crowded"

    findings = tally_of(together=look).findings

    assert len(findings) == 5
    assert all("together: " in each and "crowded" in each for each in findings)


@pytest.mark.skipif(sys.platform == "win32", reason="needs alarms")
def test_what_hangs_is_kept(tally_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzz_tally.HANGS_S", 0.05)

    def look(number: int) -> None:
        while number == 5:
            pass

    (finding,) = tally_of(survives=look).findings

    assert "hangs" in finding
