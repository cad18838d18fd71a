"""Ctrl-C while a command starts, runs or ends: one line, and no traceback of Python's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import raceway
from raceway import interruption
from raceway.errors import ExitCode
from support.project import undecided

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")

TOP = Path(__file__).parents[2]
INTERRUPT = "os.kill(os.getpid(), signal.SIGINT)"
IMPORTED = """
import os, signal, time
{interrupts}
time.sleep(60)
"""
SWALLOWED = """
import os, signal, time, weakref

class Gone:
    pass

gone = Gone()
reference = weakref.ref(gone, lambda _: {interrupts})
del gone
time.sleep(60)
"""
"""As in the locks of modules that Python imports: what a callback raises is printed and dropped."""


def interrupted_in(module: str, folder: Path, source: str, start: list[str]) -> tuple[int, str]:
    """Return how `raceway list` ends and what it says if a module that it imports is this one."""
    (folder / f"{module}.py").write_text(source)
    path = [str(folder), str(Path(raceway.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, *start, "list"],
        env={**undecided(), "PYTHONPATH": os.pathsep.join(filter(None, path))},
        capture_output=True, encoding="utf-8", timeout=50, check=False,
    )  # fmt: skip
    assert done.stdout == ""
    return done.returncode, done.stderr


def starts() -> dict[str, list[str]]:
    """Return how the command is started: as a module, and as the script that pip installs does."""
    scripts = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, _, name = scripts["raceway"].partition(":")
    return {
        "module": ["-m", "raceway"],
        "script": ["-c", f"from {module} import {name}; {name}()"],
    }


@pytest.mark.parametrize("start", starts().values(), ids=starts())
@pytest.mark.parametrize("module", ["typer", "rich", "psutil"])
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_among_imports_is_one_line(
    tmp_path: Path, start: list[str], module: str, times: int
) -> None:
    source = IMPORTED.format(interrupts="\n".join([INTERRUPT] * times))
    ended = interrupted_in(module, tmp_path, source, start)

    assert ended == (ExitCode.INTERRUPTED, "raceway: interrupted\n")


@pytest.mark.parametrize("start", starts().values(), ids=starts())
def test_ctrl_c_among_imports_is_heard_even_where_python_drops_what_is_raised(
    tmp_path: Path, start: list[str]
) -> None:
    ended = interrupted_in("typer", tmp_path, SWALLOWED.format(interrupts=INTERRUPT), start)

    assert ended == (ExitCode.INTERRUPTED, "raceway: interrupted\n")


def test_ctrl_c_before_anything_is_set_is_one_line(tmp_path: Path) -> None:
    source = IMPORTED.format(interrupts=INTERRUPT).replace("signal,", "_signal as signal,")
    script = "from raceway.__main__ import main; main()"
    ended = interrupted_in("signal", tmp_path, source, ["-S", "-c", script])

    assert ended == (ExitCode.INTERRUPTED, "raceway: interrupted\n")


def test_the_code_is_the_one_that_commands_end_with() -> None:
    assert interruption.CODE == ExitCode.INTERRUPTED


class TestHearing:
    @pytest.fixture(autouse=True)
    def as_before(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(interruption, "_heard_s", [])
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        yield
        signal.signal(signal.SIGINT, before)

    def test_a_command_hears_the_first_of_several_interrupts(self) -> None:
        interruption.leave_at_once()
        interruption.raise_once()

        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    def test_it_hears_another_one_if_cleaning_up_takes_too_long(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        interruption.leave_at_once()
        interruption.raise_once()
        monkeypatch.setattr(interruption, "DEAF_S", 0.0)

        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    def test_no_interrupt_disturbs_its_end(self) -> None:
        interruption.leave_at_once()
        interruption.over()

        signal.raise_signal(signal.SIGINT)

    def test_an_ignored_interrupt_stays_ignored(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        interruption.leave_at_once()
        interruption.raise_once()

        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN

    def test_where_others_call_the_command_their_interrupts_are_left_alone(self) -> None:
        interruption.raise_once()
        interruption.over()

        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
