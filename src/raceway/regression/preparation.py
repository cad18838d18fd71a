"""A virtual environment for a side of a suite's duel, prepared by the user's own command."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from raceway.errors import SelectionError
from raceway.measure.scratch.reaper import marks
from raceway.session.suite.process import TAIL_LINES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from raceway.measure.scratch.reaper import Reaper

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows lacks SIGKILL


def prepared(
    session: Reaper, folder: Path, command: str, python: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Make a virtual environment and run a command in it; return its interpreter and variables.

    It lies in the session's temporary folder. SelectionError, with the command's last words, if
    that fails.
    """
    home = session.new_folder()
    place = home / "venv"
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    variables = {"PATH": path, "VIRTUAL_ENV": str(place)}
    surroundings = {**os.environ, **variables, **marks(home)}
    for step in ([*python, "-m", "venv", str(place)], command):
        code, said = _run(session, step, folder, surroundings)
        if code:
            told = "\n".join(said.rstrip().splitlines()[-TAIL_LINES:])
            raise SelectionError(f"--prepare: ended with exit code {code}").with_notes(told)
    return (str(programs / "python"),), variables


def _run(
    session: Reaper, step: Sequence[str] | str, folder: Path, variables: Mapping[str, str]
) -> tuple[int, str]:
    """Run a step to its end; return its exit code and its words. A string is run by the shell.

    It is ended if this is interrupted, and by the reaper if this process dies.
    """
    with subprocess.Popen(  # noqa: S603 (the user's own command)
        step, shell=isinstance(step, str), cwd=folder, env=dict(variables),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace", start_new_session=True,
    ) as process:  # fmt: skip
        session.watch(process.pid)
        try:
            said, _ = process.communicate()
        except BaseException:
            with suppress(OSError, AttributeError):
                os.killpg(process.pid, KILL)
            process.kill()
            raise
        finally:
            session.forget(process.pid)
    return process.returncode, said
