from __future__ import annotations

import sys
from pathlib import Path

import pytest

from raceway.errors import SelectionError
from raceway.plan.profile import DEFAULT
from raceway.plan.selection import Selection
from raceway.session.lineup import Lineup, Options

RESULTS = Path("results")


def test_the_profile_is_the_default_one_unless_numbers_are_given() -> None:
    assert Options(RESULTS).chosen_profile() == DEFAULT


def test_numbers_given_replace_those_of_the_profile() -> None:
    profile = Options(RESULTS, "smoke", launches=7, budget_s=0.5).chosen_profile()

    assert (profile.name, profile.launches, profile.budget_s) == ("smoke", 7, 0.5)


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(
        SelectionError, match="--profile slow: no such profile; choose from smoke, default, full"
    ):
        Options(RESULTS, "slow").chosen_profile()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (Options(RESULTS, launches=0), "--launches 0: give a number above 0"),
        (Options(RESULTS, budget_s=float("nan")), "--budget nan: give a number above 0"),
        (
            Options(RESULTS, group_timeout_s=float("inf")),
            "--group-timeout inf: give a number above",
        ),
        (Options(RESULTS, selection=Selection(workers=(2, 0))), "--workers 0: give a number above"),
    ],
)
def test_absurd_numbers_are_refused(options: Options, said: str) -> None:
    with pytest.raises(SelectionError, match=said):
        options.chosen_profile()


def test_the_current_interpreter_is_always_raced() -> None:
    assert Options(RESULTS).commands() == {"current": (sys.executable,)}


def test_other_interpreters_are_raced_beside_the_current_one() -> None:
    options = Options(RESULTS, interpreters=("3.14=python3.14", "far=ssh host 'my python'"))

    assert options.commands() == {
        "current": (sys.executable,),
        "3.14": ("python3.14",),
        "far": ("ssh", "host", "my python"),
    }


def test_a_label_is_given_once() -> None:
    with pytest.raises(SelectionError, match="--interpreter a=b: label given twice; rename one"):
        Options(RESULTS, interpreters=("a=a", "a=b")).commands()


def test_a_lineup_holds_what_was_selected(surveyed: Lineup) -> None:
    threads = max(2, surveyed.machine.usable_cores)

    assert list(surveyed.entrants) == ["tiny-few-serial-w1", f"tiny-few-threads-w{threads}"]


def test_a_lineup_knows_its_interpreter(surveyed: Lineup) -> None:
    (current,) = surveyed.interpreters

    assert tuple(current.facts["version_info"]) == sys.version_info[:2]
