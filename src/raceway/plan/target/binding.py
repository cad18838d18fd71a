"""How an object of the user's gets into the generated module: lines of Python that bind a name."""

from __future__ import annotations

import base64
import importlib
import pickle
import sys
import sysconfig
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any, Protocol

from raceway.errors import TargetError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INSTALLED = ("site-packages", "dist-packages")
PROTOCOL = 4
"""pickle's: old enough for every interpreter."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that must be on the path, or the user's module is not found."""

    path: str
    before_installed: bool = False
    """Whether an installed package has the same name, so that the folder must come before it."""


class Binding(Protocol):
    """What the generated module needs to hold an object."""

    @property
    def called(self) -> str:
        """The name for people, such as `package.module:function`."""

    @property
    def folders(self) -> tuple[Folder, ...]:
        """The folders to have on the path."""

    @property
    def origin(self) -> str:
        """The user's file that defines the object; empty if unknown."""

    @property
    def by_name(self) -> bool:
        """Whether other processes find the object by its own name, when a task is sent."""

    def lines(self, name: str) -> list[str]:
        """Return the lines that bind the object to a name."""


@dataclass(frozen=True, slots=True)
class Named:
    """An object of an importable module; an unbound method gets an instance made without arguments.

    The first choice, since workers of every kind import it by themselves.
    """

    module: str
    names: tuple[str, ...]
    """The names that lead from the module to it."""
    folders: tuple[Folder, ...] = ()
    by_name: bool = True
    origin: str = ""
    instance: bool = False
    """Whether it is a method that needs an instance of its class."""

    @property
    def called(self) -> str:
        """The name as typed on the command line."""
        return f"{self.module}:{'.'.join(self.names)}"

    def lines(self, name: str) -> list[str]:
        """Import the first of the names, and go on to the last."""
        first, *more = self.names
        if not more:
            return [f"from {self.module} import {first} as {name}"]
        path = ".".join([*more[:-1], ""])
        owner = f"{name}_owner.{path}".rstrip(".") + ("()" if self.instance else "")
        return [
            f"from {self.module} import {first} as {name}_owner",
            f"{name} = {owner}.{more[-1]}",
        ]


@dataclass(frozen=True, slots=True)
class Pickled:
    """An object sent as bytes that `pickle.loads` reads, such as those of cloudpickle."""

    called: str
    content: bytes
    folders: tuple[Folder, ...] = ()
    by_name: bool = False
    origin: str = ""

    def lines(self, name: str) -> list[str]:
        """Read the bytes."""
        return [f"{name} = {unpickling(self.content)}"]


@dataclass(frozen=True, slots=True)
class Sourced:
    """An object that lines of source define, such as a function of a notebook's cell."""

    called: str
    source: str
    defined: str
    """The name that the source gives it."""
    folders: tuple[Folder, ...] = ()
    by_name: bool = False
    origin: str = ""

    def lines(self, name: str) -> list[str]:
        """Run the source."""
        return [*self.source.splitlines(), f"{name} = {self.defined}"]


@dataclass(frozen=True, slots=True)
class Found:
    """An object together with how it gets into other processes."""

    value: Any
    binding: Binding


def binding_of(value: Any, what: str) -> Binding:
    """Return how an object gets into other processes: by its name, else pickled.

    TargetError, with the remedy, if neither works; `what` says what the object is for.
    """
    module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if module and module != "__main__" and "<" not in path:
        names = tuple(path.split("."))
        if _found(module, names) == value:
            by_name, origin = found_by_name(value), file_of(module)
            return Named(module, names, folders_of(module), by_name, origin)
    try:
        content = pickle.dumps(value, PROTOCOL)
    except Exception as error:
        raise unsendable(what, path or repr(value), error) from error
    called = ":".join(filter(None, [module, path])) if path else repr(value)
    return Pickled(
        called, content, *((folders_of(module), False, file_of(module)) if module else ())
    )


def unsendable(what: str, name: str, error: Exception) -> TargetError:
    """Return the error of an object that cannot be pickled, with the remedy."""
    return TargetError(
        f"{what} {name} cannot be sent to other processes"
        f" ({type(error).__name__}: {error}); define it at the top of a module"
    )


def found_by_name(value: Any) -> bool:
    """Whether pickle sends an object as its name alone."""
    try:
        same = pickle.loads(pickle.dumps(value, PROTOCOL))  # noqa: S301 (made here)
    except Exception:  # noqa: BLE001 (a user's object)
        return False
    return same is value or (isinstance(value, MethodType) and bool(same == value))


def _found(module: str, names: Iterable[str]) -> Any:
    try:
        return attrgetter(".".join(names))(importlib.import_module(module))
    except (ImportError, AttributeError):
        return None


def folders_of(module: str) -> tuple[Folder, ...]:
    """Return the folder from which an imported module's top package comes.

    None if it is installed or Python's own, which every process finds.
    """
    top = sys.modules.get(module.partition(".")[0])
    places = list(getattr(top, "__path__", ()))
    file = getattr(top, "__file__", None)
    folder = Path(places[0]).parent if places else Path(file).parent if file else None
    if folder is None or is_found_anyway(folder.resolve()):
        return ()
    return (Folder(str(folder.resolve())),)


def file_of(module: str) -> str:
    """Return the file of an imported module; empty if it has none."""
    return getattr(sys.modules.get(module), "__file__", None) or ""


def place_of_installed(path: Sequence[str]) -> int:
    """Return where on a path the installed packages begin; its end if there are none."""
    places = [number for number, each in enumerate(path) if each.endswith(INSTALLED)]
    return places[0] if places else len(path)


def is_found_anyway(folder: Path) -> bool:
    """Whether a folder holds Python's own modules, or installed ones."""
    own = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    return folder in own or folder.name in {*INSTALLED, "lib-dynload"}


def unpickling(content: bytes) -> str:
    """Return the expression that reads pickled bytes."""
    return f"pickle.loads(base64.b64decode({base64.b64encode(content).decode()!r}))"
