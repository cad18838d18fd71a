"""The workload file of a target: an ordinary one, as a user would write it."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from raceway.case import Family, Kind
from raceway.errors import TargetError
from raceway.plan.catalogue import CALLED, ORIGIN
from raceway.plan.target.binding import INSTALLED, PROTOCOL, unpickling
from raceway.plan.target.called import called_of
from raceway.plan.target.plainness import is_plain
from raceway.plan.work import BOUND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from raceway.plan.target.binding import Folder
    from raceway.plan.target.target import Target

LONGEST_LITERAL = 20_000
"""Characters; longer values are pickled, which Python reads faster."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the file says of the work besides the function: declared by nobody, but measured."""

    kind: Kind
    sizes: tuple[int, ...]
    """Tasks of a pass at each size, in growing order."""
    waits_s: tuple[float, ...] = ()
    """Seconds each item waits at least; empty if the work does not wait."""

    @classmethod
    def unknown(cls, target: Target) -> Shape:
        """Return the shape of work that has not been measured: each item, taken to compute."""
        return cls(Kind.CPU, (len(target.items),))


def workload_text(target: Target, shape: Shape) -> str:
    """Return the source of a workload file; TargetError if a value cannot be sent."""
    return "\n".join(_lines(target, shape)) + "\n"


def families_of(target: Target) -> frozenset[Family]:
    """Return where a target races: coroutines on event loops, plain functions everywhere else."""
    if target.function is None:
        return frozenset({Family.ONE_CORE, Family.EVENT_LOOP})
    return frozenset(Family) - (frozenset() if target.coroutine else {Family.EVENT_LOOP})


def _lines(target: Target, shape: Shape) -> Iterator[str]:
    yield f'"""{target.called}, as a workload of raceway."""'.replace("\\", "\\\\")
    yield from ("", "from __future__ import annotations")  # those of a cell may name anything
    yield from ("", "import asyncio", "import base64", "import os", "import pickle", "import sys")
    yield from ("", *path_lines(_folders(target)))
    yield from ("", "from raceway.case import Family, Kind, Workload", "")
    fields = ["summary=SUMMARY", f"kind=Kind.{shape.kind.name}", "task=task", "sizes=SIZES"]
    if target.subject.origin:
        yield f"{ORIGIN} = {target.subject.origin!r}"
    if called := called_of(target):
        yield f"{CALLED} = {msgspec.structs.asdict(called)!r}"
    yield f"SUMMARY = {target.called!r}"
    yield f"ITEMS = {expression(list(target.items), 'the items')}"
    yield f"TASKS = ITEMS * {target.repeat}"
    sizes = ", ".join(f"{str(count)!r}: {_tasks(count, target)}" for count in shape.sizes)
    yield f"SIZES = {{{sizes}}}"
    yield from _call_lines(target)
    if target.coroutine:
        fields.append("async_task=async_task")
    if target.agrees:
        yield from ("", *target.agrees.lines("agrees"))
        fields.append("agrees=agrees")
    if shape.waits_s:
        yield from ("", f"WAITS_S = dict(zip(map(id, ITEMS), {shape.waits_s!r}))", "")
        yield from ("def wait_s(item):", "    return WAITS_S[id(item)]")
        fields.append("wait_s=wait_s")
    families = ", ".join(sorted(f"Family.{each.name}" for each in families_of(target)))
    fields.append(f"families=frozenset({{{families}}})")
    yield from ("", "WORKLOAD = Workload(", *(f"    {each}," for each in fields), ")")


def _tasks(count: int, target: Target) -> str:
    """Return the expression of some tasks: items from everywhere, else whole turns of them."""
    items = len(target.items)
    return (
        f"[ITEMS[n * {items} // {count}] for n in range({count})]"
        if count < items
        else (f"TASKS[:{count}]")
    )


def path_lines(folders: Iterable[Folder]) -> Iterator[str]:
    """Yield what puts the user's folders on the path: last, so that they hide nothing.

    A folder whose package is also installed goes before what is installed, as with `python -m`.
    """
    for folder in folders:
        yield f"if {folder.path!r} not in sys.path:"
        if folder.before_installed:
            yield f"    installed = [p for p in sys.path if p.endswith({INSTALLED!r})]"
            yield "    place = sys.path.index(installed[0]) if installed else len(sys.path)"
            yield f"    sys.path.insert(place, {folder.path!r})"
        else:
            yield f"    sys.path.append({folder.path!r})"


def _folders(target: Target) -> list[Folder]:
    bindings = (target.function, target.coroutine, target.setup, target.agrees)
    found = {each.path: each for bound in bindings if bound for each in bound.folders}
    return list(found.values())


def _call_lines(target: Target) -> Iterator[str]:
    """Yield the tasks: the functions themselves, or what calls them with all their arguments."""
    call = _call(target)
    if target.arguments:
        yield f"ARGUMENTS = {expression(target.arguments, 'the arguments')}"
    if target.kwargs:
        yield f"KWARGS = {expression(dict(target.kwargs), 'kwargs')}"
    if target.setup:
        yield from ("", *target.setup.lines("set_up"), *SETUP_LINES)
    if target.function:
        yield from ("", *target.function.lines("function"))
        yield from _task_lines("def task", "function", call, target, target.function.by_name)
    if target.coroutine:
        yield from ("", *target.coroutine.lines("coroutine"))
        by_name = target.coroutine.by_name
        yield from _task_lines("async def async_task", "coroutine", call, target, by_name)
    if target.function is None:
        yield from SERIAL_LINES
    if bound := _bound(target):
        yield from ("", f"task.{BOUND} = {{{bound}}}  # other work if it changes")


def _bound(target: Target) -> str:
    """Return what belongs to a task besides its argument, as entries of a dictionary."""
    entries = {
        "'setup': set_up": target.setup,
        "'arguments': ARGUMENTS": target.arguments,
        "**{f'{name}=': value for name, value in KWARGS.items()}": target.kwargs,
    }
    return ", ".join(entry for entry, given in entries.items() if given)


def _call(target: Target) -> str:
    before = "*ARGUMENTS, " if target.arguments else ""
    return f"({before}item{', **KWARGS' if target.kwargs else ''})"


def _task_lines(
    head: str,
    function: str,
    call: str,
    target: Target,
    by_name: bool,  # noqa: FBT001 (private)
) -> Iterator[str]:
    name = head.rsplit(maxsplit=1)[-1]
    if by_name and call == "(item)" and target.setup is None:
        yield f"{name} = {function}"
        return
    yield from ("", f"{head}(item):")
    if target.setup:
        yield from ("    if not READY:", "        get_ready()")
    wait = "await " if head.startswith("async") else ""
    yield f"    return {wait}{function}{call}"
    yield from ("", f"{name}.__wrapped__ = {function}  # for its source")


SETUP_LINES = (
    "READY = False",
    "",
    "def get_ready():",
    "    global READY",
    "    set_up()",
    "    READY = True",
    "",
    "def forget():",
    "    global READY",
    "    READY = False",
    "",
    'if hasattr(os, "register_at_fork"):',
    "    os.register_at_fork(after_in_child=forget)",
)
"""Each process is set up before its first task, forked ones included."""
SERIAL_LINES = (
    "",
    "LOOP = None",
    "",
    "def task(item):",
    "    global LOOP",
    "    if LOOP is None:",
    "        LOOP = asyncio.new_event_loop()",
    "    return LOOP.run_until_complete(async_task(item))",
    "",
    "task.__wrapped__ = coroutine  # for its source",
)
"""A coroutine function in a plain loop: one after another, on one event loop."""


def expression(value: Any, what: str) -> str:
    """Return an expression of a value: as one would write it if possible, else pickled."""
    if is_plain(value) and len(text := repr(value)) <= LONGEST_LITERAL:
        return text
    try:
        return unpickling(pickle.dumps(value, PROTOCOL))
    except Exception as error:
        raise TargetError(
            f"{what} cannot be sent to other processes ({type(error).__name__}: {error}); give"
            " values that can be pickled"
        ) from error
