"""`raceway.race` races a function from Python, wherever it is called."""

from __future__ import annotations

import _thread
import asyncio
import math
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

import raceway
from raceway.errors import SelectionError, TargetError
from raceway.notebook.racing import as_typed, options_of
from raceway.record import Status
from raceway.session.options import OPTIONS
from raceway.session.own_race import Halt, apart_from_loops
from raceway.store.runs import load
from support.lanes import PATIENCE_S
from support.project import undecided

QUICKLY = {
    "models": ["serial", "threads"], "workers": [2], "launches": 1, "budget": 30, "progress": False,
}  # fmt: skip
NO_THREADS = """
import threading

def task(number):
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("not in a thread")
    return number
"""
SCRIPT = """
import math
import raceway

FACTOR = 2

def root(n):
    return FACTOR * math.isqrt(n)

if __name__ == "__main__":
    raced = raceway.race(root, range(1, 9), models="serial,threads", workers=[2], launches=1)
    print(raced)
"""


@pytest.fixture(scope="module")
def raced(tmp_path_factory: pytest.TempPathFactory) -> raceway.Raced:
    """Return a finished race."""
    return raceway.race(
        math.isqrt, range(1, 9), results=tmp_path_factory.mktemp("results"), **QUICKLY
    )


def test_a_race_in_a_folder_that_was_removed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()

    with pytest.raises(SelectionError, match="the current folder was removed"):
        raceway.race(math.isqrt, [1], **QUICKLY)
    tmp_path.mkdir()


def test_the_frame_is_the_one_that_load_returns(raced: raceway.Raced) -> None:
    pd.testing.assert_frame_equal(raced.frame, raceway.load(raced.saved))


def test_all_models_asked_for_have_raced(raced: raceway.Raced) -> None:
    assert set(raced.frame["model"]) == {"serial", "threads"}
    assert set(raced.frame["status"]) == {"ok"}
    assert set(raced.frame["workload"]) == {"isqrt"}


def test_the_answers_are_those_of_a_command(raced: raceway.Raced) -> None:
    told = str(raced).splitlines()

    assert told[0].startswith("math:isqrt: 8 items of about ")
    assert told[1].endswith("name a coroutine function with `async_function=`")
    assert set(raced.answers) <= set(told)
    assert told[-1] == f"saved: {raced.saved}"


def test_in_a_notebook_it_is_shown_with_tables_and_charts(raced: raceway.Raced) -> None:
    html = raced._repr_html_()

    assert "<p><b>isqrt: " in html
    assert "<caption>isqrt-8</caption>" in html
    assert html.count("<tr><th>serial</th><td>") == len(set(raced.frame["size"]))
    assert "<svg" in html
    assert "<script" not in html


def test_what_a_user_called_something_is_escaped(raced: raceway.Raced) -> None:
    notes = ("<script>alert(1)</script>",)

    html = raceway.Raced(raced.run, raced.saved, notes)._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_failed_case_says_why_in_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no_threads.py").write_text(NO_THREADS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    function = import_module("no_threads").task
    raced = raceway.race(function, range(8), results=tmp_path / "results", **QUICKLY)

    statuses = dict(zip(raced.frame["model"], raced.frame["status"], strict=True))
    assert statuses == {"serial": "ok", "threads": "failed"}
    assert "RuntimeError: not in a thread" in raced._repr_html_()


def test_a_function_that_cannot_be_called_so_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="cannot be called with an item"):
        raceway.race(Path.exists, [1], kwargs={"wrong": 1}, results=tmp_path, **QUICKLY)


@pytest.mark.parametrize("given", ["my_model.py", Path("my_model.py"), ["my_model.py"]])
def test_models_of_ones_own_are_named_as_for_commands(given: object) -> None:
    options = options_of({"models": ["serial"], "model": given, "executor": "mine:make"})

    assert options.model_files == (Path("my_model.py"),)
    assert options.executors == ("mine:make",)
    assert options.selection.models == ("serial", "executor-make")


@pytest.mark.parametrize("asked", [{"budget": "5"}, {"launches": "two"}])
def test_a_number_that_is_none_is_refused(tmp_path: Path, asked: dict[str, str]) -> None:
    with pytest.raises(SelectionError, match=r"^(budget='5'|launches='two'): give a number$"):
        raceway.race(math.isqrt, [1], results=tmp_path, **{**QUICKLY, **asked})


def test_a_single_number_of_workers_needs_no_list() -> None:
    (row,) = (row for row in OPTIONS if row.key == "workers")

    assert as_typed(row, 2) == "2"


async def test_it_races_where_an_event_loop_runs_already(tmp_path: Path) -> None:
    raced = raceway.race(math.isqrt, range(1, 9), results=tmp_path, **QUICKLY)

    assert set(raced.frame["status"]) == {"ok"}


def test_a_function_of_a_script_races(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "script.py"],
        capture_output=True, cwd=tmp_path, env=undecided(), encoding="utf-8", check=False,
        timeout=300,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "__main__:root: 8 items of about" in done.stdout
    assert "launch 1 of 1" in done.stderr
    ((_, run),) = load(tmp_path.glob("results/*/*.json")).runs
    assert {record.status for record in run.records} == {Status.OK}


def test_an_interrupt_in_a_notebook_ends_the_race_before_its_next_group() -> None:
    halt, loop = Halt(), asyncio.new_event_loop()

    def race() -> str:
        _thread.interrupt_main()
        deadline_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline_s:
            time.sleep(0.01)
            halt.started(None)  # type: ignore[arg-type]  # as before a group
        return "not ended"

    loop.call_soon(apart_from_loops, race, halt)
    with pytest.raises(KeyboardInterrupt):
        loop.run_forever()
    loop.close()
    assert halt.asked
