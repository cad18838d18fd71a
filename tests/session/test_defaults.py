from __future__ import annotations

from pathlib import Path

import pytest

from raceway.errors import SelectionError
from raceway.plan.selection import Selection
from raceway.session.defaults import defaults_in
from raceway.session.options import OPTIONS, Asked, Options, options_from

EVERYTHING = """
[tool.raceway]
profile = "smoke"
models = ["serial", "threads"]
workloads = "primes, sleep"
sizes = [1000]
workers = [1, 2]
workload = ["mine.py"]
model = ["my_model.py"]
executor = ["mine:pool"]
dask-scheduler = "tcp://there:8786"
postgres = "postgresql://there"
device = "cpu"
interpreter = ["a=python3"]
launches = 3
budget = 2
group-timeout = 5.5
results = "kept"
machine = "mine"
save-host = true
"""


@pytest.fixture(autouse=True)
def no_named_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine that runs the tests have no name."""
    monkeypatch.delenv("RACEWAY_MACHINE", raising=False)


def set_in(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_project_sets_every_option_but_resume(tmp_path: Path) -> None:
    assert options_from(Asked({}, folder=set_in(tmp_path, EVERYTHING))) == Options(
        tmp_path / "kept",
        "smoke",
        Selection(
            ("serial", "threads", "executor-pool"), ("primes", "sleep"), ("1000",), (1, 2), ("cpu",)
        ),
        (tmp_path / "mine.py",),
        ("a=python3",),
        launches=3,
        budget_s=2.0,
        group_timeout_s=5.5,
        machine="mine",
        save_host=True,
        model_files=(tmp_path / "my_model.py",),
        executors=("mine:pool",),
        dask_scheduler="tcp://there:8786",
        postgres="postgresql://there",
    )
    assert EVERYTHING.count("=", EVERYTHING.index("profile")) - 1 == sum(
        row.in_file for row in OPTIONS
    )


def test_the_command_line_wins_over_the_file(tmp_path: Path) -> None:
    typed = {"models": "pool", "save_host": False, "workload": [Path("other.py")]}
    options = options_from(Asked(typed, folder=set_in(tmp_path, EVERYTHING)))

    assert options.selection.models == ("pool", "executor-pool")
    assert options.selection.workloads == ("primes", "sleep")
    assert not options.save_host
    assert options.workload_files == (Path("other.py"),)


def test_the_surroundings_win_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RACEWAY_MACHINE", "box")

    assert options_from(Asked({}, folder=set_in(tmp_path, EVERYTHING))).machine == "box"


def test_options_that_are_not_at_a_door_are_not_set_there(tmp_path: Path) -> None:
    rows = [row for row in OPTIONS if row.name == "machine"]
    options = options_from(Asked({}, rows, set_in(tmp_path, EVERYTHING)))

    assert options == Options(tmp_path / "results", machine="mine")


@pytest.mark.parametrize(
    "text", ["", "[project]", "[tool.other]\nmodels = 1", "tool = 1", "[tool.raceway]"]
)
def test_a_file_without_our_table_sets_nothing(tmp_path: Path, text: str) -> None:
    assert defaults_in(set_in(tmp_path, text), OPTIONS) == {}


def test_no_file_sets_nothing(tmp_path: Path) -> None:
    assert defaults_in(tmp_path, OPTIONS) == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("modles = 1", "modles: no such option; there is models"),
        ("qqq = 1", "qqq: no such option; there is profile, models, "),
        ("resume = true", "resume: no such option; there is "),
        ("heat-timeout = 1", "heat-timeout: no such option; there is group-timeout"),
        ("launches = '3'", "launches = '3': give a whole number"),
        ("launches = 3.5", "launches = 3.5: give a whole number"),
        ("launches = true", "launches = True: give a whole number"),
        ("budget = '3'", "budget = '3': give a number"),
        ("save-host = 1", "save-host = 1: give true or false"),
        ("machine = 1", "machine = 1: give a string"),
        ("results = ['a']", "results = ['a']: give a string"),
        ("workload = [1]", "workload = 1: give a string"),
        ("models = []", "models = []: give a list, like the option's"),
        ("models = [1.5]", "models = [1.5]: give a list, like the option's"),
        ("models = 'a,,b'", "models 'a,,b': give names, separated by commas"),
        ("workers = 'x'", "workers x: give whole numbers above 0, like 1,2,4"),
    ],
)
def test_what_is_no_default_is_refused_by_file_and_key(
    tmp_path: Path, line: str, said: str
) -> None:
    with pytest.raises(SelectionError) as raised:
        defaults_in(set_in(tmp_path, f"[tool.raceway]\n{line}"), OPTIONS)

    assert str(raised.value).startswith(f"{tmp_path / 'pyproject.toml'}: [tool.raceway] {said}")
    assert "\n" not in str(raised.value)


def test_a_table_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SelectionError, match=r"tool\.raceway = 3: write options below"):
        defaults_in(set_in(tmp_path, "[tool]\nraceway = 3"), OPTIONS)


@pytest.mark.parametrize("content", [b"[tool", b"\xff", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(SelectionError, match=r"toml: not valid TOML \(.+\); fix it") as raised:
        defaults_in(tmp_path, OPTIONS)

    assert "\n" not in str(raised.value)


def test_a_file_that_cannot_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(SelectionError, match=r"pyproject.toml: cannot be read \(.+\); fix it"):
        defaults_in(tmp_path, OPTIONS)
