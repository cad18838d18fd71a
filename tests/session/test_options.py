from __future__ import annotations

import sys
from pathlib import Path

import pytest

from raceway.errors import SelectionError
from raceway.plan.profile import DEFAULT
from raceway.plan.selection import Selection
from raceway.session.option import Option, names, whole_numbers
from raceway.session.options import OPTIONS, Asked, Options, options_from

RESULTS = Path("results")


@pytest.fixture(autouse=True)
def no_named_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine that runs the tests have no name."""
    monkeypatch.delenv("RACEWAY_MACHINE", raising=False)
    monkeypatch.delenv("DASK_SCHEDULER_ADDRESS", raising=False)
    monkeypatch.delenv("RACEWAY_POSTGRES", raising=False)


def test_what_was_not_given_is_the_default() -> None:
    assert options_from(Asked({})) == Options(RESULTS)


def test_what_was_typed_is_what_is_asked_for() -> None:
    options = options_from(
        Asked(
            {
                "profile": "smoke",
                "models": "serial, threads",
                "workloads": "primes",
                "sizes": "1000 ,4000",
                "workers": "1, 2",
                "workload": [Path("mine.py")],
                "model": [Path("pool.py")],
                "executor": ["mine:make_it"],
                "dask_scheduler": "tcp://far:8786",
                "postgres": "host=far",
                "device": ["cpu"],
                "interpreter": ["a=python3"],
                "launches": 3,
                "budget": 2.0,
                "group_timeout": 5.0,
                "results": Path("elsewhere"),
                "machine": "mine",
                "save_host": True,
                "resume": True,
            }
        )
    )

    assert options == Options(
        Path("elsewhere"),
        "smoke",
        Selection(
            ("serial", "threads", "executor-make-it"),
            ("primes",),
            ("1000", "4000"),
            (1, 2),
            ("cpu",),
        ),
        (Path("mine.py"),),
        ("a=python3",),
        launches=3,
        budget_s=2.0,
        group_timeout_s=5.0,
        machine="mine",
        save_host=True,
        resume=True,
        model_files=(Path("pool.py"),),
        executors=("mine:make_it",),
        dask_scheduler="tcp://far:8786",
        postgres="host=far",
    )


def test_the_default_results_folder_lies_where_the_door_stands() -> None:
    assert options_from(Asked({}, folder=Path("/project"))).results == Path("/project/results")


def test_the_surroundings_name_the_machine_unless_the_command_line_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RACEWAY_MACHINE", "box")

    assert options_from(Asked({})).machine == "box"
    assert options_from(Asked({"machine": "mine"})).machine == "mine"


def test_no_option_is_there_twice() -> None:
    flags = [name for row in OPTIONS for name in (row.name, *row.aliases)]

    assert len(set(flags)) == len(flags)


@pytest.mark.parametrize("typed", ["a,b", "a, b", " a ,b "])
def test_a_list_is_split_at_its_commas_blanks_or_not(typed: str) -> None:
    assert names(typed, "--models") == ("a", "b")


@pytest.mark.parametrize("typed", ["", " ", "a,", ",a", "a,,b", "a, ,b"])
def test_a_list_with_an_empty_word_is_refused(typed: str) -> None:
    with pytest.raises(SelectionError) as raised:
        names(typed, "--models")

    assert str(raised.value) == f"--models {typed!r}: give names, separated by commas"


def test_numbers_are_split_alike() -> None:
    assert whole_numbers("1, 2,4", "--workers") == (1, 2, 4)


@pytest.mark.parametrize("typed", ["x", "1.5", "-1", "1,x"])
def test_a_list_of_numbers_holds_nothing_else(typed: str) -> None:
    with pytest.raises(SelectionError, match="give whole numbers above 0, like 1,2,4"):
        whole_numbers(typed, "--workers")


def test_the_key_of_an_option_is_its_name_in_code() -> None:
    assert (Option("save-host", "").key, Option("save-host", "").flag) == (
        "save_host",
        "--save-host",
    )


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
