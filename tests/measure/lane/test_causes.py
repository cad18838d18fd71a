"""Why something failed, in one line: what happened, where in the user's code, what to do."""

from __future__ import annotations

import json
import re
import signal
import statistics
import sys
import threading
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from raceway.lap import WorkerDiedError
from raceway.measure.lane import workers
from raceway.measure.lane.causes import LONGEST_REASON, described, is_death, short_name
from raceway.measure.lane.pickling import unpicklable
from raceway.measure.lane.workers import ending

if TYPE_CHECKING:
    from pathlib import Path


def raised_by(call: Any) -> BaseException:
    """Return what a call raises."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 (whatever it is)
        return error
    raise AssertionError("nothing was raised")


def fails(text: str) -> Any:
    return json.loads(text)


def test_the_place_is_in_the_users_code_not_in_the_library_it_calls() -> None:
    line = fails.__code__.co_firstlineno + 1

    assert described(raised_by(lambda: fails("{"))).endswith(
        f"tests/measure/lane/test_causes.py:{line} in fails)"
    )


def test_the_place_in_an_installed_package_is_where_it_was_entered() -> None:
    source = "def outer():\n    inner()\ndef inner():\n    raise KeyError('x')\n"
    room: dict[str, Any] = {}
    exec(compile(source, "/env/lib/python3/site-packages/pack/core.py", "exec"), room)  # noqa: S102 (made here)
    error = raised_by(room["outer"])
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next

    assert described(error) == "KeyError: 'x' (core.py:2 in outer)"


def test_a_context_variable_that_is_not_set_is_told_with_the_remedy() -> None:
    said = described(raised_by(ContextVar("db").get))

    assert said.startswith("LookupError: <ContextVar name='db'")
    assert "let the task set it itself" in said
    assert "set it" not in described(raised_by(lambda: {}["db"]))


def test_the_place_in_another_process_is_told() -> None:
    class RemoteTraceback(Exception):  # noqa: N818 (multiprocessing's own name)
        pass

    error = ValueError("no")
    error.__cause__ = RemoteTraceback(
        'Traceback (most recent call last):\n  File "/far/mine.py", line 7, in check\n    x\n'
        f'  File "{statistics.__file__}", line 9, in mean\n    y\nValueError: no\n'
    )

    assert described(error) == "ValueError: no (mine.py:7 in check)"


def test_an_error_without_the_users_code_tells_no_place() -> None:
    assert described(KeyError("dance")) == "KeyError: 'dance'"


def test_of_a_group_of_exceptions_the_first_is_told() -> None:
    group = ExceptionGroup("several", [ExceptionGroup("more", [ValueError("one")]), TypeError()])

    assert described(group) == "ValueError: one"


def test_notes_are_told() -> None:
    error = ValueError("no")
    error.add_note("task 2 of 3")

    assert described(error) == "ValueError: no (task 2 of 3)"


def test_a_module_that_an_interpreter_lacks_is_told_with_what_to_do() -> None:
    error = raised_by(lambda: __import__("no_such_module"))

    assert described(error).startswith("ModuleNotFoundError: No module named 'no_such_module' (")
    assert f"race 'env PYTHONPATH=FOLDER {sys.executable}'" in described(error)
    assert "a venv that has it" in described(error)


def test_a_missing_part_of_a_package_is_told_alike() -> None:
    def of_another_version() -> None:
        try:
            __import__("no_such_module")
        except ImportError as error:
            raise ImportError("its compiled part was made for another Python") from error

    assert "env PYTHONPATH=FOLDER" in described(raised_by(of_another_version))


def test_a_package_that_refuses_interpreters_is_told_with_what_to_do() -> None:
    error = ImportError("module numpy._core does not support loading in subinterpreters")

    assert described(error).endswith("(leave interpreters out: families=frozenset(Family) -"
                                     " {Family.INTERPRETERS})")  # fmt: skip


def test_a_name_that_a_module_lacks_needs_no_other_path() -> None:
    error = raised_by(lambda: exec("from math import no_such_name"))  # noqa: S102 (made here)

    assert "PYTHONPATH" not in described(error)


def test_a_source_that_is_no_python_is_told_by_its_line() -> None:
    error = raised_by(lambda: compile("x = (\n", "/far/mine.py", "exec"))

    assert "mine.py:1" in described(error)


def test_a_long_reason_is_told_in_part() -> None:
    assert len(described(ValueError("x" * 10**6))) == LONGEST_REASON + 1


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "a worker exited with code 0"),
        (3, "a worker exited with code 3"),
        (-signal.SIGSEGV, "a worker was killed by SIGSEGV"),
        (
            -signal.SIGKILL,
            "a worker was killed by SIGKILL, as the system does where memory runs out",
        ),
        (-63, "a worker was killed by "),
    ],
)
def test_a_dead_worker_is_told_by_how_it_ended(code: int, words: str) -> None:
    error = WorkerDiedError(code)

    assert is_death(error)
    assert described(error).startswith(words)


def test_a_broken_pool_is_told_by_the_worker_that_died_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "exit_codes", lambda: iter([-signal.SIGTERM, 9, 0]))

    assert described(BrokenProcessPool("abruptly")) == (
        "a worker exited with code 9 while it ran a task"
    )


@pytest.mark.parametrize(
    ("modules", "told"), [({}, "SIGKILL"), ({"loky": None}, "SIGTERM")], ids=["executor", "loky"]
)
def test_of_workers_that_were_killed_the_one_its_pool_did_not_end_is_told(
    monkeypatch: pytest.MonkeyPatch, modules: dict[str, None], told: str
) -> None:
    monkeypatch.setattr(workers, "PATIENCE_S", 0.0)
    monkeypatch.setattr(workers, "exit_codes", lambda: iter([-signal.SIGKILL, -signal.SIGTERM]))
    monkeypatch.setattr(workers, "LOKY", modules.keys())
    monkeypatch.setitem(sys.modules, "loky", None)

    assert described(BrokenProcessPool("abruptly")).startswith(f"a worker was killed by {told}")


def test_a_worker_that_ended_as_if_all_were_well_is_told_from_those_its_pool_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "PATIENCE_S", 0.0)
    monkeypatch.setattr(workers, "exit_codes", lambda: iter([-signal.SIGKILL, 0, -signal.SIGTERM]))

    assert described(BrokenProcessPool("abruptly")) == (
        "a worker exited with code 0 while it ran a task"
    )


def test_a_place_is_told_even_where_a_task_removed_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert short_name("/somewhere/tasks.py") == "tasks.py"


def test_a_number_that_is_no_signal_is_told_as_it_is() -> None:
    assert ending(-4_000) == "was killed by signal 4000"


class Unreadable:
    """Pickled well, and never read back."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("x",)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"task": lambda _: 1}, r"^the task cannot be sent.*def at the top of a module"),
        ({"arguments": [1, {"a": threading.Lock()}]}, r"^argument 2 of 2 cannot.*plain values"),
        ({"expected": [(n for n in "ab")]}, r"^the answer of task 1 of 1 cannot.*list\(…\)"),
        ({"expected": [Unreadable()]}, r"reading it back: ValueError: invalid literal"),
    ],
)
def test_what_cannot_be_sent_is_named_with_the_remedy(parts: dict[str, Any], told: str) -> None:
    tasks: Any = SimpleNamespace(**{"task": abs, "arguments": [1], "expected": [1], **parts})

    said = unpicklable(tasks)

    assert re.search(told, said)
    assert "--models serial,threads" in said


def test_of_what_can_be_sent_nothing_is_said() -> None:
    tasks: Any = SimpleNamespace(task=abs, arguments=[1, {"a": [2]}], expected=[1, None])

    assert unpicklable(tasks) == ""
