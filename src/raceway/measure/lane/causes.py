"""Inside a lane: why something failed: what happened, where in the user's code, what to do.

Standard library only.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from concurrent.futures import BrokenExecutor
from contextvars import ContextVar
from typing import TYPE_CHECKING

from raceway.case import BROUGHT, BROUGHT_MODEL
from raceway.lap import EngineError, WorkerDiedError
from raceway.measure.lane.declared import ChangedArgumentError
from raceway.measure.lane.pickling import concerns_pickling, text_of, unpicklable
from raceway.measure.lane.verification import MisdeclaredError, WrongAnswerError
from raceway.measure.lane.workers import ENDED_BY_POOL, ending, exit_code_of_dead, last_break

if TYPE_CHECKING:
    from collections.abc import Iterator

    from raceway.measure.lane.verification import Tasks

LONGEST_REASON = 500
"""Characters of an exception that are reported."""
OWN = (WrongAnswerError, ChangedArgumentError, MisdeclaredError, EngineError)
"""Exceptions of ours, which say all in their text."""
INSTALLED = re.compile(r"[\\/](site|dist)-packages[\\/]")
REMOTE_FRAME = re.compile(r'^  File "(.+)", line (\d+), in (.+)$', re.MULTILINE)
PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 (pathlib takes 10 ms to import)
LIBRARY = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib")})
SENT_ALONG = {"RemoteTraceback", "_RemoteTraceback", "ExecutionFailed"}
"""Exceptions that hold the traceback of another process or interpreter."""
REFUSES_INTERPRETERS = "does not support loading in subinterpreters"
NO_AWAITABLE = "a coroutine or an awaitable is required"

Frame = tuple[str, int, str]
"""File, line and function."""


def described(error: BaseException, tasks: Tasks | None = None) -> str:
    """Return an exception as one short line, with its place in the user's code and the remedy."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, OWN):
        return shortened(text_of(error))
    if isinstance(error, WorkerDiedError | BrokenExecutor):
        return shortened(death_of_worker(error, tasks))
    if tasks and concerns_pickling(error) and (why := unpicklable(tasks)):
        return shortened(why)
    name, text = type(error).__name__, text_of(error)
    told = shortened(f"{name}: {text}" if text else name)
    details = [*place_of(error), *getattr(error, "__notes__", ())]
    if NO_AWAITABLE in text:
        details.append("async_task must be defined with async def")
    if isinstance(error, LookupError) and any(isinstance(each, ContextVar) for each in error.args):
        details.append("nobody has set that variable in a worker: let the task set it itself")
    if REFUSES_INTERPRETERS in text:
        details.append("leave interpreters out: families=frozenset(Family) - {Family.INTERPRETERS}")
    elif is_missing(error):
        details.append(where_to_find())
    return f"{told} ({'; '.join(map(shortened, details))})" if details else told


def is_missing(error: BaseException) -> bool:
    """Whether this interpreter lacks a module; packages may hide that behind another error."""
    while isinstance(error, ImportError) and not isinstance(error, ModuleNotFoundError):
        error = error.__cause__ or error.__context__ or Exception()
    return isinstance(error, ModuleNotFoundError)


def where_to_find() -> str:
    """Return how an interpreter is given a module: mostly another one's, in which nothing is."""
    return (
        f"{sys.executable} does not find it: install it there, or race the Python of a venv that"
        f" has it; if it is plain Python, race 'env PYTHONPATH=FOLDER {sys.executable}'"
    )


def is_death(error: BaseException) -> bool:
    """Whether a worker died, so that the last line it wrote may tell why."""
    return isinstance(error, WorkerDiedError | BrokenExecutor)


def death_of_worker(error: BaseException, tasks: Tasks | None) -> str:
    """Return how a worker died, or what else broke its pool."""
    if tasks and (why := unpicklable(tasks)):
        return why
    code = error.code if isinstance(error, WorkerDiedError) else exit_code_of_dead()
    remote = (unquoted(remote_text(error)) or last_break()).splitlines()
    if code is not None and not (remote and code in (*ENDED_BY_POOL, 0)):
        return f"a worker {ending(code)} while it ran a task"
    told = f": {shortened(remote[-1])}" if remote else ""
    return (
        "an answer or exception of a worker cannot be read back: raise and return plain ones, or"
        f" let their class be made from its args alone{told}"
    )


def shortened(text: str) -> str:
    """Return a text, bounded."""
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"


def place_of(error: BaseException) -> Iterator[str]:
    """Yield the place in the user's own code: `file.py:line in function`; nothing if there is none.

    It is the innermost place outside of installed packages, else where those were entered.
    """
    known = [frame for frame in frames_of(error) if is_users(frame[0])]
    own = [frame for frame in known if not INSTALLED.search(frame[0])]
    for file, line, function in own[-1:] or known[:1]:
        yield f"{short_name(file)}:{line} in {function}"


def frames_of(error: BaseException) -> Iterator[Frame]:
    """Yield where an exception came through, outermost first; in another process last."""
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        yield code.co_filename, trace.tb_lineno, code.co_name
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        yield error.filename, error.lineno, "its source"
    for file, line, function in REMOTE_FRAME.findall(remote_text(error)):
        yield file, int(line), function


def remote_text(error: BaseException) -> str:
    """Return the traceback that a worker in another process or interpreter sent along."""
    cause = error.__cause__
    return str(cause) if type(cause).__name__ in SENT_ALONG else ""


def unquoted(text: str) -> str:
    """Return a traceback that was sent along, without the quotes it is in."""
    text = text.strip()
    quotes = text[:3] if text[:3] in {"'''", '"""'} else ""
    return text.removeprefix(quotes).removesuffix(quotes).strip()


def is_users(file: str) -> bool:
    """Whether a file is neither the library's nor ours; installed packages count."""
    ours = file.startswith(PACKAGE + os.sep) and not file.startswith(
        os.path.join(PACKAGE, "workloads", "")  # noqa: PTH118 (as above)
    )
    if ours or file.startswith("<"):
        return False
    return bool(INSTALLED.search(file)) or not file.startswith(
        tuple(f"{place}{os.sep}" for place in LIBRARY)
    )


def short_name(file: str) -> str:
    """Return a file's path from the current folder, else its name."""
    try:
        here = os.getcwd() + os.sep  # noqa: PTH109 (as above)
    except OSError:  # a task removed it
        here = ""
    if here and file.startswith(here):
        return file.removeprefix(here)
    name = os.path.basename(file)  # noqa: PTH119 (as above)
    return name.removeprefix(BROUGHT).removeprefix(BROUGHT_MODEL)
