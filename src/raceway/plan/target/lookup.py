"""Finds `package.module:function` as `python -m` finds modules from the current folder.

What lies here comes before what is installed, but never before Python's own modules.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from contextlib import contextmanager
from difflib import get_close_matches
from importlib.machinery import PathFinder
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from raceway.errors import TargetError
from raceway.plan.importing import reason
from raceway.plan.target.binding import (
    Folder,
    Found,
    Named,
    file_of,
    found_by_name,
    place_of_installed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from importlib.machinery import ModuleSpec

LAYOUTS = ("", "src")
"""Where packages lie below the current folder."""
FORM = "give package.module:function"


def found(reference: str, here: Path | None = None) -> Found:
    """Return the object that `module:name` or `module:Class.method` names; TargetError if none.

    A method gets an instance of its class, made without arguments.
    """
    module_name, _, path = reference.partition(":")
    names = path.split(".")
    if module_name.endswith(".py"):
        name = module_of(Path(module_name), here or Path.cwd())
        raise TargetError(f"{reference}: named by its file; type {name}:{path}")
    if not all(each.isidentifier() for each in (*module_name.split("."), *names)):
        raise TargetError(f"{reference}: not the name of a function; {FORM}")
    folders = folders_for(module_name.partition(".")[0], reference, here or Path.cwd())
    module = imported(module_name, reference, folders)
    owner, value = followed(module, names, reference)
    instance = is_method(owner, names[-1])
    if instance:
        value = getattr(made(owner, reference), names[-1])
    binding = Named(
        module_name, tuple(names), folders,
        by_name=not instance and found_by_name(value), origin=source_file(value, module_name),
        instance=instance,
    )  # fmt: skip
    return Found(value, binding)


def module_of(file: Path, here: Path) -> str:
    """Return the name by which a file is imported from a folder; its own if it lies elsewhere."""
    there, file = here.resolve(), file.resolve()
    parts = (file.relative_to(there) if file.is_relative_to(there) else Path(file.name)).parts
    parts = parts[1:] if parts[0] in LAYOUTS else parts
    names = [*parts[:-1], file.stem]
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def folders_for(top: str, reference: str, here: Path) -> tuple[Folder, ...]:
    """Return the folder to put on the path for a top-level module; none if it is installed.

    TargetError if the module lies here and has the name of one of Python's own.
    """
    ours = [str((here / layout).resolve()) for layout in LAYOUTS]
    local = PathFinder.find_spec(top, ours)
    with without(ours):
        installed = spec_of(top)
    if local is None or (installed and (local.origin is None or same(local, installed))):
        return ()
    place = Path((local.submodule_search_locations or [local.origin or ""])[0])
    if top in sys.stdlib_module_names:
        raise TargetError(
            f"{reference}: {place} has the name of one of Python's own modules; rename it"
        )
    if top in sys.modules and not same(local, sys.modules[top].__spec__):
        raise TargetError(
            f"{reference}: raceway itself uses an installed package named {top}; rename {place}"
        )
    return (Folder(str(place.parent), before_installed=installed is not None),)


def spec_of(top: str) -> ModuleSpec | None:
    """Return the spec of a top-level module, imported or not; None if there is none."""
    specs = (finder.find_spec(top, None) for finder in sys.meta_path)
    return next((spec for spec in specs if spec), None)


def same(a: ModuleSpec, b: ModuleSpec | None) -> bool:
    """Whether two specs are of one file."""
    if b is None or not a.origin or not b.origin:
        return False
    return Path(a.origin).resolve() == Path(b.origin).resolve()


@contextmanager
def without(folders: list[str]) -> Iterator[None]:
    """Leave folders out of the path for a while, and the current one."""
    before = sys.path.copy()
    sys.path[:] = [each for each in before if each and str(Path(each).resolve()) not in folders]
    try:
        yield
    finally:
        sys.path[:] = before


def imported(name: str, reference: str, folders: Iterable[Folder]) -> ModuleType:
    """Import a module with folders on the path; TargetError if that fails."""
    before = sys.path.copy()
    for folder in folders:
        place = place_of_installed(sys.path) if folder.before_installed else len(sys.path)
        sys.path.insert(place, folder.path)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise TargetError(f"{reference}: {absent(error.name)}") from None
        raise TargetError(f"{reference}: {name} cannot be imported ({reason(error)})") from error
    except (Exception, SystemExit) as error:
        raise TargetError(
            f"{reference}: {name} cannot be imported ({reason(error)}); fix it"
        ) from error
    finally:
        sys.path[:] = before


def absent(missing: str) -> str:
    """Return that a module does not exist, where was looked, and what there is instead."""
    package, _, last = missing.rpartition(".")
    if not package:
        return f"no module {missing} here, in src, or installed; {FORM}"
    places = getattr(sys.modules.get(package), "__path__", None)
    if places is None:
        return f"{package} is a module, not a package: it holds no {last}; {FORM}"
    known = [each.name for each in pkgutil.iter_modules(places)]
    return f"{package} has no module {last}" + meant(last, known, f"{package}.")


def followed(module: ModuleType, names: list[str], reference: str) -> tuple[Any, Any]:
    """Return what holds the last of the names, and what it names; TargetError if nothing does."""
    owner: Any = module
    value: Any = module
    for number, name in enumerate(names):
        owner = value
        try:
            value = getattr(owner, name)
        except AttributeError:
            where = ".".join([module.__name__, *names[:number]])
            known = [each for each in dir(owner) if callable(getattr(owner, each, None))]
            raise TargetError(f"{reference}: {where} has no {name}{meant(name, known)}") from None
    return owner, value


def meant(name: str, known: list[str], before: str = "") -> str:
    """Return a question for the closest of the names known, if any is close."""
    close = get_close_matches(name, known, 1)
    return f"; did you mean {before}{close[0]}?" if close else f"; {FORM}"


def is_method(owner: Any, name: str) -> bool:
    """Whether a class holds a function that is called on its instances."""
    return isinstance(owner, type) and isinstance(inspect.getattr_static(owner, name), FunctionType)


def made(owner: Any, reference: str) -> Any:
    """Return an instance of a class; TargetError if it cannot be made without arguments."""
    try:
        return owner()
    except Exception as error:
        raise TargetError(
            f"{reference}: {owner.__name__}() fails ({reason(error)}); keep an instance in the"
            " module, and name its method"
        ) from error


def source_file(value: Any, module: str) -> str:
    """Return the file that defines an object, else that of the module it was found in."""
    try:
        return inspect.getsourcefile(inspect.unwrap(value)) or file_of(module)
    except TypeError:
        return file_of(module)
